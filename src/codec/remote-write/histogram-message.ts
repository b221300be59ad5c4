import type { ProtobufReader} from '../../base/protobuf-reader.ts';
import { WIRE } from '../../base/protobuf-reader.ts';
import { CUSTOM_BUCKETS_SCHEMA, type CounterResetHint, type FloatHistogram, type SparseBuckets } from '../../model/histogram.ts';
import { NO_BUCKETS, withoutEmptyBuckets } from '../../model/histogram-buckets.ts';
import { STALE_NAN_BITS } from '../../model/metric.ts';

const HINTS: readonly CounterResetHint[] = ['unknown', 'reset', 'not_reset', 'gauge'];
const SMALLEST_SCHEMA = -4;
const LARGEST_SCHEMA = 8;

/** A histogram and its time; `problem` says why it must not be stored, '' when it may. */
export interface DecodedHistogram {
  readonly timestampMs: number;
  readonly histogram: FloatHistogram;
  readonly problem: string;
}

interface Side {
  /** Offsets and lengths alternating. */
  readonly spans: number[];
  readonly deltas: number[];
  readonly counts: number[];
}

/** Reads the Histogram message (prompb/types.proto) that the reader stands before. */
export function readHistogram(reader: ProtobufReader): DecodedHistogram {
  const outer = reader.enter();
  const negative: Side = { spans: [], deltas: [], counts: [] };
  const positive: Side = { spans: [], deltas: [], counts: [] };
  const customValues: number[] = [];
  let [count, sum, schema, zeroThreshold, zeroCount, hint, timestampMs] = [0, 0, 0, 0, 0, 0, 0];
  let isFloat = false;
  let isStale = false;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 1 * 8 + WIRE.varint:
        count = reader.uint64();
        isFloat = false;
        break;
      case 2 * 8 + WIRE.fixed64:
        count = reader.double();
        isFloat = true;
        break;
      case 3 * 8 + WIRE.fixed64: {
        const at = reader.pos;
        reader.fixed64Words();
        isStale = reader.high === STALE_NAN_BITS.high && reader.low === STALE_NAN_BITS.low;
        reader.pos = at;
        sum = reader.double();
        break;
      }
      case 4 * 8 + WIRE.varint:
        schema = reader.sint32();
        break;
      case 5 * 8 + WIRE.fixed64:
        zeroThreshold = reader.double();
        break;
      case 6 * 8 + WIRE.varint:
        zeroCount = reader.uint64();
        break;
      case 7 * 8 + WIRE.fixed64:
        zeroCount = reader.double();
        break;
      case 8 * 8 + WIRE.bytes:
        readSpan(reader, negative.spans);
        break;
      case 9 * 8 + WIRE.bytes:
      case 9 * 8 + WIRE.varint:
        readRepeated(reader, tag, negative.deltas, () => reader.sint64());
        break;
      case 10 * 8 + WIRE.bytes:
      case 10 * 8 + WIRE.fixed64:
        readRepeated(reader, tag, negative.counts, () => reader.double());
        break;
      case 11 * 8 + WIRE.bytes:
        readSpan(reader, positive.spans);
        break;
      case 12 * 8 + WIRE.bytes:
      case 12 * 8 + WIRE.varint:
        readRepeated(reader, tag, positive.deltas, () => reader.sint64());
        break;
      case 13 * 8 + WIRE.bytes:
      case 13 * 8 + WIRE.fixed64:
        readRepeated(reader, tag, positive.counts, () => reader.double());
        break;
      case 14 * 8 + WIRE.varint:
        hint = reader.uint32();
        break;
      case 15 * 8 + WIRE.varint:
        timestampMs = reader.int64();
        break;
      case 16 * 8 + WIRE.bytes:
      case 16 * 8 + WIRE.fixed64:
        readRepeated(reader, tag, customValues, () => reader.double());
        break;
      default:
        reader.skip(tag);
    }
  }
  reader.leave(outer);
  const counterReset = HINTS[hint] ?? 'unknown';
  if (isStale) {
    const histogram = { schema: 0, count: 0, sum: NaN, zeroThreshold: 0, zeroCount: 0, positive: NO_BUCKETS, negative: NO_BUCKETS, counterReset, isStale };
    return { timestampMs, histogram, problem: '' };
  }
  const below = bucketsOf(negative, isFloat);
  const above = bucketsOf(positive, isFloat);
  const histogram: FloatHistogram = {
    schema,
    count,
    sum,
    zeroThreshold,
    zeroCount,
    positive: withoutEmptyBuckets(above ?? NO_BUCKETS),
    negative: withoutEmptyBuckets(below ?? NO_BUCKETS),
    ...(schema === CUSTOM_BUCKETS_SCHEMA ? { customValues } : undefined),
    counterReset,
  };
  if (below === undefined || above === undefined) return { timestampMs, histogram, problem: 'a histogram has spans that do not fit its buckets' };
  return { timestampMs, histogram, problem: histogramProblem(histogram, above, customValues, isFloat) };
}

