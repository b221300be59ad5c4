import { aligned, areCompatible, combinedHint } from './histogram-arithmetic.ts';
import { customBounds } from './histogram-bounds.ts';
import { addedBuckets, hasSameLayout } from './histogram-buckets.ts';
import type { FloatHistogram, SparseBuckets } from './histogram.ts';

/**
 * A running sum of histograms with a compensation term for each number in it (Kahan and Neumaier's summation).
 * `compensation` is a histogram with the same layout as `sum`, undefined before the first addition. Both are immutable.
 */
export interface HistogramSum {
  readonly sum: FloatHistogram;
  readonly compensation: FloatHistogram | undefined;
}

/** A sum after an addition, and whether custom bounds had to be reconciled for it. */
export interface HistogramSumStep extends HistogramSum {
  readonly isReconciled: boolean;
}

/** Neumaier's error term of `sum + increment`, added to `compensation`; 0 once the sum overflows. */
function compensated(sum: number, increment: number, compensation: number): number {
  const total = sum + increment;
  if (total > Number.MAX_VALUE || total < -Number.MAX_VALUE) return 0;
  return Math.abs(sum) >= Math.abs(increment)
    ? compensation + (sum - total + increment)
    : compensation + (increment - total + sum);
}

function addSides(sum: SparseBuckets, compensation: SparseBuckets, other: SparseBuckets): readonly [SparseBuckets, SparseBuckets] {
  const total = addedBuckets(sum, other, 1);
  if (total === sum && other.indexes.length === 0) return [sum, compensation];
  // Bring all three to the layout of the total, then correct number by number.
  const left = spread(sum, total);
  const right = spread(other, total);
  const errors = spread(compensation, total);
  const counts = new Array<number>(total.counts.length);
  for (let i = 0; i < counts.length; i++) counts[i] = compensated(left.counts[i]!, right.counts[i]!, errors.counts[i]!);
  return [total, { indexes: total.indexes, counts }];
}

/** The side's counts in the layout of `target`, which has at least its indexes. */
function spread(side: SparseBuckets, target: SparseBuckets): SparseBuckets {
  if (hasSameLayout(side, target)) return side;
  const counts = new Array<number>(target.indexes.length).fill(0);
  let position = 0;
  for (let i = 0; i < side.indexes.length; i++) {
    while (target.indexes[position] !== side.indexes[i]) position++;
    counts[position] = side.counts[i]!;
  }
  return { indexes: target.indexes, counts };
}

function zeroed(side: SparseBuckets): SparseBuckets {
  return { indexes: side.indexes, counts: side.counts.map(() => 0) };
}

/** The compensation of a fresh sum: the same layout, all numbers zero. */
function emptyLike(histogram: FloatHistogram): FloatHistogram {
  return { ...histogram, count: 0, sum: 0, zeroCount: 0, positive: zeroed(histogram.positive), negative: zeroed(histogram.negative) };
}

/**
 * Adds one histogram to a running sum (prometheus/model/histogram: FloatHistogram.KahanAdd).
 * Undefined when one has exponential and the other custom buckets. A collision of hints gives 'unknown'.
 */
export function addToSum(running: HistogramSum, other: FloatHistogram): HistogramSumStep | undefined {
  if (!areCompatible(running.sum, other)) return undefined;
  const hint = combinedHint(running.sum.counterReset, other.counterReset);
  const [sum, addend, isReconciled] = aligned(running.sum, other);
  // The compensation goes through the same change of layout as the sum.
  const before = running.compensation ?? emptyLike(running.sum);
  const compensation = sum === running.sum ? before : alignedLike(before, running.sum, sum);
  const [positive, positiveErrors] = addSides(sum.positive, compensation.positive, addend.positive);
  const [negative, negativeErrors] = addSides(sum.negative, compensation.negative, addend.negative);
  return {
    sum: {
      ...sum,
      count: sum.count + addend.count,
      sum: sum.sum + addend.sum,
      zeroCount: sum.zeroCount + addend.zeroCount,
      positive,
      negative,
      counterReset: hint === 'collision' ? 'unknown' : hint,
    },
    compensation: {
      ...compensation,
      count: compensated(sum.count, addend.count, compensation.count),
      sum: compensated(sum.sum, addend.sum, compensation.sum),
      zeroCount: compensated(sum.zeroCount, addend.zeroCount, compensation.zeroCount),
      positive: positiveErrors,
      negative: negativeErrors,
    },
    isReconciled,
  };
}

/** Applies to `compensation` the change of layout that turned `from` into `to`. */
function alignedLike(compensation: FloatHistogram, from: FloatHistogram, to: FloatHistogram): FloatHistogram {
  if (from.zeroThreshold !== to.zeroThreshold) {
    // A wider zero bucket swallowed populated buckets; their tiny error terms are not worth carrying over.
    return emptyLike({ ...to, counterReset: compensation.counterReset });
  }
  const model: FloatHistogram = { ...emptyLike(to), customValues: customBounds(to) };
  return { ...aligned(compensation, model)[0] };
}

/** The value of a running sum: sum and compensation together. */
export function sumValue(running: HistogramSum): FloatHistogram {
  const { sum, compensation } = running;
  if (compensation === undefined) return sum;
  return {
    ...sum,
    count: sum.count + compensation.count,
    sum: sum.sum + compensation.sum,
    zeroCount: sum.zeroCount + compensation.zeroCount,
    positive: addedBuckets(sum.positive, compensation.positive, 1),
    negative: addedBuckets(sum.negative, compensation.negative, 1),
  };
}

/** True when any number of the histogram is infinite, as when a sum left the range of a double. */
export function hasOverflow(histogram: FloatHistogram): boolean {
  const isInfinite = (value: number): boolean => value === Infinity || value === -Infinity;
  return isInfinite(histogram.zeroCount) || isInfinite(histogram.count) || isInfinite(histogram.sum)
    || histogram.positive.counts.some(isInfinite) || histogram.negative.counts.some(isInfinite)
    || customBounds(histogram).some(isInfinite);
}
