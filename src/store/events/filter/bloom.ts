import { mix32 } from '../encoding/ids.ts';

const PROBES = 5;

/** Bits for each attribute token of a block; there are several a record, so they are to be small. */
export const TOKEN_FILTER_BITS = 12;

/** Bits for each trace id of a block; there are few, and each trace that is read asks every block. */
export const TRACE_FILTER_BITS = 32;

/**
 * A Bloom filter over 32-bit hashes (Kirsch and Mitzenmacher, "Less hashing, same performance").
 * Wrong answers: 12 bits a hash four in a thousand, 32 bits six in a hundred thousand.
 */
export function buildBloom(hashes: readonly number[], bitsPerHash: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil((hashes.length * bitsPerHash) / 8));
  const size = bits.length * 8;
  for (const hash of hashes) {
    const step = mix32(hash ^ 0x9e3779b9);
    for (let probe = 0, at = hash; probe < PROBES; probe++) {
      const bit = at % size;
      bits[bit >>> 3]! |= 1 << (bit & 7);
      at = (at + step) >>> 0;
    }
  }
  return bits;
}

/** False when `hash` is certainly not among the filter's. */
export function bloomHas(bits: Uint8Array, hash: number): boolean {
  const size = bits.length * 8;
  if (size === 0) return false;
  const step = mix32(hash ^ 0x9e3779b9);
  for (let probe = 0, at = hash; probe < PROBES; probe++) {
    const bit = at % size;
    if ((bits[bit >>> 3]! & (1 << (bit & 7))) === 0) return false;
    at = (at + step) >>> 0;
  }
  return true;
}
