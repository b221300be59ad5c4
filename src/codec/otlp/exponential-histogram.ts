import type { FloatHistogram, SparseBuckets } from '../../model/histogram.ts';
import type { DenseBuckets, ExponentialPoint } from './metric-points.ts';

/** Prometheus has schemas up to 8; finer scales are merged down. */
export const FINEST_SCHEMA = 8;
/** Prometheus has no schema below this; such points cannot be converted. */
export const COARSEST_SCHEMA = -4;
/** What Prometheus assumes where OTLP says nothing (prometheusremotewrite: defaultZeroThreshold). */
const DEFAULT_ZERO_THRESHOLD = 1e-128;

/** Converts a point whose scale is at least {@link COARSEST_SCHEMA} to a native histogram. */
export function toNativeHistogram(point: ExponentialPoint): FloatHistogram {
  const schema = Math.min(point.scale, FINEST_SCHEMA);
  // More halvings than an index has bits change nothing, and keep the power finite.
  const shift = Math.min(point.scale - schema, 60);
  return {
    schema,
    count: point.count,
    sum: point.sum ?? 0,
    zeroThreshold: point.zeroThreshold > 0 ? point.zeroThreshold : DEFAULT_ZERO_THRESHOLD,
    zeroCount: point.zeroCount,
    positive: toSparse(point.positive, shift),
    negative: toSparse(point.negative, shift),
    counterReset: 'unknown',
    ...(point.isAbsent ? { isStale: true } : {}),
  };
}

/** The same histogram at a coarser schema. */
export function reduceSchema(histogram: FloatHistogram, schema: number): FloatHistogram {
  if (schema >= histogram.schema) return histogram;
  const shift = histogram.schema - schema;
  return { ...histogram, schema, positive: mergeDown(histogram.positive, shift), negative: mergeDown(histogram.negative, shift) };
}

/** The sum of two histograms, at the coarser schema of both; with different zero buckets the wider one takes in what it covers. */
export function addHistograms(a: FloatHistogram, b: FloatHistogram): FloatHistogram {
  const schema = Math.min(a.schema, b.schema);
  const zeroThreshold = Math.max(a.zeroThreshold, b.zeroThreshold);
  const left = widenZero(reduceSchema(a, schema), zeroThreshold);
  const right = widenZero(reduceSchema(b, schema), zeroThreshold);
  return {
    ...right,
    schema,
    zeroThreshold,
    count: left.count + right.count,
    sum: left.sum + right.sum,
    zeroCount: left.zeroCount + right.zeroCount,
    positive: addBuckets(left.positive, right.positive),
    negative: addBuckets(left.negative, right.negative),
  };
}

/** OTLP's bucket i begins where Prometheus's bucket i+1 begins: (base^i, base^(i+1)] is the latter's i+1. */
function toSparse(buckets: DenseBuckets, shift: number): SparseBuckets {
  const indexes: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < buckets.counts.length; i++) {
    const count = buckets.counts[i]!;
    if (count === 0) continue;
    append(indexes, counts, Math.floor((buckets.offset + i) / 2 ** shift) + 1, count);
  }
  return { indexes, counts };
}

function mergeDown(buckets: SparseBuckets, shift: number): SparseBuckets {
  const indexes: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < buckets.indexes.length; i++) {
    append(indexes, counts, Math.floor((buckets.indexes[i]! - 1) / 2 ** shift) + 1, buckets.counts[i]!);
  }
  return { indexes, counts };
}

function append(indexes: number[], counts: number[], index: number, count: number): void {
  if (indexes[indexes.length - 1] === index) counts[counts.length - 1]! += count;
  else {
    indexes.push(index);
    counts.push(count);
  }
}

function widenZero(histogram: FloatHistogram, threshold: number): FloatHistogram {
  if (histogram.zeroThreshold >= threshold) return histogram;
  const base = 2 ** (2 ** -histogram.schema);
  const isCovered = (index: number): boolean => base ** (index - 1) < threshold;
  let zeroCount = histogram.zeroCount;
  const keep = (buckets: SparseBuckets): SparseBuckets => {
    const covered = buckets.indexes.filter(isCovered).length;
    for (let i = 0; i < covered; i++) zeroCount += buckets.counts[i]!;
    return { indexes: buckets.indexes.slice(covered), counts: buckets.counts.slice(covered) };
  };
  const positive = keep(histogram.positive);
  const negative = keep(histogram.negative);
  return { ...histogram, zeroThreshold: threshold, zeroCount, positive, negative };
}

function addBuckets(a: SparseBuckets, b: SparseBuckets): SparseBuckets {
  const indexes: number[] = [];
  const counts: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.indexes.length || j < b.indexes.length) {
    const left = a.indexes[i] ?? Infinity;
    const right = b.indexes[j] ?? Infinity;
    indexes.push(Math.min(left, right));
    counts.push((left <= right ? a.counts[i++]! : 0) + (right <= left ? b.counts[j++]! : 0));
  }
  return { indexes, counts };
}
