import { compactHistogram } from './histogram-arithmetic.ts';
import { bucketAt, usesCustomBuckets, zeroBucket, type HistogramBucket } from './histogram-bounds.ts';
import type { FloatHistogram, SparseBuckets } from './histogram.ts';

/** How much of a bucket survives, and the value its observations are taken to have. */
interface Kept {
  readonly count: number;
  readonly midpoint: number;
}

/** The share of a bucket's observations below `value` (prometheus/model/histogram: Bucket.FractionBelow). */
export function fractionBelow(bucket: HistogramBucket, value: number, isLinear: boolean): number {
  if (isLinear) return (value - bucket.lower) / (bucket.upper - bucket.lower);
  const logLower = Math.log2(Math.abs(bucket.lower));
  const logUpper = Math.log2(Math.abs(bucket.upper));
  const logValue = Math.log2(Math.abs(value));
  if (value > 0) return (logValue - logLower) / (logUpper - logLower);
  return 1 - (logValue - logUpper) / (logLower - logUpper);
}

/**
 * The histogram without its observations above (`isUpper`) or below `limit`: the operators `</` and `>/`
 * (prometheus/model/histogram: FloatHistogram.TrimBuckets). Unchanged when nothing is cut off.
 */
export function trimHistogram(histogram: FloatHistogram, limit: number, isUpper: boolean): FloatHistogram {
  const isCustom = usesCustomBuckets(histogram);
  let count = 0;
  let sum = 0;
  let isTrimmed = false;
  const trimSide = (isPositive: boolean): SparseBuckets => {
    const side = isPositive ? histogram.positive : histogram.negative;
    const counts = side.counts.slice();
    for (let i = 0; i < counts.length; i++) {
      const bucket = bucketAt(histogram, isPositive, i);
      if (bucket.count === 0) continue;
      const isInside = isUpper ? bucket.upper <= limit : bucket.lower >= limit;
      const isCut = isUpper ? bucket.lower < limit : bucket.upper > limit;
      let kept: Kept;
      if (isInside) kept = { count: bucket.count, midpoint: midpointOf(bucket.lower, bucket.upper, isPositive, isCustom) };
      else if (isCut) kept = trimBucket(bucket, limit, isUpper, isPositive, isCustom);
      else kept = { count: 0, midpoint: 0 };
      count += kept.count;
      sum += kept.midpoint * kept.count;
      if (kept.count !== bucket.count) {
        counts[i] = kept.count;
        isTrimmed = true;
      }
    }
    return { indexes: side.indexes, counts };
  };
  const positive = trimSide(true);
  const negative = trimSide(false);
  let zeroCount = histogram.zeroCount;
  if (zeroCount > 0) {
    const hasPositive = histogram.positive.counts.some((value) => value !== 0);
    const hasNegative = histogram.negative.counts.some((value) => value !== 0);
    const kept = trimZero(zeroBucket(histogram), limit, isUpper, hasPositive, hasNegative);
    if (kept.count !== zeroCount) isTrimmed = true;
    zeroCount = kept.count;
    sum += kept.midpoint * kept.count;
    count += kept.count;
  }
  if (!isTrimmed) return histogram;
  return compactHistogram({ ...histogram, count, sum, zeroCount, positive, negative });
}

function trimBucket(bucket: HistogramBucket, limit: number, isUpper: boolean, isPositive: boolean, isCustom: boolean): Kept {
  if (bucket.lower === -Infinity) return trimLowest(bucket, limit, isUpper);
  if (bucket.upper === Infinity) return trimHighest(bucket, limit, isUpper);
  const below = bucket.count * fractionBelow(bucket, limit, isCustom);
  if (isUpper) return { count: below, midpoint: midpointOf(bucket.lower, limit, isPositive, isCustom) };
  return { count: bucket.count - below, midpoint: midpointOf(limit, bucket.upper, isPositive, isCustom) };
}

/** A bucket from -Inf: of its distribution nothing is known, unless it can be taken to start at zero. */
function trimLowest(bucket: HistogramBucket, limit: number, isUpper: boolean): Kept {
  const { count, upper } = bucket;
  const nothing: Kept = { count: 0, midpoint: Math.abs(upper) === Infinity ? 0 : upper };
  if (isUpper) {
    if (limit >= upper) return { count, midpoint: 0 };
    if (limit > 0 && upper > 0 && upper !== Infinity) return { count: (count * limit) / upper, midpoint: limit / 2 };
    return upper <= 0 ? { count, midpoint: limit } : nothing;
  }
  if (limit === -Infinity) return { count, midpoint: 0 };
  if (limit >= 0 && upper > limit && upper !== Infinity) {
    return { count: count * (1 - limit / upper), midpoint: (limit + upper) / 2 };
  }
  return nothing;
}

/** A bucket to +Inf: what lies above the limit in it is unknown, so it goes whole when cut from above. */
function trimHighest(bucket: HistogramBucket, limit: number, isUpper: boolean): Kept {
  if (!isUpper && limit >= bucket.lower) return { count: bucket.count, midpoint: limit };
  return { count: 0, midpoint: bucket.lower };
}

function trimZero(bucket: HistogramBucket, limit: number, isUpper: boolean, hasPositive: boolean, hasNegative: boolean): Kept {
  const upper = hasNegative && !hasPositive ? 0 : bucket.upper;
  const lower = hasPositive && !hasNegative ? 0 : bucket.lower;
  const whole: Kept = { count: bucket.count, midpoint: (lower + upper) / 2 };
  const nothing: Kept = { count: 0, midpoint: 0 };
  if (limit <= lower) return isUpper ? nothing : whole;
  if (limit >= upper) return isUpper ? whole : nothing;
  if (isUpper) return { count: (bucket.count * (limit - lower)) / (upper - lower), midpoint: (lower + limit) / 2 };
  return { count: (bucket.count * (upper - limit)) / (upper - lower), midpoint: (limit + upper) / 2 };
}

/** The value that observations of a bucket are taken to have: its middle, on a logarithmic scale for exponential buckets. */
function midpointOf(lower: number, upper: number, isPositive: boolean, isLinear: boolean): number {
  if (Math.abs(lower) === Infinity) {
    if (Math.abs(upper) === Infinity) return 0;
    return upper > 0 ? upper / 2 : upper;
  }
  if (Math.abs(upper) === Infinity) return lower;
  if (isLinear) return (lower + upper) / 2;
  const mean = Math.sqrt(Math.abs(lower * upper));
  return isPositive ? mean : -mean;
}
