import { bucketAt } from './histogram-bounds.ts';
import type { FloatHistogram, SparseBuckets } from './histogram.ts';

/** What the zero bucket becomes when it is widened. */
export interface WidenedZero {
  readonly zeroCount: number;
  readonly threshold: number;
}

/**
 * The zero bucket with a threshold of at least `threshold` (prometheus/model/histogram: zeroCountForLargerThreshold).
 * When the wanted threshold falls inside a populated bucket, it grows to that bucket's far bound.
 */
export function widenedZero(histogram: FloatHistogram, threshold: number): WidenedZero {
  if (threshold === histogram.zeroThreshold) return { zeroCount: histogram.zeroCount, threshold };
  let wanted = threshold;
  for (;;) {
    let zeroCount = histogram.zeroCount;
    for (let i = 0; i < histogram.positive.indexes.length; i++) {
      const bucket = bucketAt(histogram, true, i);
      if (bucket.lower >= wanted) break;
      zeroCount += bucket.count;
      if (bucket.upper > wanted) {
        if (bucket.count !== 0) wanted = bucket.upper;
        break;
      }
    }
    let grew = false;
    for (let i = 0; i < histogram.negative.indexes.length; i++) {
      const bucket = bucketAt(histogram, false, i);
      if (bucket.upper <= -wanted) break;
      zeroCount += bucket.count;
      if (bucket.lower < -wanted) {
        if (bucket.count !== 0) {
          // What was taken from the positive side is too little now: start again.
          wanted = -bucket.lower;
          grew = true;
        }
        break;
      }
    }
    if (!grew) return { zeroCount, threshold: wanted };
  }
}

/** A side without the buckets that lie within the zero threshold; it keeps the others' positions for `keep`. */
export function bucketsBeyond(histogram: FloatHistogram, isPositive: boolean, threshold: number): SparseBuckets {
  const side = isPositive ? histogram.positive : histogram.negative;
  let first = 0;
  while (first < side.indexes.length) {
    const bucket = bucketAt(histogram, isPositive, first);
    if (Math.min(Math.abs(bucket.lower), Math.abs(bucket.upper)) >= threshold) break;
    first++;
  }
  if (first === 0) return side;
  return { indexes: side.indexes.slice(first), counts: side.counts.slice(first) };
}

/** A histogram whose zero bucket reaches to `threshold`; that must come from widenedZero of the same histogram. */
export function withWidenedZero(histogram: FloatHistogram, widened: WidenedZero): FloatHistogram {
  if (widened.threshold === histogram.zeroThreshold) return histogram;
  return {
    ...histogram,
    zeroThreshold: widened.threshold,
    zeroCount: widened.zeroCount,
    positive: bucketsBeyond(histogram, true, widened.threshold),
    negative: bucketsBeyond(histogram, false, widened.threshold),
  };
}

/** Both histograms with the same zero threshold, the smallest that cuts no populated bucket of either. */
export function withSameZeroThreshold(a: FloatHistogram, b: FloatHistogram): readonly [FloatHistogram, FloatHistogram] {
  let left = a;
  let right = b;
  while (left.zeroThreshold !== right.zeroThreshold) {
    if (left.zeroThreshold > right.zeroThreshold) right = withWidenedZero(right, widenedZero(right, left.zeroThreshold));
    else left = withWidenedZero(left, widenedZero(left, right.zeroThreshold));
  }
  return [left, right];
}
