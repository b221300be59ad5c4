import type { CounterResetHint, FloatHistogram, SparseBuckets } from '../../../model/histogram.ts';
import type { ByteReader } from './byte-reader.ts';
import { CorruptChunkError } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

const HINTS: readonly CounterResetHint[] = ['unknown', 'reset', 'not_reset', 'gauge'];
const STALE = 4;
const SAME_LAYOUT = 8;
const INTEGERS = 16;
const LARGEST_INTEGER = 2 ** 50;
const NO_BUCKETS: SparseBuckets = { indexes: [], counts: [] };

/**
 * Writes a histogram, shorter when `previous` (what the reader will have read before it) has the same buckets:
 * flags (hint, stale, same layout, integer counts), layout (schema, zero threshold, custom values, bucket indexes), sum,
 * then count, zero count and bucket counts as differences from `previous` when integers, else as doubles.
 */
export function encodeHistogram(out: ByteWriter, histogram: FloatHistogram, previous: FloatHistogram | undefined): void {
  const isSame = previous !== undefined && hasSameLayout(histogram, previous);
  const isInteger = hasIntegerCounts(histogram) && (!isSame || hasIntegerCounts(previous));
  const flags = HINTS.indexOf(histogram.counterReset) | (histogram.isStale === true ? STALE : 0) | (isSame ? SAME_LAYOUT : 0) | (isInteger ? INTEGERS : 0);
  out.byte(flags);
  if (histogram.isStale === true) return;
  if (!isSame) encodeLayout(out, histogram);
  out.double(histogram.sum);
  const base = isSame ? previous : undefined;
  encodeCount(out, histogram.count, base?.count ?? 0, isInteger);
  encodeCount(out, histogram.zeroCount, base?.zeroCount ?? 0, isInteger);
  encodeCounts(out, histogram.positive.counts, base?.positive.counts, isInteger);
  encodeCounts(out, histogram.negative.counts, base?.negative.counts, isInteger);
}

/** Reads what {@link encodeHistogram} wrote with the same `previous`. */
export function decodeHistogram(input: ByteReader, previous: FloatHistogram | undefined): FloatHistogram {
  const flags = input.byte();
  const counterReset = HINTS[flags & 3]!;
  if ((flags & STALE) !== 0) return staleHistogram(counterReset);
  const isSame = (flags & SAME_LAYOUT) !== 0;
  const isInteger = (flags & INTEGERS) !== 0;
  if (isSame && previous === undefined) throw new CorruptChunkError('histogram without its predecessor');
  const layout = isSame ? previous! : decodeLayout(input);
  const base = isSame ? previous : undefined;
  return {
    schema: layout.schema,
    zeroThreshold: layout.zeroThreshold,
    sum: input.double(),
    count: decodeCount(input, base?.count ?? 0, isInteger),
    zeroCount: decodeCount(input, base?.zeroCount ?? 0, isInteger),
    positive: decodeCounts(input, layout.positive.indexes, base?.positive.counts, isInteger),
    negative: decodeCounts(input, layout.negative.indexes, base?.negative.counts, isInteger),
    ...(layout.customValues === undefined ? undefined : { customValues: layout.customValues }),
    counterReset,
  };
}

/** Whether two histograms are the same sample, whatever is known of resets; NaN sums equal each other. */
export function isSameHistogram(a: FloatHistogram, b: FloatHistogram): boolean {
  if (a.isStale === true || b.isStale === true) return a.isStale === b.isStale;
  return (
    hasSameLayout(a, b) &&
    (a.counterReset === 'gauge') === (b.counterReset === 'gauge') &&
    Object.is(a.sum, b.sum) &&
    Object.is(a.count, b.count) &&
    Object.is(a.zeroCount, b.zeroCount) &&
    areEqual(a.positive.counts, b.positive.counts) &&
    areEqual(a.negative.counts, b.negative.counts)
  );
}

/** A stale marker in a histogram series. */
function staleHistogram(counterReset: CounterResetHint): FloatHistogram {
  return { schema: 0, count: 0, sum: NaN, zeroThreshold: 0, zeroCount: 0, positive: NO_BUCKETS, negative: NO_BUCKETS, counterReset, isStale: true };
}

type Layout = Pick<FloatHistogram, 'schema' | 'zeroThreshold' | 'customValues' | 'positive' | 'negative'>;

function encodeLayout(out: ByteWriter, { schema, zeroThreshold, customValues, positive, negative }: Layout): void {
  out.zigzag(schema);
  out.double(zeroThreshold);
  out.varint(customValues === undefined ? 0 : customValues.length + 1);
  for (const bound of customValues ?? []) out.double(bound);
  encodeIndexes(out, positive.indexes);
  encodeIndexes(out, negative.indexes);
}

function decodeLayout(input: ByteReader): Layout {
  const schema = input.zigzag();
  const zeroThreshold = input.double();
  const bounds = input.count(1);
  const customValues: number[] = [];
  for (let i = 1; i < bounds; i++) customValues.push(input.double());
  const positive = { indexes: decodeIndexes(input), counts: [] };
  const negative = { indexes: decodeIndexes(input), counts: [] };
  return { schema, zeroThreshold, positive, negative, ...(bounds === 0 ? undefined : { customValues }) };
}

function encodeIndexes(out: ByteWriter, indexes: readonly number[]): void {
  out.varint(indexes.length);
  let previous = 0;
  for (const index of indexes) {
    out.zigzag(index - previous);
    previous = index;
  }
}

function decodeIndexes(input: ByteReader): readonly number[] {
  const count = input.count();
  const indexes: number[] = [];
  for (let i = 0, index = 0; i < count; i++) indexes.push((index += input.zigzag()));
  return indexes;
}

function encodeCount(out: ByteWriter, count: number, base: number, isInteger: boolean): void {
  if (isInteger) out.zigzag(count - base);
  else out.double(count);
}

function decodeCount(input: ByteReader, base: number, isInteger: boolean): number {
  return isInteger ? base + input.zigzag() : input.double();
}

function encodeCounts(out: ByteWriter, counts: readonly number[], base: readonly number[] | undefined, isInteger: boolean): void {
  for (let i = 0; i < counts.length; i++) encodeCount(out, counts[i]!, base?.[i] ?? 0, isInteger);
}

function decodeCounts(input: ByteReader, indexes: readonly number[], base: readonly number[] | undefined, isInteger: boolean): SparseBuckets {
  const counts: number[] = [];
  for (let i = 0; i < indexes.length; i++) counts.push(decodeCount(input, base?.[i] ?? 0, isInteger));
  return { indexes, counts };
}

function hasSameLayout(a: FloatHistogram, b: FloatHistogram): boolean {
  return (
    b.isStale !== true &&
    a.schema === b.schema &&
    Object.is(a.zeroThreshold, b.zeroThreshold) &&
    (a.customValues === undefined) === (b.customValues === undefined) &&
    areEqual(a.customValues ?? [], b.customValues ?? []) &&
    areEqual(a.positive.indexes, b.positive.indexes) &&
    areEqual(a.negative.indexes, b.negative.indexes)
  );
}

function hasIntegerCounts(histogram: FloatHistogram): boolean {
  return (
    isCount(histogram.count) && isCount(histogram.zeroCount) && histogram.positive.counts.every(isCount) && histogram.negative.counts.every(isCount)
  );
}

function isCount(value: number): boolean {
  return Math.floor(value) === value && Math.abs(value) < LARGEST_INTEGER && !Object.is(value, -0);
}

function areEqual(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
