import type { MetricBatch } from '../../model/metric-batch.ts';
import type { Exemplar } from '../../model/metric.ts';
import type { FloatHistogram } from '../../model/histogram.ts';
import { ByteReader, CorruptChunkError } from './encoding/byte-reader.ts';
import type { ByteWriter } from './encoding/byte-writer.ts';
import { decodeHistogram, encodeHistogram } from './encoding/histogram-codec.ts';

const LARGEST_INTEGER = 2 ** 48;
const MINUS_ZERO_HIGH = 0x80000000;
const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);

/** What a journal row says, in the order of the batch. Values come as IEEE 754 words. */
export interface JournalVisitor {
  series(ref: number): void;
  /** A sample of the series named last. */
  float(timestampMs: number, high: number, low: number): void;
  histogram(ref: number, timestampMs: number, histogram: FloatHistogram): void;
  exemplar(ref: number, exemplar: Exemplar): void;
}

/**
 * Writes one batch, `series` being those of the batch: numbers of series, of floats; for each series the step from the ref before (zigzag) and its number of
 * floats; the times as steps (zigzag); the values; histograms; exemplars. A value is one more than its zigzag when it is an
 * integer of at most 48 bits, as most are, else 0 and its eight bytes.
 * A row of the journal is any number of batches.
 */
export function encodeJournal(out: ByteWriter, batch: MetricBatch, series: readonly { readonly ref: number }[]): void {
  const { offsets, timestampsMs, values } = batch;
  const seriesCount = batch.series.length;
  const floatCount = offsets[seriesCount]!;
  out.reserve(16 * seriesCount + 16 * floatCount + 64);
  out.varint(seriesCount);
  out.varint(floatCount);
  let ref = 0;
  for (let i = 0; i < seriesCount; i++) {
    const next = series[i]!.ref;
    out.zigzag(next - ref);
    out.varint(offsets[i + 1]! - offsets[i]!);
    ref = next;
  }
  let time = 0;
  for (let i = 0; i < floatCount; i++) {
    out.zigzag(timestampsMs[i]! - time);
    time = timestampsMs[i]!;
  }
  const bits = new Uint32Array(values.buffer, values.byteOffset, 2 * floatCount);
  for (let i = 0; i < floatCount; i++) {
    const value = values[i]!;
    const high = bits[2 * i + 1]!;
    const isInteger = value < LARGEST_INTEGER && value > -LARGEST_INTEGER && Math.floor(value) === value && high !== MINUS_ZERO_HIGH;
    if (isInteger) out.varint(value < 0 ? -2 * value : 2 * value + 1);
    else {
      out.byte(0);
      out.words(high, bits[2 * i]!);
    }
  }
  out.varint(batch.histograms.length);
  for (const { seriesIndex, timestampMs, histogram } of batch.histograms) {
    out.varint(seriesIndex);
    out.zigzag(timestampMs);
    encodeHistogram(out, histogram, undefined);
  }
  out.varint(batch.exemplars.length);
  for (const { seriesIndex, exemplar } of batch.exemplars) {
    out.varint(seriesIndex);
    encodeExemplar(out, exemplar);
  }
}

/** Reads a row back. Throws CorruptChunkError. */
export function decodeJournal(row: Uint8Array, visitor: JournalVisitor): void {
  const input = new ByteReader(row);
  while (input.pos < input.end) decodeBatch(input, visitor);
}

/** Labels, value, time. */
export function encodeExemplar(out: ByteWriter, { labels, value, timestampMs }: Exemplar): void {
  out.varint(labels.length);
  for (const text of labels) out.text(text);
  out.double(value);
  out.zigzag(timestampMs);
}

/** Reads what {@link encodeExemplar} wrote. */
export function decodeExemplar(input: ByteReader): Exemplar {
  const labels: string[] = [];
  for (let left = input.count(); left > 0; left--) labels.push(input.text());
  return { labels, value: input.double(), timestampMs: input.zigzag() };
}

function decodeBatch(input: ByteReader, visitor: JournalVisitor): void {
  const seriesCount = input.count();
  const floatCount = input.count();
  const refs = new Array<number>(seriesCount);
  const counts = new Array<number>(seriesCount);
  for (let i = 0, ref = 0; i < seriesCount; i++) {
    refs[i] = ref += input.zigzag();
    counts[i] = input.varint();
  }
  if (counts.reduce((sum, count) => sum + count, 0) !== floatCount) throw new CorruptChunkError('counts contradict each other');
  const times = new Float64Array(floatCount);
  for (let i = 0, time = 0; i < floatCount; i++) times[i] = time += input.zigzag();
  let at = 0;
  for (let i = 0; i < seriesCount; i++) {
    visitor.series(refs[i]!);
    for (let left = counts[i]!; left > 0; left--) {
      const code = input.varint();
      if (code === 0) {
        input.words();
        visitor.float(times[at++]!, input.high, input.low);
      } else {
        DOUBLE[0] = code % 2 === 0 ? -code / 2 : (code - 1) / 2;
        visitor.float(times[at++]!, WORDS[1]!, WORDS[0]!);
      }
    }
  }
  for (let left = input.count(); left > 0; left--) {
    const ref = refs[input.varint()]!;
    visitor.histogram(ref, input.zigzag(), decodeHistogram(input, undefined));
  }
  for (let left = input.count(); left > 0; left--) visitor.exemplar(refs[input.varint()]!, decodeExemplar(input));
}
