/** The buckets of a classic histogram at one time: upper bounds ascending and cumulative counts, `length` of each. */
export interface ClassicBuckets {
  bounds: Float64Array;
  counts: Float64Array;
  length: number;
}

/** Where counts fell from one bucket to the next and were raised. */
export interface MonotonicityFix {
  minBucket: number;
  maxBucket: number;
  maxDifference: number;
}

/** Differences below this share are noise of floating point sums. */
const SMALL_DIFFERENCE = 1e-12;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** Makes room for `needed` buckets. */
export function reserveBuckets(buckets: ClassicBuckets, needed: number): void {
  if (buckets.bounds.length >= needed) return;
  buckets.bounds = new Float64Array(needed * 2);
  buckets.counts = new Float64Array(needed * 2);
}

/** Adds the next bucket; one with the same bound as the last is added to it. */
export function appendBucket(buckets: ClassicBuckets, bound: number, count: number): void {
  const last = buckets.length - 1;
  if (last >= 0 && buckets.bounds[last] === bound) {
    buckets.counts[last]! += count;
    return;
  }
  buckets.bounds[buckets.length] = bound;
  buckets.counts[buckets.length] = count;
  buckets.length++;
}

function almostEqual(a: number, b: number): boolean {
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < SMALL_DIFFERENCE * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < SMALL_DIFFERENCE;
}

/** Raises counts that fall, silently when the difference is noise; undefined when nothing had to be forced. */
function makeMonotonic(buckets: ClassicBuckets): MonotonicityFix | undefined {
  const { bounds, counts, length } = buckets;
  let fix: MonotonicityFix | undefined;
  let previous = counts[0]!;
  for (let i = 1; i < length; i++) {
    const current = counts[i]!;
    if (current === previous) continue;
    if (almostEqual(previous, current) || (Number.isNaN(previous) && Number.isNaN(current))) {
      counts[i] = previous;
      continue;
    }
    if (current < previous) {
      counts[i] = previous;
      fix ??= { minBucket: Infinity, maxBucket: -Infinity, maxDifference: 0 };
      fix.minBucket = Math.min(fix.minBucket, bounds[i]!);
      fix.maxBucket = Math.max(fix.maxBucket, bounds[i]!);
      fix.maxDifference = Math.max(fix.maxDifference, previous - current);
      continue;
    }
    previous = current;
  }
  return fix;
}

/** What the last call of quantileOfBuckets had to force. */
export interface ClassicQuantile {
  value: number;
  fix: MonotonicityFix | undefined;
}

/**
 * The quantile of a classic histogram (prometheus/promql: BucketQuantile), linear inside a bucket; changes the counts.
 * NaN without a +Inf bucket, without observations or with fewer than two buckets. Needs at least one bucket.
 */
export function quantileOfBuckets(quantile: number, buckets: ClassicBuckets, result: ClassicQuantile): void {
  const { bounds, counts } = buckets;
  const last = buckets.length - 1;
  result.fix = undefined;
  if (Number.isNaN(quantile)) result.value = NaN;
  else if (quantile < 0) result.value = -Infinity;
  else if (quantile > 1) result.value = Infinity;
  else if (bounds[last] !== Infinity) result.value = NaN;
  else {
    result.fix = makeMonotonic(buckets);
    const observations = counts[last]!;
    if (last < 1 || observations === 0) result.value = NaN;
    else result.value = interpolate(quantile * observations, bounds, counts, last);
  }
}

function interpolate(rank: number, bounds: Float64Array, counts: Float64Array, last: number): number {
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (counts[middle]! >= rank) high = middle;
    else low = middle + 1;
  }
  if (low === last) return bounds[last - 1]!;
  if (low === 0 && bounds[0]! <= 0) return bounds[0]!;
  if (low === 0) return bounds[0]! * (rank / counts[0]!);
  const start = bounds[low - 1]!;
  const below = counts[low - 1]!;
  return start + (bounds[low]! - start) * ((rank - below) / (counts[low]! - below));
}

/**
 * The share of observations between two values in a classic histogram (prometheus/promql: BucketFraction). Up to 3.5
 * (not `isNewer`) the first bucket is taken to begin at -Inf, and a value inside it has no share.
 */
export function fractionOfBuckets(lower: number, upper: number, buckets: ClassicBuckets, isNewer: boolean): number {
  const { bounds, counts, length } = buckets;
  if (bounds[length - 1] !== Infinity) return NaN;
  const count = counts[length - 1]!;
  if (count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return NaN;
  if (lower >= upper) return 0;
  let rank = 0;
  let from: number | undefined;
  let to: number | undefined;
  for (let i = 0; i < length; i++) {
    const start = i > 0 ? bounds[i - 1]! : bounds[0]! <= 0 || !isNewer ? -Infinity : 0;
    const end = bounds[i]!;
    const rankAt = (value: number): number =>
      start === -Infinity ? (isNewer ? counts[i]! : NaN) : rank + ((counts[i]! - rank) * (value - start)) / (end - start);
    if (start >= lower) from ??= rank;
    if (start >= upper) to ??= rank;
    if (start < lower && end > lower) from ??= rankAt(lower);
    if (start < upper && end > upper) to ??= rankAt(upper);
    if (from !== undefined && to !== undefined) break;
    rank = counts[i]!;
  }
  const lowerRank = from === undefined || from > count ? count : from;
  const upperRank = to === undefined || to > count ? count : to;
  return (upperRank - lowerRank) / count;
}
