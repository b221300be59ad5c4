import { ABSENT, FLOAT, type Row } from '../eval/block.ts';
import type { RangeSeries } from '../eval/range-series.ts';
import { areSameTimes } from '../eval/same-times.ts';
import { firstAfter } from '../eval/staleness.ts';
import type { RateKind } from './rate.ts';

/** The windows of a range selector: step `s` covers (starts[s], ends[s]], ms. */
export interface Windows {
  readonly count: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly windowMs: number;
}

/**
 * Computes `rate`, `increase` or `delta` of series of floats at every step: the same numbers as createRate gives, with
 * both ends of the window slid along, the resets of a series looked up once, and all that depends on the times alone
 * kept for the next series with the same times.
 */
export class RateFiller {
  readonly #windows: Windows;
  readonly #isCounter: boolean;
  /** 1 for functions that are not per second. */
  readonly #perSeconds: number;
  #times: Float64Array | undefined;
  #length = 0;
  #touched = 0;
  /** By step: the samples of the window at [lo, hi), and how it is extrapolated. Without two samples `factor` is 0. */
  readonly #lo: Int32Array;
  readonly #hi: Int32Array;
  readonly #factor: Float64Array;
  readonly #toStart: Float64Array;
  readonly #toEnd: Float64Array;
  readonly #sampled: Float64Array;
  readonly #present: Uint8Array;
  #resets = new Int32Array(64);

  constructor(windows: Windows, kind: RateKind) {
    this.#windows = windows;
    this.#isCounter = kind.isCounter;
    this.#perSeconds = kind.isRate ? windows.windowMs / 1000 : 1;
    this.#lo = new Int32Array(windows.count);
    this.#hi = new Int32Array(windows.count);
    this.#factor = new Float64Array(windows.count);
    this.#toStart = new Float64Array(windows.count);
    this.#toEnd = new Float64Array(windows.count);
    this.#sampled = new Float64Array(windows.count);
    this.#present = new Uint8Array(windows.count);
  }

  /** Fills a row; returns how many samples the windows had. */
  fill(series: RangeSeries, row: Row): number {
    const { t, v, n } = series;
    if (!this.#isLaidOutFor(t, n)) this.#layOut(t, n);
    const { count } = this.#windows;
    const lo = this.#lo;
    const hi = this.#hi;
    const factor = this.#factor;
    const sampled = this.#sampled;
    const toStart = this.#toStart;
    const { values } = row;
    row.present.set(this.#present);
    const isCounter = this.#isCounter;
    const resetCount = isCounter && count > 0 ? this.#findResets(v, lo[0]!, hi[count - 1]!) : 0;
    const resets = this.#resets;
    let reset = 0;
    for (let s = 0; s < count; s++) {
      const from = lo[s]!;
      const to = hi[s]!;
      if (to - from < 2) continue;
      const first = v[from]!;
      let increase = v[to - 1]! - first;
      if (resetCount > 0) {
        while (reset < resetCount && resets[reset]! <= from) reset++;
        for (let r = reset; r < resetCount && resets[r]! < to; r++) increase += v[resets[r]! - 1]!;
      }
      // A counter is not extrapolated to before it was zero; the products tell without a division that it would not be.
      if (isCounter && increase > 0 && first >= 0 && sampled[s]! * first < toStart[s]! * increase * 1.001) {
        values[s] = increase * this.#clippedFactor(s, first, increase);
      } else values[s] = increase * factor[s]!;
    }
    return this.#touched;
  }

  #isLaidOutFor(t: Float64Array, n: number): boolean {
    const times = this.#times;
    if (times === undefined || n !== this.#length) return false;
    const { count } = this.#windows;
    if (t === times) return true;
    if (count * 4 >= n) return areSameTimes(t, times, n, count);
    // For few windows it is enough that the times at both sides of their bounds are the same.
    for (let s = 0; s < count; s++) {
      const lo = this.#lo[s]!;
      const hi = this.#hi[s]!;
      if (lo >= hi || t[lo] !== times[lo] || t[hi - 1] !== times[hi - 1]) return false;
      if ((lo > 0 && t[lo - 1] !== times[lo - 1]) || (hi < n && t[hi] !== times[hi])) return false;
    }
    return true;
  }

  /** Works out which samples each window has, and how it is extrapolated. */
  #layOut(t: Float64Array, n: number): void {
    const { count, starts, ends } = this.#windows;
    let lo = firstAfter(t, n, starts[0]!);
    let hi = firstAfter(t, n, ends[0]!);
    let touched = 0;
    for (let s = 0; s < count; s++) {
      const start = starts[s]!;
      const end = ends[s]!;
      while (lo < n && t[lo]! <= start) lo++;
      while (hi < n && t[hi]! <= end) hi++;
      this.#lo[s] = lo;
      this.#hi[s] = Math.max(lo, hi);
      const samples = hi - lo;
      touched += Math.max(0, samples);
      this.#present[s] = samples < 2 ? ABSENT : FLOAT;
      if (samples < 2) continue;
      const sampled = (t[hi - 1]! - t[lo]!) / 1000;
      const average = sampled / (samples - 1);
      const threshold = average * 1.1;
      let toStart = (t[lo]! - start) / 1000;
      let toEnd = (end - t[hi - 1]!) / 1000;
      if (toStart >= threshold) toStart = average / 2;
      if (toEnd >= threshold) toEnd = average / 2;
      this.#sampled[s] = sampled;
      this.#toStart[s] = toStart;
      this.#toEnd[s] = toEnd;
      this.#factor[s] = (sampled === 0 ? 1 : (sampled + toStart + toEnd) / sampled) / this.#perSeconds;
    }
    this.#times = t;
    this.#length = n;
    this.#touched = touched;
  }

  /** The factor when the range to the left may reach no further than to where the counter was zero. */
  #clippedFactor(s: number, first: number, increase: number): number {
    const sampled = this.#sampled[s]!;
    const toZero = sampled * (first / increase);
    const toStart = Math.min(toZero, this.#toStart[s]!);
    return (sampled === 0 ? 1 : (sampled + toStart + this.#toEnd[s]!) / sampled) / this.#perSeconds;
  }

  /** Finds where the counter falls in [from, to) and returns how often. */
  #findResets(v: Float64Array, from: number, to: number): number {
    let count = 0;
    let previous = from < to ? v[from]! : 0;
    for (let i = from + 1; i < to; i++) {
      const value = v[i]!;
      if (value < previous) {
        if (count === this.#resets.length) {
          const larger = new Int32Array(count * 2);
          larger.set(this.#resets);
          this.#resets = larger;
        }
        this.#resets[count++] = i;
      }
      previous = value;
    }
    return count;
  }
}
