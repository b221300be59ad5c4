import { ProtobufReader, tagOf, WIRE } from '../../base/protobuf-reader.ts';
import type { Attributes, AttributeValue } from '../../model/attributes.ts';
import type {
  AttributeSource, DenseBuckets, ExponentialPoint, HistogramPoint, NumberPoint, OtlpExemplar, SummaryPoint,
} from './metric-points.ts';
import { idOrNone } from './span-names.ts';
import { readFixed64, readHex, readKeyValue, readResource, readSfixed64, readUnixMs } from './wire-values.ts';

const len = (field: number): number => tagOf(field, WIRE.bytes);
const fixed64 = (field: number): number => tagOf(field, WIRE.fixed64);
const varint = (field: number): number => tagOf(field, WIRE.varint);

const START = fixed64(2);
const TIME = fixed64(3);
const COUNT = fixed64(4);
const SUM = fixed64(5);
const NO_RECORDED_VALUE = 1;
const NO_EXEMPLARS: readonly OtlpExemplar[] = [];
const NO_BUCKETS: DenseBuckets = { offset: 0, counts: [] };

/** Reads data points. After each, {@link source} stands for the attributes of that point, until the next is read. */
export class PointReader {
  readonly source: AttributeSource & { key: string };
  readonly #reader: ProtobufReader;
  readonly #text: Buffer;
  /** Where the attribute fields (tag excluded, length included) of the current point begin. */
  #attributesAt: number[] = [];
  #isResource = false;
  #exemplars: OtlpExemplar[] | undefined;

  constructor(reader: ProtobufReader) {
    this.#reader = reader;
    const { bytes } = reader;
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.source = { key: '', read: () => this.#readAttributes() };
  }

  /** Makes {@link source} stand for the resource among the current message's fields; the cursor ends at the message's end. */
  findResource(field: number): void {
    this.#forget();
    this.#isResource = true;
    const reader = this.#reader;
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      if (tag === field) this.#noteAttribute();
      else reader.skip(tag);
    }
  }

  number(): NumberPoint {
    const reader = this.#reader;
    const outer = this.#begin();
    let startMs = 0;
    let timestampMs = 0;
    let value = 0;
    let flags = 0;
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      switch (tag) {
        case START: startMs = readUnixMs(reader); break;
        case TIME: timestampMs = readUnixMs(reader); break;
        case fixed64(4): value = reader.double(); break;
        case fixed64(6): value = readSfixed64(reader); break;
        case len(5): this.#readExemplar(); break;
        case len(7): this.#noteAttribute(); break;
        case varint(8): flags = reader.uint32(); break;
        default: reader.skip(tag);
      }
    }
    reader.leave(outer);
    return { startMs, timestampMs, value, isAbsent: (flags & NO_RECORDED_VALUE) !== 0, exemplars: this.#exemplars ?? NO_EXEMPLARS };
  }

  histogram(): HistogramPoint {
    const reader = this.#reader;
    const outer = this.#begin();
    let startMs = 0;
    let timestampMs = 0;
    let count = 0;
    let sum: number | undefined;
    let flags = 0;
    const counts: number[] = [];
    const bounds: number[] = [];
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      switch (tag) {
        case START: startMs = readUnixMs(reader); break;
        case TIME: timestampMs = readUnixMs(reader); break;
        case COUNT: count = readFixed64(reader); break;
        case SUM: sum = reader.double(); break;
        case len(6): this.#packed(() => counts.push(readFixed64(reader))); break;
        case fixed64(6): counts.push(readFixed64(reader)); break;
        case len(7): this.#packed(() => bounds.push(reader.double())); break;
        case fixed64(7): bounds.push(reader.double()); break;
        case len(8): this.#readExemplar(); break;
        case len(9): this.#noteAttribute(); break;
        case varint(10): flags = reader.uint32(); break;
        default: reader.skip(tag);
      }
    }
    reader.leave(outer);
    const isAbsent = (flags & NO_RECORDED_VALUE) !== 0;
    return { startMs, timestampMs, count, sum, counts, bounds, isAbsent, exemplars: this.#exemplars ?? NO_EXEMPLARS };
  }

