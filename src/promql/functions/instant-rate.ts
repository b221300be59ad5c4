import { compactHistogram, divideHistogram, subtractHistograms, withHint } from '../../model/histogram-arithmetic.ts';
import { isCounterReset } from '../../model/histogram-compare.ts';
import { annotate } from '../annotations.ts';
import { giveFloat, giveHistogram, metricName, type RangeFunction, type RangeWindow } from './range-window.ts';
import { isStartTimeReset } from './start-times.ts';

/** `irate` (`isRate`) or `idelta`: from the last two samples of a window (prometheus/promql: instantValue). */
export function createInstantRate(isRate: boolean): RangeFunction {
  return (window) => instantValue(window, isRate);
}

function instantValue(window: RangeWindow, isRate: boolean): void {
  const { series, lo, hi, hlo, hhi } = window;
  if (hi - lo + (hhi - hlo) < 2) return;
  // Are both of the last two floats, both histograms, or one of each?
  const lastFloat = hi > lo ? series.t[hi - 1]! : -Infinity;
  const lastHistogram = hhi > hlo ? series.ht[hhi - 1]! : -Infinity;
  const secondFloat = hi - lo > 1 ? series.t[hi - 2]! : -Infinity;
  const secondHistogram = hhi - hlo > 1 ? series.ht[hhi - 2]! : -Infinity;
  if (lastFloat > lastHistogram && secondFloat > lastHistogram) rateOfFloats(window, isRate);
  else if (lastHistogram > lastFloat && secondHistogram > lastFloat) rateOfHistograms(window, isRate);
  else window.annotate(annotate.mixedFloatsHistograms(metricName(window), window.position));
}

function rateOfFloats(window: RangeWindow, isRate: boolean): void {
  const { t, v, startTimes } = window.series;
  const i = window.hi - 1;
  const interval = t[i]! - t[i - 1]!;
  if (interval === 0) return;
  const isReset = v[i]! < v[i - 1]!
    || (startTimes !== undefined && isStartTimeReset(startTimes[i - 1]!, t[i - 1]!, startTimes[i]!, t[i]!));
  const change = isRate && isReset ? v[i]! : v[i]! - v[i - 1]!;
  giveFloat(window, isRate ? change / (interval / 1000) : change);
}

function rateOfHistograms(window: RangeWindow, isRate: boolean): void {
  const { ht, h, histogramStartTimes: starts } = window.series;
  const i = window.hhi - 1;
  const interval = ht[i]! - ht[i - 1]!;
  if (interval === 0) return;
  const before = h[i - 1]!;
  const after = h[i]!;
  const name = metricName(window);
  const hasGauge = before.counterReset === 'gauge' || after.counterReset === 'gauge';
  const hasCounter = before.counterReset !== 'gauge' || after.counterReset !== 'gauge';
  if (isRate && hasGauge) window.annotate(annotate.nativeNotCounter(name, window.position));
  if (!isRate && hasCounter) window.annotate(annotate.nativeNotGauge(name, window.position));
  let result = after;
  const isReset = isRate && ((starts !== undefined && isStartTimeReset(starts[i - 1]!, ht[i - 1]!, starts[i]!, ht[i]!)) || isCounterReset(after, before, window.isNewer));
  if (!isReset) {
    const difference = subtractHistograms(after, before);
    if (difference === undefined) {
      window.annotate(annotate.mixedExponentialCustom(name, window.position));
      return;
    }
    if (difference.isReconciled && !window.isNewer) {
      window.annotate(annotate.incompatibleCustomBuckets(name, window.position));
      return;
    }
    if (difference.isReconciled) window.annotate(annotate.reconciledBounds('subtraction', window.position));
    result = difference.histogram;
  }
  result = withHint(compactHistogram(result), 'gauge');
  giveHistogram(window, isRate ? divideHistogram(result, interval / 1000) : result);
}
