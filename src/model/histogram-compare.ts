import { haveSameBounds } from './histogram-arithmetic.ts';
import { customBounds, usesCustomBuckets } from './histogram-bounds.ts';
import { commonBounds, rebucketed, reducedBuckets, withoutEmptyBuckets } from './histogram-buckets.ts';
import { bucketsBeyond, widenedZero } from './histogram-zero.ts';
import type { FloatHistogram, SparseBuckets } from './histogram.ts';

/** Whether two histograms hold the same data; NaN equals NaN, 0 does not equal -0, empty buckets and hints do not count. */
export function equalHistograms(a: FloatHistogram, b: FloatHistogram): boolean {
  if (a === b) return true;
  if (a.schema !== b.schema || !Object.is(a.count, b.count) || !Object.is(a.sum, b.sum)) return false;
  if (usesCustomBuckets(a) && !haveSameBounds(a, b)) return false;
  if (a.zeroThreshold !== b.zeroThreshold || !Object.is(a.zeroCount, b.zeroCount)) return false;
  return equalBuckets(a.negative, b.negative) && equalBuckets(a.positive, b.positive);
}

function equalBuckets(a: SparseBuckets, b: SparseBuckets): boolean {
  const left = withoutEmptyBuckets(a);
  const right = withoutEmptyBuckets(b);
  if (left.indexes.length !== right.indexes.length) return false;
  for (let i = 0; i < left.indexes.length; i++) {
    if (left.indexes[i] !== right.indexes[i] || !Object.is(left.counts[i], right.counts[i])) return false;
  }
  return true;
}

/**
 * Whether a counter was reset between `previous` and `current`
 * (prometheus/model/histogram: FloatHistogram.DetectReset). An explicit hint of `current` decides at once.
 * Without `canReconcile`, as in versions up to 3.5, different custom bounds are always a reset.
 */
export function isCounterReset(current: FloatHistogram, previous: FloatHistogram, canReconcile = true): boolean {
  if (current.counterReset === 'reset') return true;
  if (current.counterReset === 'not_reset') return false;
  if (current.count < previous.count) return true;
  if (usesCustomBuckets(current)) {
    if (!usesCustomBuckets(previous)) return true;
    if (!haveSameBounds(current, previous)) return !canReconcile || isResetAcrossBounds(current, previous);
    return hasShrunkenBucket(current.positive, previous.positive);
  }
  if (usesCustomBuckets(previous)) return true;
  if (current.schema > previous.schema || current.zeroThreshold < previous.zeroThreshold) return true;
  const widened = widenedZero(previous, current.zeroThreshold);
  if (widened.threshold !== current.zeroThreshold) return true;
  if (current.zeroCount < widened.zeroCount) return true;
  const before = (isPositive: boolean): SparseBuckets =>
    reducedBuckets(bucketsBeyond(previous, isPositive, current.zeroThreshold), previous.schema, current.schema);
  const now = (isPositive: boolean): SparseBuckets => bucketsBeyond(current, isPositive, current.zeroThreshold);
  return hasShrunkenBucket(now(true), before(true)) || hasShrunkenBucket(now(false), before(false));
}

function hasShrunkenBucket(current: SparseBuckets, previous: SparseBuckets): boolean {
  let position = 0;
  for (let i = 0; i < previous.indexes.length; i++) {
    const index = previous.indexes[i]!;
    while (position < current.indexes.length && current.indexes[position]! < index) position++;
    const isThere = position < current.indexes.length && current.indexes[position] === index;
    if (isThere ? current.counts[position]! < previous.counts[i]! : previous.counts[i] !== 0) return true;
  }
  return false;
}

/** Custom bounds differ: compares in the bounds that both have. */
function isResetAcrossBounds(current: FloatHistogram, previous: FloatHistogram): boolean {
  const target = commonBounds(customBounds(current), customBounds(previous));
  return hasShrunkenBucket(
    rebucketed(current.positive, customBounds(current), target),
    rebucketed(previous.positive, customBounds(previous), target),
  );
}