  exponential(): ExponentialPoint {
    const reader = this.#reader;
    const outer = this.#begin();
    let startMs = 0;
    let timestampMs = 0;
    let count = 0;
    let sum: number | undefined;
    let scale = 0;
    let zeroCount = 0;
    let zeroThreshold = 0;
    let positive = NO_BUCKETS;
    let negative = NO_BUCKETS;
    let flags = 0;
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      switch (tag) {
        case len(1): this.#noteAttribute(); break;
        case START: startMs = readUnixMs(reader); break;
        case TIME: timestampMs = readUnixMs(reader); break;
        case COUNT: count = readFixed64(reader); break;
        case SUM: sum = reader.double(); break;
        case varint(6): scale = reader.sint32(); break;
        case fixed64(7): zeroCount = readFixed64(reader); break;
        case len(8): positive = this.#buckets(); break;
        case len(9): negative = this.#buckets(); break;
        case varint(10): flags = reader.uint32(); break;
        case len(11): this.#readExemplar(); break;
        case fixed64(14): zeroThreshold = reader.double(); break;
        default: reader.skip(tag);
      }
    }
    reader.leave(outer);
    const isAbsent = (flags & NO_RECORDED_VALUE) !== 0;
    const exemplars = this.#exemplars ?? NO_EXEMPLARS;
    return { startMs, timestampMs, count, sum, scale, zeroCount, zeroThreshold, positive, negative, isAbsent, exemplars };
  }

  summary(): SummaryPoint {
    const reader = this.#reader;
    const outer = this.#begin();
    let startMs = 0;
    let timestampMs = 0;
    let count = 0;
    let sum = 0;
    let flags = 0;
    const quantiles: number[] = [];
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      switch (tag) {
        case START: startMs = readUnixMs(reader); break;
        case TIME: timestampMs = readUnixMs(reader); break;
        case COUNT: count = readFixed64(reader); break;
        case SUM: sum = reader.double(); break;
        case len(6): this.#quantile(quantiles); break;
        case len(7): this.#noteAttribute(); break;
        case varint(8): flags = reader.uint32(); break;
        default: reader.skip(tag);
      }
    }
    reader.leave(outer);
    return { startMs, timestampMs, count, sum, quantiles, isAbsent: (flags & NO_RECORDED_VALUE) !== 0, exemplars: NO_EXEMPLARS };
  }

  /** Enters a point's message. */
  #begin(): number {
    this.#forget();
    return this.#reader.enter();
  }

  #forget(): void {
    this.#attributesAt = [];
    this.#isResource = false;
    this.#exemplars = undefined;
    this.source.key = '';
  }

  /** Adds the attribute field under the cursor to the key; it is decoded only when somebody asks. */
  #noteAttribute(): void {
    const reader = this.#reader;
    const start = reader.pos;
    this.#attributesAt.push(start);
    reader.pos = reader.bytesEnd();
    // Lengths are part of the key, so two lists of fields never run into the same text.
    this.source.key += this.#text.toString('latin1', start, reader.pos);
  }

  #readAttributes(): Attributes {
    const attributes = new Map<string, AttributeValue>();
    for (const at of this.#attributesAt) {
      const reader = new ProtobufReader(this.#reader.bytes, at);
      if (!this.#isResource) readKeyValue(reader, attributes);
      else for (const [key, value] of readResource(reader, '').attributes) attributes.set(key, value);
    }
    return attributes;
  }

  #packed(readOne: () => void): void {
    const reader = this.#reader;
    const outer = reader.enter();
    while (reader.pos < reader.end) readOne();
    reader.leave(outer);
  }

  #buckets(): DenseBuckets {
    const reader = this.#reader;
    const outer = reader.enter();
    let offset = 0;
    const counts: number[] = [];
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      if (tag === varint(1)) offset = reader.sint32();
      else if (tag === len(2)) this.#packed(() => counts.push(reader.uint64()));
      else if (tag === varint(2)) counts.push(reader.uint64());
      else reader.skip(tag);
    }
    reader.leave(outer);
    return { offset, counts };
  }

  #quantile(quantiles: number[]): void {
    const reader = this.#reader;
    const outer = reader.enter();
    let quantile = 0;
    let value = 0;
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      if (tag === fixed64(1)) quantile = reader.double();
      else if (tag === fixed64(2)) value = reader.double();
      else reader.skip(tag);
    }
    reader.leave(outer);
    quantiles.push(quantile, value);
  }

  #readExemplar(): void {
    const reader = this.#reader;
    const outer = reader.enter();
    let timestampMs = 0;
    let value = 0;
    let traceId = '';
    let spanId = '';
    const attributes = new Map<string, AttributeValue>();
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      switch (tag) {
        case fixed64(2): timestampMs = readUnixMs(reader); break;
        case fixed64(3): value = reader.double(); break;
        case len(4): spanId = idOrNone(readHex(reader)); break;
        case len(5): traceId = idOrNone(readHex(reader)); break;
        case fixed64(6): value = readSfixed64(reader); break;
        case len(7): readKeyValue(reader, attributes); break;
        default: reader.skip(tag);
      }
    }
    reader.leave(outer);
    (this.#exemplars ??= []).push({ timestampMs, value, traceId, spanId, attributes });
  }
}
