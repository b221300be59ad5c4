/** The x of a window's samples, in seconds from an origin, and the sums of x and x². They depend on the times only. */
const timeSums = { size: -1, firstMs: 0, lastMs: 0, stepMs: -1, sumX: 0, sumX2: 0, x: new Float64Array(256) };

/** A line through points; x is seconds from the origin. */
export interface FittedLine {
  slope: number;
  intercept: number;
}

/** How far apart the times of t[from … to) are when that is the same everywhere, else -1. */
export function evenSpacing(t: Float64Array, from: number, to: number): number {
  if (to - from < 2) return -1;
  const step = t[from + 1]! - t[from]!;
  for (let i = from + 2; i < to; i++) if (t[i]! - t[i - 1]! !== step) return -1;
  return step;
}

/**
 * Fits a line through the samples at [lo, hi) by least squares with compensated sums (prometheus/promql: linearRegression).
 * `stepMs` is their even spacing or -1: sums over evenly spaced times are reused from call to call.
 */
export function fitLine(t: Float64Array, v: Float64Array, lo: number, hi: number, originMs: number, stepMs: number, line: FittedLine): void {
  const n = hi - lo;
  sumTimes(t, lo, hi, originMs, stepMs);
  const { sumX, sumX2, x } = timeSums;
  const firstY = v[lo]!;
  let isConstant = true;
  let sumY = 0;
  let errorY = 0;
  let sumXY = 0;
  let errorXY = 0;
  // What an addition loses is exact, so Knuth's way to it, without comparing the two, gives what Neumaier's gives.
  for (let i = 0; i < n; i++) {
    const y = v[lo + i]!;
    if (y !== firstY) isConstant = false;
    const totalY = sumY + y;
    const addedY = totalY - sumY;
    if (totalY > Number.MAX_VALUE || totalY < -Number.MAX_VALUE) errorY = 0;
    else errorY += sumY - (totalY - addedY) + (y - addedY);
    sumY = totalY;
    const xy = x[i]! * y;
    const totalXY = sumXY + xy;
    const addedXY = totalXY - sumXY;
    if (totalXY > Number.MAX_VALUE || totalXY < -Number.MAX_VALUE) errorXY = 0;
    else errorXY += sumXY - (totalXY - addedXY) + (xy - addedXY);
    sumXY = totalXY;
  }
  if (isConstant) {
    const isInfinite = firstY === Infinity || firstY === -Infinity;
    line.slope = isInfinite ? NaN : 0;
    line.intercept = isInfinite ? NaN : firstY;
    return;
  }
  sumY += errorY;
  const covariance = sumXY + errorXY - (sumX * sumY) / n;
  const variance = sumX2 - (sumX * sumX) / n;
  line.slope = covariance / variance;
  line.intercept = sumY / n - (line.slope * sumX) / n;
}

function sumTimes(t: Float64Array, lo: number, hi: number, originMs: number, stepMs: number): void {
  const firstMs = t[lo]! - originMs;
  const lastMs = t[hi - 1]! - originMs;
  const isKnown = stepMs > 0 && timeSums.stepMs === stepMs && timeSums.size === hi - lo && timeSums.firstMs === firstMs && timeSums.lastMs === lastMs;
  if (isKnown) return;
  if (timeSums.x.length < hi - lo) timeSums.x = new Float64Array(2 * (hi - lo));
  const xs = timeSums.x;
  let sumX = 0;
  let errorX = 0;
  let sumX2 = 0;
  let errorX2 = 0;
  for (let i = lo; i < hi; i++) {
    const x = (t[i]! - originMs) / 1000;
    xs[i - lo] = x;
    const totalX = sumX + x;
    errorX += Math.abs(sumX) >= Math.abs(x) ? sumX - totalX + x : x - totalX + sumX;
    sumX = totalX;
    const x2 = x * x;
    const totalX2 = sumX2 + x2;
    errorX2 += Math.abs(sumX2) >= Math.abs(x2) ? sumX2 - totalX2 + x2 : x2 - totalX2 + sumX2;
    sumX2 = totalX2;
  }
  timeSums.size = hi - lo;
  timeSums.firstMs = firstMs;
  timeSums.lastMs = lastMs;
  timeSums.stepMs = stepMs;
  timeSums.sumX = sumX + errorX;
  timeSums.sumX2 = sumX2 + errorX2;
}
