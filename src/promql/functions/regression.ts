import { annotate } from '../annotations.ts';
import { isInfinite, KahanSum } from '../kahan.ts';
import { QueryError } from '../query-error.ts';
import { floatCount, giveFloat, histogramCount, metricName, type RangeFunction, type RangeWindow } from './range-window.ts';

const sumX = new KahanSum();
const sumY = new KahanSum();
const sumXY = new KahanSum();
const sumX2 = new KahanSum();

/** A line through the window's floats by least squares; x is in seconds from `originMs`. */
interface Line {
  readonly slope: number;
  readonly intercept: number;
}

function fitLine(window: RangeWindow, originMs: number): Line {
  const { t, v } = window.series;
  for (const sum of [sumX, sumY, sumXY, sumX2]) sum.reset();
  const firstY = v[window.lo]!;
  let isConstant = true;
  for (let i = window.lo; i < window.hi; i++) {
    const y = v[i]!;
    const x = (t[i]! - originMs) / 1000;
    if (y !== firstY && i > window.lo) isConstant = false;
    sumX.add(x);
    sumY.add(y);
    sumXY.add(x * y);
    sumX2.add(x * x);
  }
  if (isConstant) return isInfinite(firstY) ? { slope: NaN, intercept: NaN } : { slope: 0, intercept: firstY };
  const n = floatCount(window);
  const covariance = sumXY.value - (sumX.value * sumY.value) / n;
  const variance = sumX2.value - (sumX.value * sumX.value) / n;
  const slope = covariance / variance;
  return { slope, intercept: sumY.value / n - (slope * sumX.value) / n };
}

/** True with at least two floats; says so when histograms among floats are ignored. */
function hasTwoFloats(window: RangeWindow): boolean {
  const floats = floatCount(window);
  if (floats > 0 && histogramCount(window) > 0) {
    window.annotate(annotate.histogramIgnoredInRange(metricName(window), window.argumentPosition));
  }
  return floats >= 2;
}

function derivative(window: RangeWindow): void {
  if (!hasTwoFloats(window)) return;
  giveFloat(window, fitLine(window, window.series.t[window.lo]!).slope);
}

function predict(window: RangeWindow): void {
  if (!hasTwoFloats(window)) return;
  const line = fitLine(window, window.timeMs);
  giveFloat(window, line.slope * window.scalars[0]! + line.intercept);
}

/** Holt's linear method: the value smoothed by the first factor, its trend by the second. */
function smooth(window: RangeWindow): void {
  const [valueFactor = NaN, trendFactor = NaN] = window.scalars;
  checkFactor('smoothing', valueFactor, 'sf');
  checkFactor('trend', trendFactor, 'tf');
  if (!hasTwoFloats(window)) return;
  const { v } = window.series;
  let previous = 0;
  let smoothed = v[window.lo]!;
  let trend = v[window.lo + 1]! - smoothed;
  for (let i = window.lo + 1; i < window.hi; i++) {
    if (i > window.lo + 1) trend = trendFactor * (smoothed - previous) + (1 - trendFactor) * trend;
    const next = valueFactor * v[i]! + (1 - valueFactor) * (smoothed + trend);
    previous = smoothed;
    smoothed = next;
  }
  giveFloat(window, smoothed);
}

function checkFactor(kind: string, factor: number, name: string): void {
  // Written so that NaN passes, as it does upstream.
  if (factor <= 0 || factor >= 1) {
    throw new QueryError('execution', `invalid ${kind} factor. Expected: 0 < ${name} < 1, got: ${factor.toFixed(6)}`);
  }
}

/** The functions that fit something to the floats of a window. */
export const REGRESSION_FUNCTIONS: Readonly<Record<string, RangeFunction>> = {
  deriv: derivative,
  predict_linear: predict,
  double_exponential_smoothing: smooth,
};
