import type { FloatHistogram } from '../../model/histogram.ts';
import type { Labels } from '../../model/labels.ts';
import type { Block } from './block.ts';
import type { Column } from './encoding/column.ts';
import type { OutOfOrder } from './out-of-order.ts';
import { storedHint, withStoredHint } from './reset-hint.ts';

const FIRST_CAPACITY = 16;
const SECOND_CAPACITY = 64;
const BYTES_PER_SAMPLE = 16;
/** In the upper word of a float; all ones in NaNs and infinities only. */
const EXPONENT = 0x7ff00000;
const NO_TIMES = new Float64Array(0);
const NO_BITS = new Uint32Array(NO_TIMES.buffer);

/** Counts the bytes of all columns, so that the store can keep to its budget. */
export interface ColumnMeter {
  columnBytes: number;
}

/**
 * One series in memory: its newest in-order samples as a {@link Column}, and where its older ones are on disk.
 * Invariants: samples `[0, persisted)` of the column are in blocks as well; while a flush runs, `[persisted, cut)` is being
 * written; the column starts at a chunk boundary; indexes below `length` never change, so handed-out views stay valid.
 */
export class Series implements Column {
  /** Dense number in this process, ascending with age. */
  readonly slot: number;
  /** The number in the file; never reused. */
  readonly ref: number;
  readonly labels: Labels;
  readonly key: string;

  times: Float64Array<ArrayBuffer> = NO_TIMES;
  values: Float64Array<ArrayBuffer> = NO_TIMES;
  bits: Uint32Array<ArrayBuffer> = NO_BITS;
  histograms: (FloatHistogram | undefined)[] | undefined;
  length = 0;
  /** Whether the column may have a NaN (or an infinity) among its values; when not, queries need not look for stale markers. */
  mayBeStale = false;
  persisted = 0;
  cut = 0;

  /** The newest in-order time; later samples are appended, others go to {@link outOfOrder}. */
  maxMs = -Infinity;
  /** The oldest time of any sample. */
  minMs = Infinity;
  outOfOrder: OutOfOrder | undefined;
  /** The out-of-order samples that a running flush writes. */
  outOfOrderCut: OutOfOrder | undefined;

  readonly chunkBlocks: Block[] = [];
  readonly chunkEntries: number[] = [];
  /** Chunks with out-of-order samples; they may overlap others. */
  outOfOrderChunks = 0;
  /** The first so many chunks of the list are in the column as far as they are not older than it, out-of-order ones as well. */
  absorbedChunks = 0;
  /** The column from index `viewFrom` on, kept for the next query of the same range; undefined after the arrays moved. */
  view: Pick<Column, 'times' | 'values' | 'bits'> | undefined;
  viewFrom = 0;
  /** Set by a query, cleared by the memory sweep: a second chance for what is being looked at. */
  wasRead = false;

  constructor(slot: number, ref: number, labels: Labels, key: string) {
    this.slot = slot;
    this.ref = ref;
    this.labels = labels;
    this.key = key;
  }

  /** Appends a sample newer than all before, given as IEEE 754 words. */
  push(timeMs: number, high: number, low: number, meter: ColumnMeter): void {
    const i = this.length;
    if (i === this.times.length) this.#resize(0, i < FIRST_CAPACITY ? FIRST_CAPACITY : i < SECOND_CAPACITY ? SECOND_CAPACITY : 2 * i, meter);
    this.times[i] = timeMs;
    this.bits[2 * i] = low;
    this.bits[2 * i + 1] = high;
    if ((high & EXPONENT) === EXPONENT) this.mayBeStale = true;
    this.length = i + 1;
    this.maxMs = timeMs;
    if (timeMs < this.minMs) this.minMs = timeMs;
  }

  /** Makes room for `count` more samples, so that they are not moved on the way. */
  reserve(count: number, meter: ColumnMeter): void {
    const needed = this.length + count;
    if (needed > this.times.length) this.#resize(0, needed + (needed >> 2), meter);
  }

  /** Appends a histogram newer than all samples before. */
  pushHistogram(timeMs: number, histogram: FloatHistogram, meter: ColumnMeter): void {
    const i = this.length;
    this.push(timeMs, 0, 0, meter);
    this.histograms ??= [];
    while (this.histograms.length < i) this.histograms.push(undefined);
    this.histograms[i] = withStoredHint(histogram, storedHint(histogram, this.histograms[i - 1]));
  }

