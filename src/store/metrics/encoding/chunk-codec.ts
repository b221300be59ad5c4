import type { FloatHistogram } from '../../../model/histogram.ts';
import type { ByteReader } from './byte-reader.ts';
import { CorruptChunkError } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Column } from './column.ts';
import { decodeHistogram, encodeHistogram } from './histogram-codec.ts';
import { decodeTimes, encodeTimes } from './time-codec.ts';
import { decodeValues, encodeValues } from './value-codec.ts';

const FLOATS = 0;
const MIXED = 1;

/**
 * Writes the samples `from … to` of a column: a byte for the kind, times, then either float values, or (for series with
 * histograms) for each sample 1 and a histogram, or 0 and the words of a float. The count is kept by whoever keeps the chunk.
 */
export function encodeChunk(out: ByteWriter, column: Column, from: number, to: number): void {
  const { histograms } = column;
  const isMixed = histograms !== undefined && histograms.slice(from, to).some((histogram) => histogram !== undefined);
  out.byte(isMixed ? MIXED : FLOATS);
  encodeTimes(out, column.times, from, to);
  if (!isMixed) {
    encodeValues(out, column.values, column.bits, from, to);
    return;
  }
  let previous: FloatHistogram | undefined;
  for (let i = from; i < to; i++) {
    const histogram = histograms[i];
    out.byte(histogram === undefined ? 0 : 1);
    if (histogram === undefined) out.words(column.bits[2 * i + 1]!, column.bits[2 * i]!);
    else {
      encodeHistogram(out, histogram, previous);
      previous = histogram;
    }
  }
}

/** True for a chunk that needs `histograms` in the column that {@link decodeChunk} fills. */
export function hasHistograms(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === MIXED;
}

/** Reads `count` samples into `column[at …]`. Throws CorruptChunkError. */
export function decodeChunk(input: ByteReader, count: number, column: Column, at: number): void {
  const kind = input.byte();
  if (kind > MIXED) throw new CorruptChunkError(`unknown chunk kind ${kind}`);
  decodeTimes(input, count, column.times, at);
  if (kind === FLOATS) {
    decodeValues(input, count, column.values, column.bits, at);
    return;
  }
  let previous: FloatHistogram | undefined;
  for (let i = at; i < at + count; i++) {
    if (input.byte() === 1) {
      previous = decodeHistogram(input, previous);
      column.histograms![i] = previous;
    } else {
      input.words();
      column.bits[2 * i] = input.low;
      column.bits[2 * i + 1] = input.high;
    }
  }
}
