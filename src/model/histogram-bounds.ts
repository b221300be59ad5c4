import { CUSTOM_BUCKETS_SCHEMA, type FloatHistogram } from './histogram.ts';

/**
 * How far Prometheus's table of fractions (model/histogram: exponentialBounds) lies below `2 ** (k / 256) / 2`,
 * one digit for each k: the difference in units of 2^-53, plus one. It keeps printed bucket bounds equal to the digit.
 */
const FRACTION_CORRECTIONS =
  '11111121112111111123112222222222112111211221112211221122112212221111112222322132112111211121111111221011213311221121112111331222' +
  '21222133223212322122223333332244212111212233213222332222223322323243223233433333333333444455435422323233324422333243323333543344';

let fractions: Float64Array | undefined;

function fractionTable(): Float64Array {
  if (fractions) return fractions;
  const table = new Float64Array(256);
  for (let k = 0; k < 256; k++) {
    table[k] = 2 ** (k / 256) / 2 - (FRACTION_CORRECTIONS.charCodeAt(k) - 49) * 2 ** -53;
  }
  fractions = table;
  return table;
}

/**
 * The upper bound of exponential bucket `index` (prometheus/model/histogram: getBoundExponential).
 * The last bucket of regular numbers ends at the largest finite number, the one after it holds the infinities.
 */
export function exponentialBound(index: number, schema: number): number {
  if (schema <= 0) {
    const exponent = index * 2 ** -schema;
    return exponent === 1024 ? Number.MAX_VALUE : 2 ** exponent;
  }
  const size = 1 << schema;
  const part = index & (size - 1);
  const exponent = (index >> schema) + 1;
  if (part === 0 && exponent === 1025) return Number.MAX_VALUE;
  const fraction = fractionTable()[part << (8 - schema)]!;
  // In two steps, because 2 ** 1024 alone would already overflow.
  return fraction * 2 * 2 ** (exponent - 1);
}

/** Whether the histogram has custom bucket bounds instead of exponential ones. */
export function usesCustomBuckets(histogram: { readonly schema: number }): boolean {
  return histogram.schema === CUSTOM_BUCKETS_SCHEMA;
}

const NO_BOUNDS: readonly number[] = [];

/** The custom upper bounds, or an empty list for exponential histograms. */
export function customBounds(histogram: FloatHistogram): readonly number[] {
  return histogram.customValues ?? NO_BOUNDS;
}

/** The upper bound of bucket `index`; the lower one is that of `index - 1`. */
export function bucketBound(index: number, schema: number, bounds: readonly number[]): number {
  if (schema !== CUSTOM_BUCKETS_SCHEMA) return exponentialBound(index, schema);
  if (index < 0) return -Infinity;
  return index < bounds.length ? bounds[index]! : Infinity;
}

/** One bucket with its bounds; `count` is its own count. */
export interface HistogramBucket {
  lower: number;
  upper: number;
  lowerInclusive: boolean;
  upperInclusive: boolean;
  count: number;
}

/** The bucket at `position` of the positive or negative side. */
export function bucketAt(histogram: FloatHistogram, isPositive: boolean, position: number): HistogramBucket {
  const side = isPositive ? histogram.positive : histogram.negative;
  const index = side.indexes[position]!;
  const count = side.counts[position]!;
  const bounds = customBounds(histogram);
  const far = bucketBound(index, histogram.schema, bounds);
  const near = bucketBound(index - 1, histogram.schema, bounds);
  const lower = isPositive ? near : -far;
  const upper = isPositive ? far : -near;
  if (usesCustomBuckets(histogram)) return { lower, upper, lowerInclusive: index === 0, upperInclusive: true, count };
  return { lower, upper, lowerInclusive: lower < 0, upperInclusive: upper > 0, count };
}

/** The zero bucket of an exponential histogram. */
export function zeroBucket(histogram: FloatHistogram): HistogramBucket {
  return {
    lower: -histogram.zeroThreshold,
    upper: histogram.zeroThreshold,
    lowerInclusive: true,
    upperInclusive: true,
    count: histogram.zeroCount,
  };
}

/**
 * All populated buckets from the lowest to the highest, the zero bucket between the sides.
 * Where the zero bucket overlaps its neighbour, the neighbour ends at the zero threshold.
 */
export function allBuckets(histogram: FloatHistogram): HistogramBucket[] {
  const buckets: HistogramBucket[] = [];
  const threshold = histogram.zeroThreshold;
  for (let i = histogram.negative.indexes.length - 1; i >= 0; i--) {
    const bucket = bucketAt(histogram, false, i);
    if (bucket.upper < 0 && bucket.upper > -threshold) bucket.upper = -threshold;
    buckets.push(bucket);
  }
  if (histogram.zeroCount > 0) buckets.push(zeroBucket(histogram));
  for (let i = 0; i < histogram.positive.indexes.length; i++) {
    const bucket = bucketAt(histogram, true, i);
    if (bucket.lower > 0 && bucket.lower < threshold) bucket.lower = threshold;
    buckets.push(bucket);
  }
  return buckets;
}
