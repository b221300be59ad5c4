import { ByteReader, CorruptBlockError } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { IdTable } from './id-table.ts';
import { Nanos, readNanosDelta } from './nanoseconds.ts';

/** Unsigned 64-bit times; `words` is the same memory as little-endian word pairs (low, high). */
export interface NanosColumn {
  readonly values: BigUint64Array;
  readonly words: Uint32Array;
}

/** Reads `count` varints. */
export function readNumbers(bytes: Uint8Array, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  const reader = new ByteReader(bytes);
  for (let i = 0; i < count; i++) numbers[i] = reader.varint();
  return numbers;
}

/** An empty column of times. */
export function createNanosColumn(count: number): NanosColumn {
  const values = new BigUint64Array(count);
  return { values, words: new Uint32Array(values.buffer) };
}

/** Reads `count` times, each the difference to the one before. */
export function readNanosColumn(bytes: Uint8Array, count: number): NanosColumn {
  const column = createNanosColumn(count);
  const reader = new ByteReader(bytes);
  const nanos = new Nanos();
  for (let i = 0; i < count; i++) {
    readNanosDelta(reader, nanos);
    column.words[2 * i] = nanos.low;
    column.words[2 * i + 1] = nanos.high;
  }
  return column;
}

/**
 * Writes a reference to an id: `first` for one not seen before in this block, whose words then go to `ids`,
 * else how far back it was numbered, so that neighbours get small numbers.
 */
export function writeReference(references: ByteWriter, first: number, table: IdTable, words: Uint32Array, ids: ByteWriter): void {
  const before = table.count;
  const number = table.add(words);
  references.varint(first + before - number);
  if (number < before) return;
  for (let i = 0; i < words.length; i++) ids.uint32(words[i]!);
}

/** Turns a reference (`first` for a new id, else how far back) into the number of the id; `known` ids exist so far. */
export function resolveReference(reference: number, first: number, known: number): number {
  if (reference === first) return known;
  const number = known - (reference - first);
  if (number < 0) throw new CorruptBlockError('reference to an id that is not there');
  return number;
}
