import type { ByteReader } from './byte-reader.ts';
import { CorruptChunkError } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { decodeXor, encodeXor } from './xor-codec.ts';

const CONSTANT = 0;
const INTEGERS = 1;
const XOR = 2;
const LARGEST_INTEGER = 2 ** 50;
const NEGATIVE_ZERO_HIGH = 0x80000000;

/**
 * Writes the doubles `from … to` in the smallest of three ways: one value for all; integers as zigzag varints of their
 * differences (counters and bucket counts: one or two bytes); XOR. All keep every bit.
 */
export function encodeValues(out: ByteWriter, values: Float64Array, bits: Uint32Array, from: number, to: number): void {
  const mode = valueMode(values, bits, from, to);
  out.byte(mode);
  if (mode === XOR) {
    encodeXor(out, bits, from, to);
    return;
  }
  if (mode === CONSTANT) {
    out.words(bits[2 * from + 1]!, bits[2 * from]!);
    return;
  }
  let previous = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    out.zigzag(value - previous);
    previous = value;
  }
}

/** Reads `count` doubles into `values[at …]`, whose words are `bits`. */
export function decodeValues(input: ByteReader, count: number, values: Float64Array, bits: Uint32Array, at: number): void {
  const mode = input.byte();
  if (mode === INTEGERS) {
    let value = 0;
    for (let i = at; i < at + count; i++) values[i] = value += input.zigzag();
  } else if (mode === CONSTANT) {
    input.words();
    for (let i = at; i < at + count; i++) {
      bits[2 * i] = input.low;
      bits[2 * i + 1] = input.high;
    }
  } else if (mode === XOR) {
    decodeXor(input, count, bits, at);
  } else {
    throw new CorruptChunkError(`unknown value encoding ${mode}`);
  }
}

function valueMode(values: Float64Array, bits: Uint32Array, from: number, to: number): number {
  const low = bits[2 * from]!;
  const high = bits[2 * from + 1]!;
  let isConstant = true;
  let isInteger = true;
  for (let i = from; i < to && (isConstant || isInteger); i++) {
    const nextLow = bits[2 * i]!;
    const nextHigh = bits[2 * i + 1]!;
    if (nextLow !== low || nextHigh !== high) isConstant = false;
    if (isInteger) {
      const value = values[i]!;
      const isMinusZero = nextLow === 0 && nextHigh === NEGATIVE_ZERO_HIGH;
      // False for NaN, too.
      isInteger = Math.floor(value) === value && value < LARGEST_INTEGER && value > -LARGEST_INTEGER && !isMinusZero;
    }
  }
  if (isConstant) return CONSTANT;
  return isInteger ? INTEGERS : XOR;
}
