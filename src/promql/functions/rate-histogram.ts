import {
  addHistograms, atSchema, compactHistogram, subtractHistograms, withHint,
} from '../../model/histogram-arithmetic.ts';
import { usesCustomBuckets } from '../../model/histogram-bounds.ts';
import { NO_BUCKETS } from '../../model/histogram-buckets.ts';
import { isCounterReset } from '../../model/histogram-compare.ts';
import type { FloatHistogram } from '../../model/histogram.ts';
import { annotate } from '../annotations.ts';
import { metricName, type RangeWindow } from './range-window.ts';
import { isStartTimeReset } from './start-times.ts';

/** An empty histogram in the layout of another. */
function emptyOf(histogram: FloatHistogram): FloatHistogram {
  return {
    ...histogram, count: 0, sum: 0, zeroThreshold: 0, zeroCount: 0, positive: NO_BUCKETS, negative: NO_BUCKETS, counterReset: 'unknown',
  };
}

/**
 * The increase (or, for gauges, difference) from the first to the last of a window's histograms, as a gauge
 * (prometheus/promql: histogramRate). Needs two of them. Undefined, with a warning, when they do not go together.
 */
export function histogramIncrease(window: RangeWindow, isCounter: boolean): FloatHistogram | undefined {
  const { series, hlo, hhi } = window;
  const { h, ht, histogramStartTimes: starts } = series;
  const first = h[hlo]!;
  const last = h[hhi - 1]!;
  const incompatible = (): FloatHistogram | undefined => {
    window.annotate(annotate.mixedExponentialCustom(metricName(window), window.position));
    return undefined;
  };
  const isResetAt = (i: number, previous: FloatHistogram): boolean =>
    (starts !== undefined && isStartTimeReset(starts[i - 1]!, ht[i - 1]!, starts[i]!, ht[i]!)) || isCounterReset(h[i]!, previous, window.isNewer);
  let previous = first;
  // After a reset right behind it, the first histogram does not count, nor does its layout.
  if (isCounter && isResetAt(hlo + 1, first)) previous = emptyOf(h[hlo + 1]!);
  const isCustom = usesCustomBuckets(previous);
  if (usesCustomBuckets(last) !== isCustom) return incompatible();
  let minSchema = Math.min(last.schema, previous.schema);
  let hasGauge = first.counterReset === 'gauge' || last.counterReset === 'gauge';
  if (isCounter) {
    for (let i = hlo + 1; i < hhi - 1; i++) {
      const current = h[i]!;
      if (current.counterReset === 'gauge') hasGauge = true;
      if (current.schema < minSchema) minSchema = current.schema;
      if (usesCustomBuckets(current) !== isCustom) return incompatible();
    }
  }
  const difference = subtractHistograms(isCustom ? last : atSchema(last, minSchema), previous);
  if (difference === undefined) return incompatible();
  const hasOtherBounds = (): FloatHistogram | undefined => {
    window.annotate(annotate.incompatibleCustomBuckets(metricName(window), window.position));
    return undefined;
  };
  if (difference.isReconciled && !window.isNewer) return hasOtherBounds();
  if (difference.isReconciled) window.annotate(annotate.reconciledBounds('subtraction', window.position));
  let result = difference.histogram;
  if (isCounter) {
    if (hasGauge) window.annotate(annotate.nativeNotCounter(metricName(window), window.position));
    for (let i = hlo + 1; i < hhi; i++) {
      if (isResetAt(i, previous)) {
        const sum = addHistograms(result, previous);
        if (sum === undefined) return incompatible();
        if (sum.isReconciled && !window.isNewer) return hasOtherBounds();
        if (sum.isReconciled) window.annotate(annotate.reconciledBounds('addition', window.position));
        result = sum.histogram;
      }
      previous = h[i]!;
    }
  } else if (first.counterReset !== 'gauge' || last.counterReset !== 'gauge') {
    window.annotate(annotate.nativeNotGauge(metricName(window), window.position));
  }
  return withHint(compactHistogram(result), 'gauge');
}
