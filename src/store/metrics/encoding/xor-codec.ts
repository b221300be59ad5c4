import { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/**
 * Writes doubles as XORs with their predecessor (Pelkonen et al., "Gorilla", VLDB 2015, section 4.1.2), as 32-bit words,
 * so every bit pattern survives: 0 = same value; 10 = the meaningful bits fit the window before; 11 = 5 bits of leading
 * zeros, 6 bits of length less one, the meaningful bits.
 */
export function encodeXor(out: ByteWriter, bits: Uint32Array, from: number, to: number): void {
  let low = bits[2 * from]!;
  let high = bits[2 * from + 1]!;
  out.words(high, low);
  const writer = new BitWriter(out);
  let leading = -1;
  let trailing = 0;
  for (let i = from + 1; i < to; i++) {
    const nextLow = bits[2 * i]!;
    const nextHigh = bits[2 * i + 1]!;
    const xorLow = (nextLow ^ low) >>> 0;
    const xorHigh = (nextHigh ^ high) >>> 0;
    low = nextLow;
    high = nextHigh;
    if (xorLow === 0 && xorHigh === 0) {
      writer.bits(0, 1);
      continue;
    }
    const zerosBefore = Math.min(31, xorHigh === 0 ? 32 + Math.clz32(xorLow) : Math.clz32(xorHigh));
    const zerosAfter = xorLow === 0 ? 32 + trailingZeros(xorHigh) : trailingZeros(xorLow);
    if (leading >= 0 && zerosBefore >= leading && zerosAfter >= trailing) {
      writer.bits(0b10, 2);
    } else {
      leading = zerosBefore;
      trailing = zerosAfter;
      writer.bits((0b11 << 11) | (leading << 6) | (63 - leading - trailing), 13);
    }
    const length = 64 - leading - trailing;
    // The meaningful bits, shifted down over both words.
    if (trailing >= 32) writer.bits(xorHigh >>> (trailing - 32), length);
    else {
      const upper = 32 - leading;
      writer.bits(xorHigh, upper);
      writer.bits(xorLow >>> trailing, length - upper);
    }
  }
  writer.finish();
}

/** Reads `count` doubles into the words `bits[2 * at …]`. */
export function decodeXor(input: ByteReader, count: number, bits: Uint32Array, at: number): void {
  input.words();
  let { low, high } = input;
  bits[2 * at] = low;
  bits[2 * at + 1] = high;
  const reader = new BitReader(input.bytes, input.pos, input.end);
  let leading = 0;
  let trailing = 0;
  const end = at + count;
  for (let i = at + 1; i < end; i++) {
    if (reader.bits(1) === 1) {
      if (reader.bits(1) === 1) {
        leading = reader.bits(5);
        trailing = Math.max(0, 63 - leading - reader.bits(6));
      }
      const length = 64 - leading - trailing;
      if (trailing >= 32) high = (high ^ (reader.bits(length) << (trailing - 32))) >>> 0;
      else {
        const upper = 32 - leading;
        high = (high ^ reader.bits(upper)) >>> 0;
        low = (low ^ (reader.bits(length - upper) << trailing)) >>> 0;
      }
    }
    bits[2 * i] = low;
    bits[2 * i + 1] = high;
  }
  input.pos = reader.nextByte;
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
