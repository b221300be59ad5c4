import type { FloatHistogram } from '../../model/histogram.ts';
import type { MetricBatch } from '../../model/metric-batch.ts';
import type { BlockTable } from './block-table.ts';
import type { ColumnMemory } from './column-memory.ts';
import { isSameHistogram } from './encoding/histogram-codec.ts';
import { FindCache, findSample } from './find-sample.ts';
import { OutOfOrder } from './out-of-order.ts';
import { withoutPredecessor } from './reset-hint.ts';
import type { Series } from './series.ts';
import type { AppendResult, RejectionReason } from './store-types.ts';

/** Puts samples into memory and keeps count of what became of them. */
export class Appender {
  readonly #blocks: BlockTable;
  readonly #memory: ColumnMemory;
  readonly #findCache = new FindCache();
  /** Of the batch in hand. */
  #rejected = new Map<RejectionReason, number>();
  appendedTotal = 0;
  outOfOrderTotal = 0;
  repeatedTotal = 0;
  /** Samples in memory that no block holds yet. */
  pendingSamples = 0;
  rejectedTotal: Record<RejectionReason, number> = noRejections();

  constructor(blocks: BlockTable, memory: ColumnMemory) {
    this.#blocks = blocks;
    this.#memory = memory;
  }

  /** Applies a batch whose series are `targets`; samples before `oldestMs` are refused. */
  apply(batch: MetricBatch, targets: readonly Series[], oldestMs: number): AppendResult {
    const { offsets, timestampsMs, values } = batch;
    const bits = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    const memory = this.#memory;
    const count = targets.length;
    let newest = 0;
    let at = 0;
    for (let i = 0; i < count; i++) {
      const series = targets[i]!;
      for (const end = offsets[i + 1]!; at < end; at++) {
        const timeMs = timestampsMs[at]!;
        if (timeMs > series.maxMs && timeMs >= oldestMs) {
          series.push(timeMs, bits[2 * at + 1]!, bits[2 * at]!, memory);
          newest++;
        } else this.float(series, timeMs, bits[2 * at + 1]!, bits[2 * at]!, oldestMs);
      }
    }
    this.pendingSamples += newest;
    this.appendedTotal += newest;
    for (const { seriesIndex, timestampMs, histogram } of batch.histograms) this.histogram(targets[seriesIndex]!, timestampMs, histogram, oldestMs);
    return this.#takeResult(at + batch.histograms.length);
  }

  /** One float sample of any age. */
  float(series: Series, timeMs: number, high: number, low: number, oldestMs: number): void {
    if (timeMs < oldestMs) this.reject('too_old', 1);
    else if (timeMs > series.maxMs) {
      series.push(timeMs, high, low, this.#memory);
      this.#count();
    } else if (!this.#isStored(series, timeMs, high, low, undefined)) this.#insert(series, timeMs, high, low, undefined);
  }

  /** One histogram sample of any age. */
  histogram(series: Series, timeMs: number, histogram: FloatHistogram, oldestMs: number): void {
    if (timeMs < oldestMs) this.reject('too_old', 1);
    else if (timeMs > series.maxMs) {
      series.pushHistogram(timeMs, histogram, this.#memory);
      this.#count();
    } else if (!this.#isStored(series, timeMs, 0, 0, histogram)) this.#insert(series, timeMs, 0, 0, histogram);
  }

  reject(reason: RejectionReason, count: number): void {
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + count);
    this.rejectedTotal[reason] += count;
  }

  /** Forgets all counts: what was read back from the journal was counted when it came. */
  resetTotals(): void {
    this.#rejected = new Map();
    this.rejectedTotal = noRejections();
    this.appendedTotal = 0;
    this.outOfOrderTotal = 0;
    this.repeatedTotal = 0;
  }

  #count(): void {
    this.pendingSamples++;
    this.appendedTotal++;
  }

  #insert(series: Series, timeMs: number, high: number, low: number, histogram: FloatHistogram | undefined): void {
    series.outOfOrder ??= new OutOfOrder();
    series.outOfOrder.insert(timeMs, high, low, histogram && withoutPredecessor(histogram));
    if (timeMs < series.minMs) series.minMs = timeMs;
    this.outOfOrderTotal++;
    this.#count();
  }

  /** True when there is a sample at that time, the same one or another. */
  #isStored(series: Series, timeMs: number, high: number, low: number, histogram: FloatHistogram | undefined): boolean {
    const found = findSample(this.#blocks, this.#findCache, series, timeMs);
    if (found === undefined) return false;
    const stored = found.column.histograms?.[found.at];
    const isSame =
      stored === undefined || histogram === undefined
        ? stored === histogram && found.column.bits[2 * found.at] === low && found.column.bits[2 * found.at + 1] === high
        : isSameHistogram(stored, histogram);
    if (isSame) this.repeatedTotal++;
    else this.reject('duplicate_timestamp', 1);
    return true;
  }

  #takeResult(total: number): AppendResult {
    if (this.#rejected.size === 0) return { appended: total, rejected: [] };
    const rejected = [...this.#rejected].map(([reason, count]) => ({ reason, count }));
    this.#rejected = new Map();
    // Samples that never reached apply() are not part of its total.
    const refused = rejected.reduce((sum, { reason, count }) => (reason === 'too_old' || reason === 'duplicate_timestamp' ? sum + count : sum), 0);
    return { appended: total - refused, rejected };
  }
}

function noRejections(): Record<RejectionReason, number> {
  return { too_old: 0, duplicate_timestamp: 0, invalid_timestamp: 0, invalid_labels: 0, series_limit: 0 };
}
