import { customBounds, usesCustomBuckets } from './histogram-bounds.ts';
import {
  addedBuckets, commonBounds, mappedBuckets, NO_BUCKETS, rebucketed, reducedBuckets, withoutEmptyBuckets,
} from './histogram-buckets.ts';
import { withSameZeroThreshold } from './histogram-zero.ts';
import type { CounterResetHint, FloatHistogram } from './histogram.ts';

/** The sum or difference of two histograms and what had to be reconciled for it. */
export interface CombinedHistogram {
  readonly histogram: FloatHistogram;
  /** One side said "reset", the other "not reset". */
  readonly hasResetCollision: boolean;
  /** Custom bounds differed; the result has those that both have. */
  readonly isReconciled: boolean;
}

/** True when both have exponential or both have custom buckets; otherwise there is no sum of them. */
export function areCompatible(a: FloatHistogram, b: FloatHistogram): boolean {
  return usesCustomBuckets(a) === usesCustomBuckets(b);
}

/** Whether two lists of custom bounds are equal. */
export function haveSameBounds(a: FloatHistogram, b: FloatHistogram): boolean {
  const left = customBounds(a);
  const right = customBounds(b);
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

/** The hint of a sum of two histograms, or 'collision' (prometheus/model/histogram: adjustCounterReset). */
export function combinedHint(a: CounterResetHint, b: CounterResetHint): CounterResetHint | 'collision' {
  if (a === b || a === 'gauge') return a;
  if (b === 'gauge') return 'gauge';
  if (a === 'unknown' || b === 'unknown') return 'unknown';
  return 'collision';
}

/** Brings two compatible histograms to one layout: zero threshold and resolution, or custom bounds. */
export function aligned(a: FloatHistogram, b: FloatHistogram): readonly [FloatHistogram, FloatHistogram, isReconciled: boolean] {
  if (usesCustomBuckets(a)) {
    if (haveSameBounds(a, b)) return [a, b, false];
    const target = commonBounds(customBounds(a), customBounds(b));
    const moved = (histogram: FloatHistogram): FloatHistogram => ({
      ...histogram,
      customValues: target,
      positive: rebucketed(histogram.positive, customBounds(histogram), target),
    });
    return [moved(a), moved(b), true];
  }
  const [left, right] = withSameZeroThreshold(a, b);
  const schema = Math.min(left.schema, right.schema);
  return [atSchema(left, schema), atSchema(right, schema), false];
}

/** The histogram at a lower (or the same) exponential resolution. */
export function atSchema(histogram: FloatHistogram, schema: number): FloatHistogram {
  if (histogram.schema === schema) return histogram;
  return {
    ...histogram,
    schema,
    positive: reducedBuckets(histogram.positive, histogram.schema, schema),
    negative: reducedBuckets(histogram.negative, histogram.schema, schema),
  };
}

function combine(a: FloatHistogram, b: FloatHistogram, sign: 1 | -1): CombinedHistogram | undefined {
  if (!areCompatible(a, b)) return undefined;
  const hint = combinedHint(a.counterReset, b.counterReset);
  const [left, right, isReconciled] = aligned(a, b);
  const histogram: FloatHistogram = {
    ...left,
    count: left.count + sign * right.count,
    sum: left.sum + sign * right.sum,
    zeroCount: left.zeroCount + sign * right.zeroCount,
    positive: addedBuckets(left.positive, right.positive, sign),
    negative: addedBuckets(left.negative, right.negative, sign),
    counterReset: hint === 'collision' ? 'unknown' : hint,
  };
  return { histogram, hasResetCollision: hint === 'collision', isReconciled };
}

/** `a + b`; undefined when one has exponential and the other custom buckets. Empty buckets may remain. */
export function addHistograms(a: FloatHistogram, b: FloatHistogram): CombinedHistogram | undefined {
  return combine(a, b, 1);
}

/** `a - b`; undefined when one has exponential and the other custom buckets. Empty buckets may remain. */
export function subtractHistograms(a: FloatHistogram, b: FloatHistogram): CombinedHistogram | undefined {
  return combine(a, b, -1);
}

/** Every count and the sum times `factor`; a negative factor makes a gauge of it. */
export function multiplyHistogram(histogram: FloatHistogram, factor: number): FloatHistogram {
  const change = (count: number): number => count * factor;
  return {
    ...histogram,
    count: histogram.count * factor,
    sum: histogram.sum * factor,
    zeroCount: histogram.zeroCount * factor,
    positive: mappedBuckets(histogram.positive, change),
    negative: mappedBuckets(histogram.negative, change),
    counterReset: factor < 0 ? 'gauge' : histogram.counterReset,
  };
}

/** Every count and the sum divided by `divisor`; division by zero removes all buckets. */
export function divideHistogram(histogram: FloatHistogram, divisor: number): FloatHistogram {
  const change = (count: number): number => count / divisor;
  return {
    ...histogram,
    count: histogram.count / divisor,
    sum: histogram.sum / divisor,
    zeroCount: histogram.zeroCount / divisor,
    positive: divisor === 0 ? NO_BUCKETS : mappedBuckets(histogram.positive, change),
    negative: divisor === 0 ? NO_BUCKETS : mappedBuckets(histogram.negative, change),
    counterReset: divisor < 0 ? 'gauge' : histogram.counterReset,
  };
}

/** The histogram without empty buckets. */
export function compactHistogram(histogram: FloatHistogram): FloatHistogram {
  const positive = withoutEmptyBuckets(histogram.positive);
  const negative = withoutEmptyBuckets(histogram.negative);
  if (positive === histogram.positive && negative === histogram.negative) return histogram;
  return { ...histogram, positive, negative };
}

/** The histogram with another counter reset hint. */
export function withHint(histogram: FloatHistogram, counterReset: CounterResetHint): FloatHistogram {
  return histogram.counterReset === counterReset ? histogram : { ...histogram, counterReset };
}

/**
 * How many samples of 16 bytes a histogram point weighs against the sample limit
 * (prometheus/promql: HPoint.size over FloatHistogram.Size).
 */
export function histogramWeight(histogram: FloatHistogram): number {
  const spans = spanCount(histogram.positive.indexes) + spanCount(histogram.negative.indexes);
  const buckets = histogram.positive.counts.length + histogram.negative.counts.length;
  const bounds = histogram.customValues?.length ?? 0;
  return Math.floor((168 + 8 * (spans + buckets + bounds) + 8) / 16);
}

function spanCount(indexes: readonly number[]): number {
  let spans = 0;
  for (let i = 0; i < indexes.length; i++) if (i === 0 || indexes[i] !== indexes[i - 1]! + 1) spans++;
  return spans;
}
