import { ProtobufError, ProtobufReader, WIRE } from '../../base/protobuf-reader.ts';
import { NO_LABELS } from '../../model/labels.ts';
import { MetricBatchBuilder, type MetricBatch } from '../../model/metric-batch.ts';
import type { MetricMetadata, MetricType } from '../../model/metric.ts';
import { inflateBody } from '../compression.ts';
import { readHistogram } from './histogram-message.ts';
import { LabelCache, type CachedLabels } from './label-cache.ts';
import { readLabel, seriesLabels, sortedLabels } from './label-message.ts';

const TIME_SERIES = 1 * 8 + WIRE.bytes;
const METADATA = 3 * 8 + WIRE.bytes;
const LABEL = 1 * 8 + WIRE.bytes;
const SAMPLE = 2 * 8 + WIRE.bytes;
const EXEMPLAR = 3 * 8 + WIRE.bytes;
const HISTOGRAM = 4 * 8 + WIRE.bytes;
const VALUE = 1 * 8 + WIRE.fixed64;
const TIMESTAMP = 2 * 8 + WIRE.varint;

const TYPES: readonly MetricType[] = ['unknown', 'counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset'];
/** Thrown and caught in here. */
const SCATTERED = new Error('labels after other fields');
const MOST_PROBLEMS = 50;
const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;

/** Why some of a request was left out, and how many series, samples or exemplars that hit. */
export interface RemoteWriteProblem {
  readonly message: string;
  readonly count: number;
}

/**
 * A decoded request. `malformed` says that the body as a whole is no remote write: then the value is empty and the answer a
 * 4xx (413 for `isTooLarge`). Else `problems` tells what was left out of the value.
 */
export interface RemoteWriteDecoded {
  readonly value: MetricBatch;
  readonly problems: readonly RemoteWriteProblem[];
  readonly malformed?: string;
  readonly isTooLarge?: boolean;
}

/**
 * Decodes Prometheus remote write 1.0 (prompb/remote.proto: WriteRequest), and remembers label sets from request to request.
 * Float values keep their bits. Keep one for as long as requests come in.
 */
export class RemoteWriteDecoder {
  readonly #cache: LabelCache;
  readonly #problems = new Map<string, number>();

  constructor(cache: LabelCache = new LabelCache()) {
    this.#cache = cache;
  }

  /** Decodes a snappy-compressed body that inflates to at most `maxBytes`. */
  decode(body: Uint8Array, maxBytes: number = DEFAULT_MAX_BYTES): RemoteWriteDecoded {
    const inflated = inflateBody(body, 'snappy', maxBytes);
    if (inflated.ok) return this.decodeMessage(inflated.value);
    const { kind, message } = inflated.error;
    return { value: new MetricBatchBuilder().build(), problems: [], malformed: message, isTooLarge: kind === 'too-large' };
  }

  /** Decodes a WriteRequest that is not compressed any more. */
  decodeMessage(message: Uint8Array): RemoteWriteDecoded {
    return this.#decodeMessage(message, false) ?? this.#decodeMessage(message, true)!;
  }

