import { CUSTOM_BUCKETS_SCHEMA, type FloatHistogram } from './histogram.ts';

/**
 * How far Prometheus's table of fractions (model/histogram: exponentialBounds) lies below the exact 2^(k/256)/2, one digit
 * for each k: the difference in units of 2^-53, plus two. It keeps printed bucket bounds equal to the last digit.
 */
const FRACTION_CORRECTIONS =
  '22222232223222222234223333333333223222322333223322332133223322332222223333443243223222322223222222232122324422332333223232443333' +
  '32323344334332333333334343444344223322323344324433443233434433433354334344544454444444555566546533433444435533444354334444654455';

let fractions: Float64Array | undefined;

/** 2^(k/256)/2 for k from 0 to 255, by integer arithmetic: Math.pow is not the same on every machine. */
function fractionTable(): Float64Array {
  if (fractions) return fractions;
  const precision = 128n;
  let root = 2n << precision;
  for (let i = 0; i < 8; i++) root = integerRoot(root << precision);
  const half = 1n << (precision - 53n);
  const table = new Float64Array(256);
  let power = 1n << precision;
  for (let k = 0; k < 256; k++) {
    const exact = Number((power + half) >> (precision - 52n)) * 2 ** -53;
    table[k] = exact - (FRACTION_CORRECTIONS.charCodeAt(k) - 50) * 2 ** -53;
    power = (power * root) >> precision;
  }
  fractions = table;
  return table;
}

/** The largest integer whose square is at most `square`, by Newton's method. */
function integerRoot(square: bigint): bigint {
  let root = 1n << BigInt((square.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
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
