import { annotate } from '../annotations.ts';
import { QueryError } from '../query-error.ts';
import { floatCount, giveFloat, histogramCount, metricName, type RangeFunction, type RangeWindow } from './range-window.ts';
import { evenSpacing, fitLine, type FittedLine } from './regression-fit.ts';

const line: FittedLine = { slope: 0, intercept: 0 };

/** Fits a line through the window's floats; x is in seconds from `originMs`. */
function fit(window: RangeWindow, originMs: number): void {
  const { series } = window;
  series.spacingMs ??= evenSpacing(series.t, 0, series.n);
  fitLine(series.t, series.v, window.lo, window.hi, originMs, series.spacingMs, line);
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
  fit(window, window.series.t[window.lo]!);
  giveFloat(window, line.slope);
}

function predict(window: RangeWindow): void {
  if (!hasTwoFloats(window)) return;
  fit(window, window.timeMs);
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
