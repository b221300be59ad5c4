/** Stored bytes that do not mean what they should: a damaged file or a newer format. */
export class CorruptChunkError extends Error {
  override readonly name = 'CorruptChunkError';
}

/** One for all readers: there is a reader for each chunk, and buffers are dear. */
const WORDS = new Uint32Array(2);
const DOUBLE = new Float64Array(WORDS.buffer);

/** Reads what a ByteWriter wrote; reading past the end throws {@link CorruptChunkError}. */
export class ByteReader {
  readonly bytes: Uint8Array;
  pos: number;
  readonly end: number;
  /** The words that {@link words} read last. */
  low = 0;
  high = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.pos = start;
    this.end = Math.min(end, bytes.length);
  }

  byte(): number {
    if (this.pos >= this.end) throw new CorruptChunkError('truncated');
    return this.bytes[this.pos++]!;
  }

  varint(): number {
    const { bytes, end } = this;
    let pos = this.pos;
    let value = 0;
    let scale = 1;
    for (;;) {
      if (pos >= end) throw new CorruptChunkError('truncated');
      const byte = bytes[pos++]!;
      if (byte < 0x80) {
        this.pos = pos;
        return value + byte * scale;
      }
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (scale > 2 ** 56) throw new CorruptChunkError('varint too long');
    }
  }

  zigzag(): number {
    const value = this.varint();
    if (value < 0x80000000) return (value >>> 1) ^ -(value & 1);
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  /** A count of things of at least `bytesEach` bytes, so that damaged counts cannot ask for all memory. */
  count(bytesEach = 1): number {
    const count = this.varint();
    if (count * bytesEach > this.end - this.pos) throw new CorruptChunkError('count beyond the end');
    return count;
  }

  /** Eight bytes, left in {@link low} and {@link high}. */
  words(): void {
    const at = this.skip(8);
    const { bytes } = this;
    this.low = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
    this.high = (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24)) >>> 0;
  }

  /** A double whose NaN payload does not matter. */
  double(): number {
    this.words();
    WORDS[0] = this.low;
    WORDS[1] = this.high;
    return DOUBLE[0]!;
  }

  text(): string {
    const length = this.varint();
    const at = this.skip(length);
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + at, length).toString('utf8');
  }

  /** Moves on by `count` bytes and returns where they start. */
  skip(count: number): number {
    const at = this.pos;
    if (at + count > this.end) throw new CorruptChunkError('truncated');
    this.pos = at + count;
    return at;
  }
}
