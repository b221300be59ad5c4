/** Thrown by {@link ProtobufReader} on bytes that are not a well-formed message; decoders catch it at their door. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

/** The wire types of protobuf's encoding. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

const LONGEST_LOOPED_STRING = 24;
const DEEPEST_GROUP = 100;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A cursor over one protobuf message (https://protobuf.dev/programming-guides/encoding), without copying and without a schema:
 *
 *     while (reader.pos < reader.end) {
 *       const tag = reader.tag();
 *       if (tag === tagOf(1, WIRE.bytes)) { const outer = reader.enter(); …fields of the submessage…; reader.leave(outer); }
 *       else reader.skip(tag);
 *     }
 *
 * Every read is checked against `end` and throws {@link ProtobufError}; nothing is read outside the given bytes.
 * Limits: field numbers up to 2^28, groups are only skipped.
 */
export class ProtobufReader {
  readonly bytes: Uint8Array;
  /** The next byte to read. */
  pos: number;
  /** The end of the current message; {@link enter} and {@link leave} move it. */
  end: number;
  /** The words that {@link fixed64Words} read last. */
  low = 0;
  high = 0;
  readonly #view: DataView;
  readonly #buffer: Buffer;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.pos = start;
    this.end = end;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A field's tag: field number * 8 + wire type. */
  tag(): number {
    const tag = this.uint32();
    if (tag < 8) throw new ProtobufError('illegal field number 0');
    return tag;
  }

