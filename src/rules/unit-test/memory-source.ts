import { isCounterReset } from '../../model/histogram-compare.ts';
import type { FloatHistogram } from '../../model/histogram.ts';
import { labelsKey, labelValue, type Labels } from '../../model/labels.ts';
import type { MetricBatch } from '../../model/metric-batch.ts';
import { STALE_NAN_BITS } from '../../model/metric.ts';
import type { Matcher, SeriesSamples, SeriesSource } from '../../model/series-source.ts';

/** What a series has at a time: a float, a histogram or the mark of its end. */
export type SeriesValue = number | FloatHistogram | 'stale';

interface Column {
  readonly ref: number;
  readonly labels: Labels;
  length: number;
  timestamps: Float64Array;
  values: Float64Array;
  bits: Uint32Array;
  histograms: (FloatHistogram | undefined)[];
  hasHistograms: boolean;
}

/** A small store in memory for tests of rules: samples of a series are appended in the order of their times, others are ignored. */
export class MemorySource implements SeriesSource {
  readonly #series = new Map<string, Column>();

  add(labels: Labels, timeMs: number, value: SeriesValue): void {
    const at = this.#next(labels, timeMs);
    if (!at) return;
    const { column, i } = at;
    if (value === 'stale') setBits(column, i, STALE_NAN_BITS.high, STALE_NAN_BITS.low);
    else if (typeof value === 'number') column.values[i] = value;
    else {
      column.hasHistograms = true;
      column.histograms[i] = withKnownReset(value, column.histograms[i - 1]);
    }
  }

  append(batch: MetricBatch): void {
    const bits = new Uint32Array(batch.values.buffer, batch.values.byteOffset, batch.values.length * 2);
    batch.series.forEach((labels, s) => {
      for (let i = batch.offsets[s]!; i < batch.offsets[s + 1]!; i++) {
        const at = this.#next(labels, batch.timestampsMs[i]!);
        if (at) setBits(at.column, at.i, bits[2 * i + 1]!, bits[2 * i]!);
      }
    });
    for (const { seriesIndex, timestampMs, histogram } of batch.histograms) this.add(batch.series[seriesIndex]!, timestampMs, histogram);
  }

  select(matchers: readonly Matcher[], minMs: number, maxMs: number): readonly SeriesSamples[] {
    const found: SeriesSamples[] = [];
    for (const column of this.#series.values()) {
      if (!matchers.every((matcher) => matcher.matches(labelValue(column.labels, matcher.name)))) continue;
      const from = firstAtOrAfter(column, minMs);
      const to = firstAtOrAfter(column, maxMs + 1);
      if (from === to) continue;
      found.push({
        ref: column.ref, labels: column.labels, length: to - from,
        timestamps: column.timestamps.subarray(from, to), values: column.values.subarray(from, to), bits: column.bits.subarray(2 * from, 2 * to),
        histograms: column.hasHistograms ? Array.from({ length: to - from }, (_, i) => column.histograms[from + i]) : undefined,
      });
    }
    return found;
  }

  #next(labels: Labels, timeMs: number): { readonly column: Column; readonly i: number } | undefined {
    const key = labelsKey(labels);
    let column = this.#series.get(key);
    if (!column) {
      const values = new Float64Array(16);
      column = { ref: this.#series.size, labels, length: 0, timestamps: new Float64Array(16), values, bits: new Uint32Array(values.buffer), histograms: [], hasHistograms: false };
      this.#series.set(key, column);
    }
    const i = column.length;
    if (i > 0 && column.timestamps[i - 1]! >= timeMs) return undefined;
    if (i === column.values.length) grow(column);
    column.length++;
    column.timestamps[i] = timeMs;
    return { column, i };
  }
}

function grow(column: Column): void {
  const timestamps = new Float64Array(2 * column.length);
  timestamps.set(column.timestamps);
  const values = new Float64Array(2 * column.length);
  const bits = new Uint32Array(values.buffer);
  // As words, so that stale markers stay what they are.
  bits.set(column.bits);
  column.timestamps = timestamps;
  column.values = values;
  column.bits = bits;
}

function setBits(column: Column, i: number, high: number, low: number): void {
  column.bits[2 * i] = low;
  column.bits[2 * i + 1] = high;
}

/** A store tells of each histogram whether it goes on from the one before. */
function withKnownReset(histogram: FloatHistogram, previous: FloatHistogram | undefined): FloatHistogram {
  if (!previous || histogram.counterReset === 'gauge') return histogram;
  return { ...histogram, counterReset: isCounterReset(histogram, previous) ? 'reset' : 'not_reset' };
}

function firstAtOrAfter({ timestamps, length }: Column, timeMs: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timestamps[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
