import { bucketAt, zeroBucket, type HistogramBucket } from '../model/histogram-bounds.ts';
import type { FloatHistogram } from '../model/histogram.ts';
import { formatGoGeneral } from './go-general.ts';

/** A histogram as Prometheus prints it, for example in labels of count_values: `{count:3, sum:4, (1,2]:3}`. */
export function histogramText(histogram: FloatHistogram): string {
  const parts = [`count:${formatGoGeneral(histogram.count)}`, `sum:${formatGoGeneral(histogram.sum)}`];
  for (let i = histogram.negative.indexes.length - 1; i >= 0; i--) parts.push(...bucketText(bucketAt(histogram, false, i)));
  if (histogram.zeroCount !== 0) parts.push(...bucketText(zeroBucket(histogram)));
  for (let i = 0; i < histogram.positive.indexes.length; i++) parts.push(...bucketText(bucketAt(histogram, true, i)));
  return `{${parts.join(', ')}}`;
}

function bucketText(bucket: HistogramBucket): string[] {
  if (bucket.count === 0) return [];
  const open = bucket.lowerInclusive ? '[' : '(';
  const close = bucket.upperInclusive ? ']' : ')';
  return [`${open}${formatGoGeneral(bucket.lower)},${formatGoGeneral(bucket.upper)}${close}:${formatGoGeneral(bucket.count)}`];
}