function readSpan(reader: ProtobufReader, spans: number[]): void {
  const outer = reader.enter();
  let offset = 0;
  let length = 0;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === 1 * 8 + WIRE.varint) offset = reader.sint32();
    else if (tag === 2 * 8 + WIRE.varint) length = reader.uint32();
    else reader.skip(tag);
  }
  reader.leave(outer);
  spans.push(offset, length);
}

/** A repeated number, packed or not. */
function readRepeated(reader: ProtobufReader, tag: number, values: number[], read: () => number): void {
  if ((tag & 7) !== WIRE.bytes) {
    values.push(read());
    return;
  }
  const outer = reader.enter();
  while (reader.pos < reader.end) values.push(read());
  reader.leave(outer);
}

/** One side with absolute indexes and counts; undefined when spans and buckets contradict each other. */
function bucketsOf({ spans, deltas, counts }: Side, isFloat: boolean): SparseBuckets | undefined {
  const values = isFloat ? counts : deltas;
  const absolute: number[] = [];
  const indexes: number[] = [];
  let index = 0;
  let count = 0;
  for (let span = 0; span < spans.length; span += 2) {
    const offset = spans[span]!;
    if (span > 0 && offset < 0) return undefined;
    index += offset;
    const length = spans[span + 1]!;
    // Checked before the loop: a length is four billion in five bytes.
    if (indexes.length + length > values.length) return undefined;
    for (let i = 0; i < length; i++) {
      const value = values[indexes.length]!;
      count = isFloat ? value : count + value;
      indexes.push(index++);
      absolute.push(count);
    }
  }
  return indexes.length === values.length ? { indexes, counts: absolute } : undefined;
}

/** The checks of prometheus/model/histogram (Validate). */
function histogramProblem(histogram: FloatHistogram, positive: SparseBuckets, customValues: readonly number[], isFloat: boolean): string {
  const { schema, count, sum, zeroCount, zeroThreshold, negative } = histogram;
  if (schema === CUSTOM_BUCKETS_SCHEMA) {
    if (zeroCount !== 0 || zeroThreshold !== 0 || negative.indexes.length > 0) return 'a histogram with custom buckets has zero or negative buckets';
    if (customValues.some((bound, i) => !Number.isFinite(bound) || (i > 0 && bound <= customValues[i - 1]!))) return 'custom bucket bounds of a histogram do not ascend';
    if (positive.indexes.some((index) => index < 0 || index > customValues.length)) return 'a histogram has buckets beyond its custom bounds';
  } else {
    if (schema < SMALLEST_SCHEMA || schema > LARGEST_SCHEMA) return `histogram schema ${schema} is not supported`;
    if (customValues.length > 0) return 'a histogram with exponential buckets has custom bounds';
  }
  const isGauge = histogram.counterReset === 'gauge' && isFloat;
  const all = [...histogram.positive.counts, ...negative.counts];
  if (!isGauge && all.some((value) => value < 0)) return 'a histogram bucket has a negative count';
  if (isFloat) return '';
  const total = all.reduce((a, b) => a + b, zeroCount);
  const fits = Number.isNaN(sum) ? total <= count : total === count;
  return fits ? '' : 'the count of a histogram is not the sum of its buckets';
}
