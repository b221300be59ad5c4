import { ABSENT, FLOAT, type Row } from '../eval/block.ts';
import type { RangeSeries } from '../eval/range-series.ts';
import { firstAfter } from '../eval/staleness.ts';
import type { RateKind } from './rate.ts';

/** The windows of a range selector: step `s` covers (starts[s], ends[s]], ms. */
export interface Windows {
  readonly count: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly windowMs: number;
}

let resetPositions = new Int32Array(64);

/** Finds where the counter falls in [from, to); keeps the positions for the caller and returns their number. */
function findResets(v: Float64Array, from: number, to: number): number {
  let count = 0;
  let previous = v[from]!;
  for (let i = from + 1; i < to; i++) {
    const value = v[i]!;
    if (value < previous) {
      if (count === resetPositions.length) {
        const larger = new Int32Array(count * 2);
        larger.set(resetPositions);
        resetPositions = larger;
      }
      resetPositions[count++] = i;
    }
    previous = value;
  }
  return count;
}

/**
 * `rate`, `increase` or `delta` of a series of floats at every step, into a row: the same numbers as createRate gives,
 * with both ends of the window slid along and the resets looked up once. Returns how many samples the windows had.
 */
export function fillRates(series: RangeSeries, windows: Windows, kind: RateKind, row: Row): number {
  const { t, v, n } = series;
  const { count, starts, ends } = windows;
  const { values, present } = row;
  const seconds = windows.windowMs / 1000;
  let lo = firstAfter(t, n, starts[0]!);
  let hi = lo;
  let touched = 0;
  const last = count > 1 ? firstAfter(t, n, ends[count - 1]!) : n;
  const resets = kind.isCounter && lo < n ? findResets(v, lo, last) : 0;
  let reset = 0;
  // What the window before had, since evenly spaced samples have the same distances at every step: times in ms.
  let gapBefore = -1;
  let gapAfter = -1;
  let spanMs = -1;
  let size = 0;
  let toStart = 0;
  let toEnd = 0;
  let sampled = 0;
  let factor = 0;
  for (let s = 0; s < count; s++) {
    const start = starts[s]!;
    const end = ends[s]!;
    while (lo < n && t[lo]! <= start) lo++;
    if (hi < lo) hi = lo;
    while (hi < n && t[hi]! <= end) hi++;
    const samples = hi - lo;
    touched += samples;
    if (samples < 2) {
      present[s] = ABSENT;
      continue;
    }
    const first = v[lo]!;
    let increase = v[hi - 1]! - first;
    if (resets > 0) {
      while (reset < resets && resetPositions[reset]! <= lo) reset++;
      for (let r = reset; r < resets && resetPositions[r]! < hi; r++) increase += v[resetPositions[r]! - 1]!;
    }
    const firstTime = t[lo]!;
    const lastTime = t[hi - 1]!;
    if (firstTime - start !== gapBefore || end - lastTime !== gapAfter || lastTime - firstTime !== spanMs || samples !== size) {
      gapBefore = firstTime - start;
      gapAfter = end - lastTime;
      spanMs = lastTime - firstTime;
      size = samples;
      toStart = gapBefore / 1000;
      toEnd = gapAfter / 1000;
      sampled = spanMs / 1000;
      const average = sampled / (samples - 1);
      const threshold = average * 1.1;
      if (toStart >= threshold) toStart = average / 2;
      if (toEnd >= threshold) toEnd = average / 2;
      factor = sampled === 0 ? 1 : (sampled + toStart + toEnd) / sampled;
      if (kind.isRate) factor /= seconds;
    }
    // A counter is not extrapolated to before it was zero; the product tells without a division that it would not be.
    if (kind.isCounter && increase > 0 && first >= 0 && sampled * first < toStart * increase * 1.001) {
      values[s] = increase * clippedFactor(sampled, toStart, toEnd, first, increase, kind.isRate ? seconds : 1);
    } else values[s] = increase * factor;
    present[s] = FLOAT;
  }
  return touched;
}

/** The extrapolation factor when the range to the left may reach no further than to where the counter was zero. */
function clippedFactor(sampled: number, toStart: number, toEnd: number, first: number, increase: number, seconds: number): number {
  const toZero = sampled * (first / increase);
  const clipped = toZero < toStart ? toZero : toStart;
  const factor = sampled === 0 ? 1 : (sampled + clipped + toEnd) / sampled;
  return seconds === 1 ? factor : factor / seconds;
}
