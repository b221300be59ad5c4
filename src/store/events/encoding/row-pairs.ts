import { ByteReader } from './byte-reader.ts';

/** The attributes of each row as pairs of the dictionary: those of row `i` are `pairs[offsets[i] … offsets[i + 1])`. */
export interface RowPairs {
  readonly offsets: Uint32Array;
  readonly pairs: Uint32Array;
  of(row: number): Uint32Array;
}

/** Reads the attributes of `count` rows. */
export function createRowPairs(bytes: Uint8Array, count: number): RowPairs {
  const offsets = new Uint32Array(count + 1);
  // Each pair takes a byte at least.
  const pairs = new Uint32Array(bytes.length);
  const reader = new ByteReader(bytes);
  let at = 0;
  for (let row = 0; row < count; row++) {
    for (let left = reader.varint(); left > 0; left--) pairs[at++] = reader.varint();
    offsets[row + 1] = at;
  }
  const used = pairs.slice(0, at);
  return { offsets, pairs: used, of: (row) => used.subarray(offsets[row], offsets[row + 1]) };
}
