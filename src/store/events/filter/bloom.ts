import { mix32 } from '../encoding/ids.ts';

/** Bits and probes that give about four wrong answers in a thousand. */
const BITS_PER_HASH = 12;
const PROBES = 5;

/** A Bloom filter over 32-bit hashes (Kirsch and Mitzenmacher, "Less hashing, same performance"). */
export function buildBloom(hashes: readonly number[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil((hashes.length * BITS_PER_HASH) / 8));
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
