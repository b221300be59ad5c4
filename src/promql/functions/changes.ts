import { equalHistograms, isCounterReset } from '../../model/histogram-compare.ts';
import { firstAfter } from '../eval/staleness.ts';
import { giveFloat, type RangeFunction, type RangeWindow } from './range-window.ts';
import { isStartTimeReset } from './start-times.ts';

/** Whether something happened between a sample and the one before it; positions of floats and histograms apart. */
interface Comparison {
  floats(window: RangeWindow, before: number, after: number): boolean;
  histograms(window: RangeWindow, before: number, after: number): boolean;
}

const changed: Comparison = {
  floats: ({ series: { v } }, before, after) => v[after] !== v[before] && !(Number.isNaN(v[after]) && Number.isNaN(v[before])),
  histograms: ({ series: { h } }, before, after) => !equalHistograms(h[after]!, h[before]!),
};

const reset: Comparison = {
  floats: ({ series: { v, t, startTimes: s } }, before, after) =>
    v[after]! < v[before]! || (s !== undefined && isStartTimeReset(s[before]!, t[before]!, s[after]!, t[after]!)),
  histograms: ({ series: { h, ht, histogramStartTimes: s }, isNewer }, before, after) =>
    (s !== undefined && isStartTimeReset(s[before]!, ht[before]!, s[after]!, ht[after]!)) || isCounterReset(h[after]!, h[before]!, isNewer),
};

/** Moves the window's starts to the anchor: the last sample at or before the range. False when nothing lies inside the range. */
function moveToAnchor(window: RangeWindow): boolean {
  if (window.extension !== 'anchored') return true;
  const { series } = window;
  const lastFloat = Math.max(window.lo, Math.min(window.hi, firstAfter(series.t, series.n, window.startMs))) - 1;
  const lastHistogram = Math.max(window.hlo, Math.min(window.hhi, firstAfter(series.ht, series.hn, window.startMs))) - 1;
  if (lastFloat + 1 >= window.hi && lastHistogram + 1 >= window.hhi) return false;
  const hasFloat = lastFloat >= window.lo;
  const hasHistogram = lastHistogram >= window.hlo;
  if (!hasFloat && !hasHistogram) return true;
  const isFloatAnchor = !hasHistogram || (hasFloat && series.t[lastFloat]! >= series.ht[lastHistogram]!);
  window.lo = isFloatAnchor ? lastFloat : lastFloat + 1;
  window.hlo = isFloatAnchor ? lastHistogram + 1 : lastHistogram;
  return true;
}

function count(window: RangeWindow, comparison: Comparison): void {
  const { lo, hlo } = window;
  const isThere = moveToAnchor(window);
  if (isThere) giveFloat(window, window.hlo === window.hhi ? countFloats(window, comparison) : countMixed(window, comparison));
  window.lo = lo;
  window.hlo = hlo;
}

function countFloats(window: RangeWindow, comparison: Comparison): number {
  let found = 0;
  for (let i = window.lo + 1; i < window.hi; i++) if (comparison.floats(window, i - 1, i)) found++;
  return found;
}

/** Goes through floats and histograms by time; every switch between the two counts. */
function countMixed(window: RangeWindow, comparison: Comparison): number {
  const { t, ht } = window.series;
  let found = 0;
  let f = window.lo;
  let h = window.hlo;
  let previous: 'float' | 'histogram' | undefined;
  while (f < window.hi || h < window.hhi) {
    const isFloat = h >= window.hhi || (f < window.hi && t[f]! < ht[h]!);
    const kind = isFloat ? 'float' : 'histogram';
    if (previous !== undefined && previous !== kind) found++;
    else if (previous !== undefined && (isFloat ? comparison.floats(window, f - 1, f) : comparison.histograms(window, h - 1, h))) found++;
    previous = kind;
    if (isFloat) f++;
    else h++;
  }
  return found;
}

/** The functions that compare neighbours. */
export const CHANGE_FUNCTIONS: Readonly<Record<string, RangeFunction>> = {
  changes: (window) => count(window, changed),
  resets: (window) => count(window, reset),
};