  /** The arrays from index `from` on, without copying. */
  viewOf(from: number): Pick<Column, 'times' | 'values' | 'bits'> {
    if (this.view === undefined || this.viewFrom !== from) {
      this.view = { times: this.times.subarray(from), values: this.values.subarray(from), bits: this.bits.subarray(2 * from) };
      this.viewFrom = from;
    }
    return this.view;
  }

  /** Drops from memory what blocks hold as well; false when there is nothing of that. */
  trim(meter: ColumnMeter): boolean {
    const from = this.persisted;
    if (from === 0) return false;
    const kept = this.length - from;
    this.#resize(from, kept === 0 ? 0 : Math.max(FIRST_CAPACITY, kept + (kept >> 1)), meter);
    return true;
  }

  /** Puts samples that blocks hold before the column, so that the next query finds them in memory. */
  prepend(older: Column, meter: ColumnMeter): void {
    const count = older.length;
    const total = count + this.length;
    const times = new Float64Array(total + (this.length === 0 ? 0 : FIRST_CAPACITY));
    const values = new Float64Array(times.length);
    const bits = new Uint32Array(values.buffer);
    times.set(older.times.subarray(0, count));
    times.set(this.times.subarray(0, this.length), count);
    bits.set(older.bits.subarray(0, 2 * count));
    bits.set(this.bits.subarray(0, 2 * this.length), 2 * count);
    if (older.histograms !== undefined || this.histograms !== undefined) {
      const histograms = new Array<FloatHistogram | undefined>(total).fill(undefined);
      older.histograms?.forEach((histogram, i) => (histograms[i] = histogram));
      this.histograms?.forEach((histogram, i) => (histograms[count + i] = histogram));
      this.histograms = histograms;
    }
    meter.columnBytes += (times.length - this.times.length) * BYTES_PER_SAMPLE;
    this.times = times;
    this.values = values;
    this.bits = bits;
    this.view = undefined;
    for (let i = 0; i < count && !this.mayBeStale; i++) this.mayBeStale = (bits[2 * i + 1]! & EXPONENT) === EXPONENT;
    this.length = total;
    this.persisted += count;
    if (this.cut > 0) this.cut += count;
  }

  /** Merges floats into a column of floats; all are newer than what blocks hold. No flush may be between its beginning and its end. */
  mergeIn(late: Column, meter: ColumnMeter): void {
    const { persisted, length } = this;
    const total = length + late.length;
    const times = new Float64Array(total + FIRST_CAPACITY);
    const values = new Float64Array(times.length);
    const bits = new Uint32Array(values.buffer);
    times.set(this.times.subarray(0, persisted));
    bits.set(this.bits.subarray(0, 2 * persisted));
    let own = persisted;
    let other = 0;
    for (let i = persisted; i < total; i++) {
      const isLate = other < late.length && (own === length || late.times[other]! < this.times[own]!);
      const from: Column = isLate ? late : this;
      const at = isLate ? other++ : own++;
      times[i] = from.times[at]!;
      bits[2 * i] = from.bits[2 * at]!;
      bits[2 * i + 1] = from.bits[2 * at + 1]!;
      if ((bits[2 * i + 1]! & EXPONENT) === EXPONENT) this.mayBeStale = true;
    }
    meter.columnBytes += (times.length - this.times.length) * BYTES_PER_SAMPLE;
    this.times = times;
    this.values = values;
    this.bits = bits;
    this.view = undefined;
    this.length = total;
  }

  /**
   * Puts `older`, all samples of all chunks of the series, in the place of what the column has of them. Samples that only
   * memory has stay at the end; the caller has checked that `older` is older than those.
   */
  absorb(older: Column, meter: ColumnMeter): void {
    this.trim(meter);
    this.prepend(older, meter);
    this.absorbedChunks = this.chunkBlocks.length;
  }

  /** Moves `[from, length)` into new arrays; the old ones stay as they are for whoever reads them. */
  #resize(from: number, capacity: number, meter: ColumnMeter): void {
    const times = new Float64Array(capacity);
    const values = new Float64Array(capacity);
    const bits = new Uint32Array(values.buffer);
    times.set(this.times.subarray(from, this.length));
    bits.set(this.bits.subarray(2 * from, 2 * this.length));
    meter.columnBytes += (capacity - this.times.length) * BYTES_PER_SAMPLE;
    this.times = times;
    this.values = values;
    this.bits = bits;
    this.view = undefined;
    if (from === 0) return;
    this.absorbedChunks = 0;
    this.length -= from;
    this.persisted -= from;
    this.cut = Math.max(0, this.cut - from);
    const histograms = this.histograms?.slice(from);
    this.histograms = histograms?.some((histogram) => histogram !== undefined) === true ? histograms : undefined;
  }
}
