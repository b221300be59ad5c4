import { annotate } from '../annotations.ts';
import { isInfinite, KahanSum } from '../kahan.ts';
import { quantileOf } from '../quantile.ts';
import { averageHistogram, sumHistograms } from './over-time-histogram.ts';
import {
  floatCount, giveFloat, giveHistogram, histogramCount, metricName, type RangeFunction, type RangeWindow,
} from './range-window.ts';

const kahan = new KahanSum();
let scratch = new Float64Array(256);

/** The window's floats, copied. */
function copyFloats(window: RangeWindow): Float64Array {
  const count = floatCount(window);
  if (scratch.length < count) scratch = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) scratch[i] = window.series.v[window.lo + i]!;
  return scratch;
}

/** True when there are floats to work on; says so when histograms among them are ignored. */
function hasFloats(window: RangeWindow): boolean {
  if (floatCount(window) === 0) return false;
  if (histogramCount(window) > 0) window.annotate(annotate.histogramIgnoredInRange(metricName(window), window.position));
  return true;
}

/** True, with a warning, when the window has floats and histograms. */
function isMixed(window: RangeWindow): boolean {
  if (floatCount(window) === 0 || histogramCount(window) === 0) return false;
  window.annotate(annotate.mixedFloatsHistograms(metricName(window), window.position));
  return true;
}

function sumOverTime(window: RangeWindow): void {
  if (isMixed(window)) return;
  if (floatCount(window) === 0) {
    sumHistograms(window);
    return;
  }
  const { v } = window.series;
  // Neumaier's compensated summation (prometheus/util/kahansum), written out for speed here and below.
  let sum = 0;
  let error = 0;
  for (let i = window.lo; i < window.hi; i++) {
    const value = v[i]!;
    const total = sum + value;
    if (total > Number.MAX_VALUE || total < -Number.MAX_VALUE) error = 0;
    else error += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    sum = total;
  }
  giveFloat(window, isInfinite(sum) ? sum : sum + error);
}

/** The mean of a sum as long as the sum is finite, then of running means (prometheus/promql: funcAvgOverTime). */
function averageOverTime(window: RangeWindow): void {
  if (isMixed(window)) return;
  if (floatCount(window) === 0) {
    averageHistogram(window);
    return;
  }
  const { v } = window.series;
  const { lo, hi } = window;
  let sum = v[lo]!;
  let error = 0;
  for (let i = lo + 1; i < hi; i++) {
    const value = v[i]!;
    const total = sum + value;
    if (total > Number.MAX_VALUE || total < -Number.MAX_VALUE) {
      giveFloat(window, runningMean(v, i, hi, i - lo, sum, error));
      return;
    }
    error += Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum;
    sum = total;
  }
  const count = hi - lo;
  giveFloat(window, sum / count + error / count);
}

/** The mean of `counted` values with this sum, and of those at [from, to), without ever summing them all. */
function runningMean(v: Float64Array, from: number, to: number, counted: number, sum: number, error: number): number {
  kahan.sum = sum / counted;
  kahan.compensation = error / counted;
  let count = counted;
  for (let i = from; i < to; i++) {
    count++;
    const share = (count - 1) / count;
    kahan.sum *= share;
    kahan.compensation *= share;
    kahan.add(v[i]! / count);
  }
  return kahan.value;
}

function countOverTime(window: RangeWindow): void {
  giveFloat(window, floatCount(window) + histogramCount(window));
}

function maxOverTime(window: RangeWindow): void {
  if (!hasFloats(window)) return;
  const { v } = window.series;
  let max = v[window.lo]!;
  for (let i = window.lo + 1; i < window.hi; i++) if (v[i]! > max || max !== max) max = v[i]!;
  giveFloat(window, max);
}

function minOverTime(window: RangeWindow): void {
  if (!hasFloats(window)) return;
  const { v } = window.series;
  let min = v[window.lo]!;
  for (let i = window.lo + 1; i < window.hi; i++) if (v[i]! < min || min !== min) min = v[i]!;
  giveFloat(window, min);
}

/** The time of the last largest (`sign` 1) or smallest (-1) float. */
function timeOfExtreme(sign: 1 | -1): RangeFunction {
  return (window) => {
    if (!hasFloats(window)) return;
    const { t, v } = window.series;
    let best = v[window.lo]!;
    let at = t[window.lo]!;
    for (let i = window.lo; i < window.hi; i++) {
      if (sign * v[i]! >= sign * best || best !== best) {
        best = v[i]!;
        at = t[i]!;
      }
    }
    giveFloat(window, at / 1000);
  };
}

