import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

const TWO_32 = 4294967296;
/** Differences up to this size are written as varints; zigzag doubles them, so they stay below 2^53. */
const LARGEST_DELTA = 2 ** 51;

const scratch = new BigUint64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);

/** An unsigned 64-bit time as two words, because arithmetic on bigints allocates. Every host of Node is little endian. */
export class Nanos {
  high = 0;
  low = 0;

  set(value: bigint): void {
    scratch[0] = value;
    this.low = scratchWords[0]!;
    this.high = scratchWords[1]!;
  }

  copy(other: Nanos): void {
    this.high = other.high;
    this.low = other.low;
  }

  /** The difference; exact while it is below 2^53. */
  minus(base: Nanos): number {
    return (this.high - base.high) * TWO_32 + (this.low - base.low);
  }

  add(delta: number): void {
    const deltaHigh = Math.floor(delta / TWO_32);
    const low = this.low + (delta - deltaHigh * TWO_32);
    const carry = low >= TWO_32 ? 1 : 0;
    this.low = low >>> 0;
    this.high = (this.high + deltaHigh + carry) >>> 0;
  }

  toBigInt(): bigint {
    scratchWords[0] = this.low;
    scratchWords[1] = this.high;
    return scratch[0]!;
  }
}

/** Writes `value` as its difference to `base`: 0 and eight bytes when they are far apart, else the zigzag difference plus 1. */
export function writeNanosDelta(writer: ByteWriter, value: Nanos, base: Nanos): void {
  const delta = value.minus(base);
  if (delta > LARGEST_DELTA || delta < -LARGEST_DELTA) {
    writer.byte(0);
    writer.uint32(value.high);
    writer.uint32(value.low);
  } else {
    writer.varint(delta < 0 ? -2 * delta : 2 * delta + 1);
  }
}

/** Reads what {@link writeNanosDelta} wrote into `value`, which holds the base before. */
export function readNanosDelta(reader: ByteReader, value: Nanos): void {
  const code = reader.varint();
  if (code === 0) {
    value.high = reader.uint32();
    value.low = reader.uint32();
  } else {
    value.add(code % 2 === 0 ? -code / 2 : (code - 1) / 2);
  }
}

/** Whole milliseconds, rounded down; may be one off where a double cannot hold the nanoseconds. */
export function nanosToMs(high: number, low: number): number {
  return Math.floor((high * TWO_32 + low) / 1e6);
}
