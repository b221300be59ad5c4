import { addHistograms, multiplyHistogram } from '../../model/histogram-arithmetic.ts';
import type { FloatHistogram } from '../../model/histogram.ts';
import { annotate } from '../annotations.ts';
import { extendedRate } from './extended-rate.ts';
import { histogramIncrease } from './rate-histogram.ts';
import { floatCount, giveFloat, giveHistogram, histogramCount, metricName, type RangeFunction, type RangeWindow } from './range-window.ts';
import { hasStartTimeOverlap, isStartTimeReset } from './start-times.ts';

/** Whether resets are corrected, and whether the result is per second. */
export interface RateKind {
  readonly isCounter: boolean;
  readonly isRate: boolean;
}

/** `rate`, `increase` or `delta` of a window (prometheus/promql: extrapolatedRate). */
export function createRate(kind: RateKind): RangeFunction {
  return (window) => extrapolatedRate(window, kind);
}

function extrapolatedRate(window: RangeWindow, kind: RateKind): void {
  const floats = floatCount(window);
  const histograms = histogramCount(window);
  if (floats > 0 && histograms > 0) {
    window.annotate(annotate.mixedFloatsHistograms(metricName(window), window.position));
    return;
  }
  if (window.extension !== undefined) extendedRate(window, kind);
  else if (histograms > 0) rateOfHistograms(window, kind);
  else if (floats > 0) rateOfFloats(window, kind);
}

function rateOfFloats(window: RangeWindow, kind: RateKind): void {
  const { series, lo, hi } = window;
  const { t, v, startTimes } = series;
  const first = v[lo]!;
  let increase = v[hi - 1]! - first;
  if (kind.isCounter) {
    for (let i = lo + 1; i < hi; i++) {
      if (v[i]! < v[i - 1]! || (startTimes && isStartTimeReset(startTimes[i - 1]!, t[i - 1]!, startTimes[i]!, t[i]!))) increase += v[i - 1]!;
    }
    if (startTimes) warnOfOverlap(window, startTimes, t, lo, hi);
  }
  const start = kind.isCounter && startTimes ? startTimes[lo]! : 0;
  if (isInside(start, window.startMs, t[lo]!)) {
    // The counter began at zero inside the range: that is a sample, and nothing is extrapolated to the left.
    giveFloat(window, (increase + first) * fromStartFactor(window, kind, t, lo, hi, start));
    return;
  }
  if (hi - lo < 2) return;
  giveFloat(window, increase * extrapolationFactor(window, kind, t[lo]!, t[hi - 1]!, hi - lo, first, increase));
}

function rateOfHistograms(window: RangeWindow, kind: RateKind): void {
  const { series, hlo, hhi } = window;
  const { ht, h, histogramStartTimes } = series;
  let result: FloatHistogram | undefined;
  if (hhi - hlo > 1) {
    result = histogramIncrease(window, kind.isCounter);
    if (result === undefined) return;
    if (kind.isCounter && histogramStartTimes) warnOfOverlap(window, histogramStartTimes, ht, hlo, hhi);
  }
  const first = h[hlo]!;
  const start = kind.isCounter && histogramStartTimes ? histogramStartTimes[hlo]! : 0;
  if (isInside(start, window.startMs, ht[hlo]!)) {
    const sum = result === undefined ? { histogram: first, isReconciled: false } : addHistograms(result, first);
    if (sum === undefined) {
      window.annotate(annotate.mixedExponentialCustom(metricName(window), window.position));
      return;
    }
    if (sum.isReconciled) window.annotate(annotate.reconciledBounds('addition', window.position));
    giveHistogram(window, multiplyHistogram(sum.histogram, fromStartFactor(window, kind, ht, hlo, hhi, start)));
    return;
  }
  if (result === undefined) return;
  // Up to 3.5 only floats are kept from being extrapolated to before they were zero; a negative first value switches that off.
  const firstCount = window.isNewer ? first.count : -1;
  const factor = extrapolationFactor(window, kind, ht[hlo]!, ht[hhi - 1]!, hhi - hlo, firstCount, result.count);
  giveHistogram(window, multiplyHistogram(result, factor));
}

function isInside(start: number, rangeStart: number, firstTime: number): boolean {
  return start !== 0 && start > rangeStart && start < firstTime;
}

function warnOfOverlap(window: RangeWindow, starts: Float64Array, times: Float64Array, lo: number, hi: number): void {
  for (let i = lo + 1; i < hi; i++) {
    if (hasStartTimeOverlap(starts[i - 1]!, times[i - 1]!, starts[i]!)) {
      window.annotate(annotate.startTimeOverlap(metricName(window), window.position));
      return;
    }
  }
}

/** The factor from what was counted since `start` inside the range to the whole range. */
function fromStartFactor(window: RangeWindow, kind: RateKind, t: Float64Array, lo: number, hi: number, start: number): number {
  const sampled = (t[hi - 1]! - start) / 1000;
  const average = hi - lo > 1 ? (t[hi - 1]! - t[lo]!) / 1000 / (hi - lo - 1) : 0;
  let toEnd = (window.endMs - t[hi - 1]!) / 1000;
  if (toEnd >= average * 1.1) toEnd = average / 2;
  const factor = sampled === 0 ? 1 : (sampled + 0 + toEnd) / sampled;
  return kind.isRate ? factor / (window.windowMs / 1000) : factor;
}

/**
 * The factor from the increase between first and last sample to that of the whole range.
 * A range is extrapolated to its bound when the sample next to it is near enough, else by half a sample interval,
 * and a counter never to before the time it would have been zero.
 */
export function extrapolationFactor(
  window: { readonly startMs: number; readonly endMs: number; readonly windowMs: number }, kind: RateKind,
  firstTime: number, lastTime: number, samples: number, firstValue: number, increase: number,
): number {
  let toStart = (firstTime - window.startMs) / 1000;
  let toEnd = (window.endMs - lastTime) / 1000;
  const sampled = (lastTime - firstTime) / 1000;
  const average = sampled / (samples - 1);
  const threshold = average * 1.1;
  if (toStart >= threshold) toStart = average / 2;
  if (kind.isCounter) {
    let toZero = toStart;
    if (increase > 0 && firstValue >= 0) toZero = sampled * (firstValue / increase);
    if (toZero < toStart) toStart = toZero;
  }
  if (toEnd >= threshold) toEnd = average / 2;
  const factor = sampled === 0 ? 1 : (sampled + toStart + toEnd) / sampled;
  return kind.isRate ? factor / (window.windowMs / 1000) : factor;
}