function firstOrLast(window: RangeWindow, isFirst: boolean): void {
  const { series } = window;
  const f = isFirst ? window.lo : window.hi - 1;
  const h = isFirst ? window.hlo : window.hhi - 1;
  const isFloat = floatCount(window) > 0
    && (histogramCount(window) === 0 || (isFirst ? series.t[f]! < series.ht[h]! : series.t[f]! > series.ht[h]!));
  if (isFloat) giveFloat(window, series.v[f]!);
  else giveHistogram(window, series.h[h]!);
}

function timeOfFirst(window: RangeWindow): void {
  const { series } = window;
  const f = floatCount(window) > 0 ? series.t[window.lo]! : Infinity;
  const h = histogramCount(window) > 0 ? series.ht[window.hlo]! : Infinity;
  giveFloat(window, Math.min(f, h) / 1000);
}

function timeOfLast(window: RangeWindow): void {
  const { series } = window;
  const f = floatCount(window) > 0 ? series.t[window.hi - 1]! : -Infinity;
  const h = histogramCount(window) > 0 ? series.ht[window.hhi - 1]! : -Infinity;
  giveFloat(window, Math.max(f, h) / 1000);
}

function quantileOverTime(window: RangeWindow): void {
  if (floatCount(window) === 0) return;
  const quantile = window.scalars[0]!;
  if (!(quantile >= 0 && quantile <= 1)) window.annotate(annotate.invalidQuantile(quantile, window.argumentPosition));
  if (histogramCount(window) > 0) window.annotate(annotate.histogramIgnoredInRange(metricName(window), window.argumentPosition));
  giveFloat(window, quantileOf(quantile, copyFloats(window), floatCount(window)));
}

/** The median of the distances from the median. */
function medianDeviation(window: RangeWindow): void {
  if (!hasFloats(window)) return;
  const count = floatCount(window);
  const values = copyFloats(window);
  for (let i = 0; i < count; i++) {
    if (Number.isNaN(values[i])) {
      giveFloat(window, NaN);
      return;
    }
  }
  const median = quantileOf(0.5, values, count);
  for (let i = 0; i < count; i++) values[i] = Math.abs(values[i]! - median);
  giveFloat(window, quantileOf(0.5, values, count));
}

/** The population variance by Welford's method with compensated sums. */
function variance(window: RangeWindow): number {
  const { v } = window.series;
  let mean = 0;
  let meanError = 0;
  let squares = 0;
  let squaresError = 0;
  let count = 0;
  for (let i = window.lo; i < window.hi; i++) {
    const value = v[i]!;
    count++;
    const delta = value - (mean + meanError);
    const increment = delta / count;
    const total = mean + increment;
    if (isInfinite(total)) meanError = 0;
    else meanError += Math.abs(mean) >= Math.abs(increment) ? mean - total + increment : increment - total + mean;
    mean = total;
    const square = delta * (value - (mean + meanError));
    const totalSquares = squares + square;
    if (isInfinite(totalSquares)) squaresError = 0;
    else squaresError += Math.abs(squares) >= Math.abs(square) ? squares - totalSquares + square : square - totalSquares + squares;
    squares = totalSquares;
  }
  return (squares + squaresError) / count;
}

/** The functions that look at each window of a range on its own, and keep nothing between windows. */
export const OVER_TIME_FUNCTIONS: Readonly<Record<string, RangeFunction>> = {
  sum_over_time: sumOverTime,
  avg_over_time: averageOverTime,
  count_over_time: countOverTime,
  max_over_time: maxOverTime,
  min_over_time: minOverTime,
  first_over_time: (window) => firstOrLast(window, true),
  last_over_time: (window) => firstOrLast(window, false),
  present_over_time: (window) => giveFloat(window, 1),
  absent_over_time: (window) => giveFloat(window, 1),
  ts_of_first_over_time: timeOfFirst,
  ts_of_last_over_time: timeOfLast,
  ts_of_max_over_time: timeOfExtreme(1),
  ts_of_min_over_time: timeOfExtreme(-1),
  quantile_over_time: quantileOverTime,
  mad_over_time: medianDeviation,
  stdvar_over_time: (window) => {
    if (hasFloats(window)) giveFloat(window, variance(window));
  },
  stddev_over_time: (window) => {
    if (hasFloats(window)) giveFloat(window, Math.sqrt(variance(window)));
  },
};
