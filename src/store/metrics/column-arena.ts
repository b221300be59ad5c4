import type { FloatHistogram } from '../../model/histogram.ts';
import type { Column } from './encoding/column.ts';

const FIRST_SAMPLES = 1 << 10;
const LARGEST_SAMPLES = 1 << 16;

/**
 * Columns for one read, cut from a few large pieces of memory: a query that decodes thousands of series would spend most of its
 * time on getting and giving back two buffers for each. A piece lives as long as any column in it.
 */
export class ColumnArena {
  #nextSamples = FIRST_SAMPLES;
  #times = new Float64Array(0);
  #values = new Float64Array(0);
  #bits = new Uint32Array(0);
  #used = 0;

  /** A zeroed column of `length` float samples. */
  create(length: number, hasHistograms: boolean): Column {
    if (this.#used + length > this.#times.length) this.#begin(length);
    const from = this.#used;
    this.#used += length;
    return {
      times: this.#times.subarray(from, this.#used),
      values: this.#values.subarray(from, this.#used),
      bits: this.#bits.subarray(2 * from, 2 * this.#used),
      histograms: hasHistograms ? new Array<FloatHistogram | undefined>(length).fill(undefined) : undefined,
      length,
    };
  }

  #begin(needed: number): void {
    this.#times = new Float64Array(Math.max(needed, this.#nextSamples));
    this.#values = new Float64Array(this.#times.length);
    this.#bits = new Uint32Array(this.#values.buffer);
    this.#used = 0;
    this.#nextSamples = Math.min(LARGEST_SAMPLES, 4 * this.#nextSamples);
  }
}
