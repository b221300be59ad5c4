import {
  addHistograms, compactHistogram, divideHistogram, subtractHistograms, withHint, type CombinedHistogram,
} from '../../model/histogram-arithmetic.ts';
import { usesCustomBuckets } from '../../model/histogram-bounds.ts';
import { isCounterReset } from '../../model/histogram-compare.ts';
import type { FloatHistogram } from '../../model/histogram.ts';
import { annotate, type HistogramOperation } from '../annotations.ts';
import { interpolateFloats, interpolateHistograms } from '../eval/interpolate.ts';
import { giveFloat, giveHistogram, metricName, type RangeWindow } from './range-window.ts';
import type { RateKind } from './rate.ts';

/** The samples that matter: from the last one at or before the range, to the last inside it or, smoothed, the next after it. */
interface Ends {
  readonly first: number;
  readonly last: number;
}

function findEnds(window: RangeWindow, t: Float64Array, lo: number, hi: number): Ends | undefined {
  let last = hi - 1;
  let first = lo;
  while (first < last && t[first]! <= window.startMs) first++;
  first = Math.max(lo, first - 1);
  if (window.extension === 'smoothed') {
    let next = lo;
    while (next < last && t[next]! < window.endMs) next++;
    last = next;
  }
  if (t[last]! <= window.startMs) return undefined;
  if (window.extension === 'smoothed' && t[first]! > window.endMs) return undefined;
  return { first, last };
}

/** `rate`, `increase` or `delta` over an anchored or smoothed range: nothing is extrapolated (prometheus/promql: extendedRate). */
export function extendedRate(window: RangeWindow, kind: RateKind): void {
  if (window.hhi > window.hlo) extendedHistogramRate(window, kind);
  else if (window.hi > window.lo) extendedFloatRate(window, kind);
}

function extendedFloatRate(window: RangeWindow, kind: RateKind): void {
  const { t, v } = window.series;
  const ends = findEnds(window, t, window.lo, window.hi);
  if (ends === undefined) return;
  let { first, last } = ends;
  const isSmoothed = window.extension === 'smoothed';
  const between = (i: number, at: number): number => interpolateFloats(t[i]!, v[i]!, t[i + 1]!, v[i + 1]!, at, kind.isCounter);
  const left = isSmoothed && t[first]! < window.startMs ? between(first, window.startMs) : v[first]!;
  const right = isSmoothed && last > window.lo && t[last]! > window.endMs ? between(last - 1, window.endMs) : v[last]!;
  let increase = right - left;
  if (kind.isCounter) {
    if (t[first]! <= window.startMs) first++;
    if (t[last]! >= window.endMs) last--;
    let previous = left;
    for (let i = first; i <= last; i++) {
      if (v[i]! < previous) increase += previous;
      previous = v[i]!;
    }
    if (right < previous) increase += previous;
  }
  giveFloat(window, kind.isRate ? increase / (window.windowMs / 1000) : increase);
}

function extendedHistogramRate(window: RangeWindow, kind: RateKind): void {
  const { ht, h } = window.series;
  const name = metricName(window);
  const ends = findEnds(window, ht, window.hlo, window.hhi);
  if (ends === undefined) return;
  const { first, last } = ends;
  const isCustom = usesCustomBuckets(h[first]!);
  for (let i = first; i <= last; i++) {
    if (usesCustomBuckets(h[i]!) !== isCustom) {
      window.annotate(annotate.mixedExponentialCustom(name, window.position));
      return;
    }
    if (kind.isCounter && h[i]!.counterReset === 'gauge') window.annotate(annotate.nativeNotCounter(name, window.position));
  }
  const isSmoothed = window.extension === 'smoothed';
  const left = isSmoothed && ht[first]! < window.startMs ? between(window, kind, first, window.startMs) : h[first]!;
  const right = isSmoothed && last > window.hlo && ht[last]! > window.endMs ? between(window, kind, last - 1, window.endMs) : h[last]!;
  if (left === undefined || right === undefined) return;
  if (!kind.isCounter && (left.counterReset !== 'gauge' || right.counterReset !== 'gauge')) {
    window.annotate(annotate.nativeNotGauge(name, window.position));
  }
  let result = noted(window, subtractHistograms(right, left), 'subtraction');
  if (result === undefined) return;
  if (kind.isCounter) {
    for (const lost of lostBeforeResets(window, first, last, left, right)) {
      const sum: FloatHistogram | undefined = noted(window, addHistograms(result, lost), 'addition');
      if (sum === undefined) return;
      result = sum;
    }
  }
  if (kind.isRate) result = divideHistogram(result, window.windowMs / 1000);
  giveHistogram(window, withHint(compactHistogram(result), 'gauge'));
}

function between(window: RangeWindow, kind: RateKind, i: number, at: number): FloatHistogram | undefined {
  const { ht, h } = window.series;
  const result = interpolateHistograms(ht[i]!, h[i]!, ht[i + 1]!, h[i + 1]!, at, kind.isCounter);
  if (result === undefined) {
    window.annotate(annotate.mixedExponentialCustom(metricName(window), window.position));
    return undefined;
  }
  for (const operation of result.reconciledIn) window.annotate(annotate.reconciledBounds(operation, window.position));
  return result.histogram;
}

/** The histogram of a sum or difference, with the annotations for what happened. */
function noted(window: RangeWindow, combined: CombinedHistogram | undefined, operation: HistogramOperation): FloatHistogram | undefined {
  if (combined === undefined) {
    window.annotate(annotate.mixedExponentialCustom(metricName(window), window.position));
    return undefined;
  }
  if (combined.isReconciled) window.annotate(annotate.reconciledBounds(operation, window.position));
  return combined.histogram;
}

/** What the counter had reached before each reset in the range (prometheus/promql: correctForCounterResetsHistogram). */
function lostBeforeResets(window: RangeWindow, first: number, last: number, left: FloatHistogram, right: FloatHistogram): FloatHistogram[] {
  const { ht, h } = window.series;
  const lost: FloatHistogram[] = [];
  let from = first + 1;
  let previous = left;
  if (window.extension === 'smoothed' && first < last && ht[first]! < window.startMs && isCounterReset(h[first + 1]!, h[first]!)) {
    // The left end was interpolated across this reset, so it is accounted for.
    previous = h[first + 1]!;
    from++;
  }
  // The last sample is `right` or the right end was interpolated towards it: it is looked at once, as `right`.
  const to = last - 1;
  if (from > to + 1) return lost;
  for (let i = from; i <= to; i++) {
    if (isCounterReset(h[i]!, previous)) lost.push(previous);
    previous = h[i]!;
  }
  if (isCounterReset(right, previous)) lost.push(previous);
  return lost;
}