  /** Undefined when a series turns out to have labels after other fields, and `isScattered` did not announce that. */
  #decodeMessage(message: Uint8Array, isScattered: boolean): RemoteWriteDecoded | undefined {
    const builder = new MetricBatchBuilder();
    const reader = new ProtobufReader(message);
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    this.#problems.clear();
    try {
      while (reader.pos < reader.end) {
        const tag = reader.tag();
        if (tag === TIME_SERIES) {
          const outer = reader.enter();
          if (isScattered) this.#readScattered(reader, builder);
          else this.#readSeries(reader, view, builder);
          reader.leave(outer);
        } else if (tag === METADATA) builder.addMetadata(readMetadata(reader));
        else reader.skip(tag);
      }
    } catch (error) {
      if (error === SCATTERED) return undefined;
      if (!(error instanceof ProtobufError)) throw error;
      const malformed = `the body is not a remote write request: ${error.message} at byte ${reader.pos}`;
      return { value: new MetricBatchBuilder().build(), problems: [], malformed };
    }
    return { value: builder.build(), problems: Array.from(this.#problems, ([text, count]) => ({ message: text, count })) };
  }

  #readSeries(reader: ProtobufReader, view: DataView, builder: MetricBatchBuilder): void {
    const entry = this.#readLabels(reader, view);
    const isRefused = entry.problem !== '';
    if (!isRefused) builder.startSeries(entry.labels);
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      if (tag === LABEL) throw SCATTERED;
      if (isRefused) reader.skip(tag);
      else this.#readField(reader, tag, builder);
    }
    if (isRefused) this.#report(entry.problem);
  }

  /** Reads the labels at the beginning of a series. */
  #readLabels(reader: ProtobufReader, view: DataView): CachedLabels {
    const { bytes, end } = reader;
    const start = reader.pos;
    const expected = this.#cache.expected(view, start, end);
    if (expected !== undefined) {
      const after = start + expected.length;
      if (after === end || bytes[after] !== LABEL) {
        reader.pos = after;
        return expected;
      }
    }
    while (reader.pos < end && bytes[reader.pos] === LABEL) {
      reader.pos++;
      reader.pos = reader.bytesEnd();
    }
    const after = reader.pos;
    const known = this.#cache.find(view, start, after);
    if (known !== undefined) return known;
    const pairs: string[] = [];
    reader.pos = start;
    while (reader.pos < after) {
      reader.pos++;
      readLabel(reader, pairs);
    }
    const { labels, problem } = seriesLabels(pairs);
    return this.#cache.add(bytes, view, start, after, labels, problem);
  }

  /** A series whose labels may be anywhere among its fields: allowed, but nobody sends it. */
  #readScattered(reader: ProtobufReader, builder: MetricBatchBuilder): void {
    const start = reader.pos;
    const pairs: string[] = [];
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      if (tag === LABEL) readLabel(reader, pairs);
      else reader.skip(tag);
    }
    const { labels, problem } = seriesLabels(pairs);
    if (problem !== '') {
      this.#report(problem);
      return;
    }
    builder.startSeries(labels);
    reader.pos = start;
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      if (tag === LABEL) reader.skip(tag);
      else this.#readField(reader, tag, builder);
    }
  }

  #readField(reader: ProtobufReader, tag: number, builder: MetricBatchBuilder): void {
    if (tag === SAMPLE) {
      const outer = reader.enter();
      readSample(reader, builder);
      reader.leave(outer);
    } else if (tag === EXEMPLAR) this.#readExemplar(reader, builder);
    else if (tag === HISTOGRAM) {
      const { timestampMs, histogram, problem } = readHistogram(reader);
      if (problem === '') builder.addHistogram(timestampMs, histogram);
      else this.#report(problem);
    } else reader.skip(tag);
  }

  #readExemplar(reader: ProtobufReader, builder: MetricBatchBuilder): void {
    const outer = reader.enter();
    const pairs: string[] = [];
    let value = 0;
    let timestampMs = 0;
    while (reader.pos < reader.end) {
      const tag = reader.tag();
      if (tag === LABEL) readLabel(reader, pairs);
      else if (tag === 2 * 8 + WIRE.fixed64) value = reader.double();
      else if (tag === 3 * 8 + WIRE.varint) timestampMs = reader.int64();
      else reader.skip(tag);
    }
    reader.leave(outer);
    const { labels, problem } = pairs.length === 0 ? { labels: NO_LABELS, problem: '' } : sortedLabels(pairs);
    if (problem === '') builder.addExemplar({ labels, value, timestampMs });
    else this.#report(`exemplar: ${problem}`);
  }

  #report(message: string): void {
    const key = this.#problems.has(message) || this.#problems.size < MOST_PROBLEMS ? message : 'other problems';
    this.#problems.set(key, (this.#problems.get(key) ?? 0) + 1);
  }
}

function readSample(reader: ProtobufReader, builder: MetricBatchBuilder): void {
  let high = 0;
  let low = 0;
  let timestampMs = 0;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === VALUE) {
      reader.fixed64Words();
      ({ high, low } = reader);
    } else if (tag === TIMESTAMP) timestampMs = reader.int64();
    else reader.skip(tag);
  }
  builder.addFloatBits(timestampMs, high, low);
}

function readMetadata(reader: ProtobufReader): MetricMetadata {
  const outer = reader.enter();
  let [type, family, help, unit] = [0, '', '', ''];
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === 1 * 8 + WIRE.varint) type = reader.uint32();
    else if (tag === 2 * 8 + WIRE.bytes) family = reader.string();
    else if (tag === 4 * 8 + WIRE.bytes) help = reader.string();
    else if (tag === 5 * 8 + WIRE.bytes) unit = reader.string();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { family, type: TYPES[type] ?? 'unknown', help, unit };
}