  /** A varint cut to its low 32 bits (uint32, bool, enum, lengths). */
  uint32(): number {
    const { bytes, end } = this;
    let pos = this.pos;
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (pos >= end) throw new ProtobufError('truncated varint');
      const byte = bytes[pos++]!;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.pos = pos;
        return value >>> 0;
      }
    }
    throw new ProtobufError('varint longer than 10 bytes');
  }

  /** A varint as int32; negative numbers come as ten bytes. */
  int32(): number {
    return this.uint32() | 0;
  }

  /** A zigzag varint (sint32). */
  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A varint as signed 64-bit (int64), rounded to a double beyond 2^53. */
  int64(): number {
    const low = this.#varintParts();
    const { low: middle, high } = this;
    if (high < 0x80) return joined(low, middle, high);
    // Two's complement, negated part by part because the whole would lose its low bits.
    return -joined((low ^ 0xfffffff) + 1, middle ^ 0xfffffff, high ^ 0xff);
  }

  /** A varint as unsigned 64-bit (uint64), rounded to a double beyond 2^53. */
  uint64(): number {
    const low = this.#varintParts();
    return joined(low, this.low, this.high);
  }

  /** A zigzag varint (sint64), rounded to a double beyond 2^53. */
  sint64(): number {
    const low = this.#varintParts();
    const { low: middle, high } = this;
    // The half of what joined() would give; adding 1 to the lowest part keeps it a single rounding.
    const upper = (high * 0x10000000 + middle) * 0x8000000;
    return (low & 1) === 1 ? -(upper + ((low >> 1) + 1)) : upper + (low >> 1);
  }

  /** A varint, all 64 bits, unsigned. */
  uint64BigInt(): bigint {
    const low = this.#varintParts();
    return BigInt(low) | (BigInt(this.low) << 28n) | (BigInt(this.high) << 56n);
  }

  bool(): boolean {
    return this.uint64() !== 0;
  }

  fixed32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  sfixed32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  float(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  /** A double whose NaN payload does not matter; see {@link fixed64Words} for one whose payload does. */
  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** Eight bytes as two unsigned words, left in {@link low} and {@link high}. */
  fixed64Words(): void {
    const at = this.#take(8);
    this.low = this.#view.getUint32(at, true);
    this.high = this.#view.getUint32(at + 4, true);
  }

  fixed64BigInt(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  sfixed64BigInt(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  /** Reads a length and narrows the reader to that submessage; hand the result to {@link leave}. */
  enter(): number {
    const outer = this.end;
    this.end = this.bytesEnd();
    return outer;
  }

  /** Ends what {@link enter} began, wherever in it the cursor stands. */
  leave(outer: number): void {
    this.pos = this.end;
    this.end = outer;
  }

  /** Reads a length; the cursor then stands at the field's first byte and the result is where it ends. Moving on is the caller's. */
  bytesEnd(): number {
    const length = this.uint32();
    const end = this.pos + length;
    if (end > this.end) throw new ProtobufError('length beyond the end of the message');
    return end;
  }

  /** A bytes field as a view of the same memory. */
  bytesView(): Uint8Array {
    const end = this.bytesEnd();
    const view = this.bytes.subarray(this.pos, end);
    this.pos = end;
    return view;
  }

  /** A string field; bytes that are not UTF-8 become U+FFFD, as gogo/protobuf's readers tolerate them. */
  string(): string {
    const end = this.bytesEnd();
    const start = this.pos;
    this.pos = end;
    if (end - start <= LONGEST_LOOPED_STRING) {
      const { bytes } = this;
      let text = '';
      let i = start;
      for (; i < end; i++) {
        const byte = bytes[i]!;
        if (byte > 0x7f) break;
        text += String.fromCharCode(byte);
      }
      if (i === end) return text;
    }
    return this.#buffer.toString('utf8', start, end);
  }

  /** A string field that must be UTF-8. */
  strictString(): string {
    const start = this.pos;
    const text = this.string();
    if (!text.includes('\ufffd')) return text;
    this.pos = start;
    try {
      return strictUtf8.decode(this.bytesView());
    } catch {
      throw new ProtobufError('invalid UTF-8');
    }
  }

  /** Skips the value of a field whose tag was just read. */
  skip(tag: number): void {
    switch (tag & 7) {
      case WIRE.varint:
        this.uint32();
        return;
      case WIRE.fixed64:
        this.#take(8);
        return;
      case WIRE.bytes:
        this.pos = this.bytesEnd();
        return;
      case WIRE.fixed32:
        this.#take(4);
        return;
      case WIRE.startGroup:
        this.#skipGroup();
        return;
      default:
        throw new ProtobufError(`unexpected wire type ${tag & 7}`);
    }
  }

  #skipGroup(): void {
    for (let depth = 1; depth > 0; ) {
      if (depth > DEEPEST_GROUP) throw new ProtobufError('groups nested too deeply');
      const tag = this.tag();
      if ((tag & 7) === WIRE.startGroup) depth++;
      else if ((tag & 7) === WIRE.endGroup) depth--;
      else this.skip(tag);
    }
  }

  #take(size: number): number {
    const at = this.pos;
    if (at + size > this.end) throw new ProtobufError('truncated field');
    this.pos = at + size;
    return at;
  }

  /** Reads a varint as 28 + 28 + 8 bits: the first is returned, the others are left in `low` and `high`. */
  #varintParts(): number {
    const { bytes, end } = this;
    let pos = this.pos;
    let low = 0;
    let middle = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (pos >= end) throw new ProtobufError('truncated varint');
      const byte = bytes[pos++]!;
      const bits = byte & 0x7f;
      if (i < 4) low |= bits << (7 * i);
      else if (i < 8) middle |= bits << (7 * (i - 4));
      else high |= bits << (7 * (i - 8));
      if (byte < 0x80) {
        this.pos = pos;
        this.low = middle;
        this.high = high & 0xff;
        return low;
      }
    }
    throw new ProtobufError('varint longer than 10 bytes');
  }
}

/** The tag of a field as {@link ProtobufReader.tag} reads it. */
export function tagOf(field: number, wireType: number): number {
  return field * 8 + wireType;
}

/** 28 + 28 + 8 bits as one number; the inner sum is exact, so there is one rounding. */
function joined(low: number, middle: number, high: number): number {
  return (high * 0x10000000 + middle) * 0x10000000 + low;
}
