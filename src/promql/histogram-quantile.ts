import { allBuckets, usesCustomBuckets, type HistogramBucket } from '../model/histogram-bounds.ts';
import { fractionBelow } from '../model/histogram-trim.ts';
import type { FloatHistogram } from '../model/histogram.ts';

/** A number computed from a histogram, and what to tell about NaN observations in it. */
export interface HistogramEstimate {
  readonly value: number;
  readonly note: 'nan-result' | 'nan-skew' | 'nan-excluded' | undefined;
}

const plain = (value: number): HistogramEstimate => ({ value, note: undefined });

/** Narrows a zero bucket that only one side continues: with positive buckets only it starts at 0, and so on. */
function narrowZero(histogram: FloatHistogram, bucket: HistogramBucket): HistogramBucket {
  const hasPositive = histogram.positive.indexes.length > 0;
  const hasNegative = histogram.negative.indexes.length > 0;
  if (hasPositive && !hasNegative) return { ...bucket, lower: 0 };
  if (hasNegative && !hasPositive) return { ...bucket, upper: 0 };
  return bucket;
}

/**
 * The quantile of a native histogram (prometheus/promql: HistogramQuantile): linear inside custom and zero buckets,
 * exponential inside exponential ones. ±Inf outside [0, 1]; NaN without observations.
 */
export function quantileOfHistogram(quantile: number, histogram: FloatHistogram): HistogramEstimate {
  if (quantile < 0) return plain(-Infinity);
  if (quantile > 1) return plain(Infinity);
  if (histogram.count === 0 || Number.isNaN(quantile)) return plain(NaN);
  const isCustom = usesCustomBuckets(histogram);
  const hasNaN = Number.isNaN(histogram.sum);
  // From the near end, for precision; NaN observations count as above all buckets, which asks for the forward way.
  const isForward = hasNaN || quantile < 0.5;
  const buckets = allBuckets(histogram).filter((candidate) => candidate.count !== 0);
  if (!isForward) buckets.reverse();
  let rank = (isForward ? quantile : 1 - quantile) * histogram.count;
  let count = 0;
  let position = 0;
  let bucket: HistogramBucket = { lower: 0, upper: 0, lowerInclusive: false, upperInclusive: false, count: 0 };
  for (; position < buckets.length; position++) {
    bucket = buckets[position]!;
    count += bucket.count;
    if (count >= rank) break;
  }
  if (!isCustom && bucket.lower < 0 && bucket.upper > 0) bucket = narrowZero(histogram, bucket);
  else if (isCustom) {
    if (bucket.lower === -Infinity) {
      if (bucket.upper <= 0) return plain(bucket.upper);
      bucket = { ...bucket, lower: 0 };
    } else if (bucket.upper === Infinity) return plain(bucket.lower);
  }
  if (count > histogram.count) count = histogram.count;
  if (count < rank) return hasNaN ? { value: NaN, note: 'nan-result' } : plain(bucket.upper);
  rank = isForward ? rank - (count - bucket.count) : count - rank;
  const note = hasNaN && countOfRest(buckets, position, count) < histogram.count ? 'nan-skew' : undefined;
  return { value: interpolate(bucket, rank / bucket.count, isCustom), note };
}

function countOfRest(buckets: readonly HistogramBucket[], position: number, count: number): number {
  let total = count;
  for (let i = position + 1; i < buckets.length; i++) total += buckets[i]!.count;
  return total;
}

function interpolate(bucket: HistogramBucket, fraction: number, isCustom: boolean): number {
  const { lower, upper } = bucket;
  if (isCustom || (lower <= 0 && upper >= 0)) return lower + (upper - lower) * fraction;
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  if (lower > 0) return 2 ** (logLower + (logUpper - logLower) * fraction);
  return -(2 ** (logUpper + (logLower - logUpper) * (1 - fraction)));
}

/**
 * The share of observations between two values (prometheus/promql: HistogramFraction). Up to 3.5 (not `isNewer`) a value
 * inside a bucket that begins at -Inf has no share.
 */
export function fractionOfHistogram(lower: number, upper: number, histogram: FloatHistogram, isNewer: boolean): HistogramEstimate {
  if (histogram.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return plain(NaN);
  if (lower >= upper) return plain(0);
  const isCustom = usesCustomBuckets(histogram);
  const buckets = allBuckets(histogram);
  let rank = 0;
  let seen = 0;
  let lowerRank: number | undefined;
  let upperRank: number | undefined;
  let position = 0;
  for (; position < buckets.length; position++) {
    let bucket = buckets[position]!;
    seen += bucket.count;
    const isZero = bucket.lower <= 0 && bucket.upper >= 0;
    if (isZero) bucket = narrowZero(histogram, bucket);
    const rankAt = (value: number): number => {
      if (isCustom || isZero) return bucket.lower === -Infinity ? (isNewer ? bucket.count : NaN) : rank + bucket.count * fractionBelow(bucket, value, true);
      return rank + bucket.count * fractionBelow(bucket, value, false);
    };
    if (bucket.lower >= lower) lowerRank ??= rank;
    if (bucket.lower >= upper) upperRank ??= rank;
    if (bucket.lower < lower && bucket.upper > lower) lowerRank ??= rankAt(lower);
    if (bucket.lower < upper && bucket.upper > upper) upperRank ??= rankAt(upper);
    if (lowerRank !== undefined && upperRank !== undefined) break;
    rank += bucket.count;
  }
  let count = histogram.count;
  let note: HistogramEstimate['note'];
  if (Number.isNaN(histogram.sum)) {
    count = countOfRest(buckets, position, seen);
    if (count < histogram.count) note = 'nan-excluded';
  }
  const from = lowerRank === undefined || lowerRank > count ? count : lowerRank;
  const to = upperRank === undefined || upperRank > count ? count : upperRank;
  return { value: (to - from) / histogram.count, note };
}

/** The variance that a native histogram's observations have when each lies in the middle of its bucket. */
export function varianceOfHistogram(histogram: FloatHistogram): number {
  const mean = histogram.sum / histogram.count;
  const isCustom = usesCustomBuckets(histogram);
  let variance = 0;
  let error = 0;
  for (const bucket of allBuckets(histogram)) {
    if (bucket.count === 0) continue;
    let value: number;
    if (isCustom) value = (bucket.upper + bucket.lower) / 2;
    else if (bucket.lower <= 0 && bucket.upper >= 0) value = 0;
    else value = Math.sqrt(bucket.upper * bucket.lower) * (bucket.upper < 0 ? -1 : 1);
    const delta = value - mean;
    const increment = bucket.count * delta * delta;
    const total = variance + increment;
    if (!Number.isFinite(total) && !Number.isNaN(total)) error = 0;
    else error += Math.abs(variance) >= Math.abs(increment) ? variance - total + increment : increment - total + variance;
    variance = total;
  }
  return (variance + error) / histogram.count;
}
