/** Stored bytes that do not mean what they should: a damaged file or a newer format. */
export class CorruptBlockError extends Error {
  override readonly name = 'CorruptBlockError';
}

/** Reads what a ByteWriter wrote. Every read past the end throws a {@link CorruptBlockError}. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = offset;
  }

  get offset(): number {
    return this.#at;
  }

  seek(offset: number): void {
    this.#at = offset;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new CorruptBlockError('truncated');
    return value;
  }

  varint(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++];
    if (byte === undefined) throw new CorruptBlockError('truncated');
    if (byte < 0x80) {
      this.#at = at;
      return byte;
    }
    let value = byte & 0x7f;
    let scale = 128;
    for (;;) {
      byte = bytes[at++];
      if (byte === undefined) throw new CorruptBlockError('truncated');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 128;
      if (scale > 2 ** 56) throw new CorruptBlockError('varint is too long');
    }
    this.#at = at;
    return value;
  }

  uint32(): number {
    const at = this.#skip(4);
    const bytes = this.#bytes;
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  }

  float64(): number {
    const at = this.#skip(8);
    return this.#bytes.readDoubleLE(at);
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  text(): string {
    const length = this.varint();
    const at = this.#skip(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  /** Steps over a text and returns where it starts. */
  skipText(): number {
    const start = this.#at;
    const length = this.varint();
    this.#skip(length);
    return start;
  }

  #skip(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw new CorruptBlockError('truncated');
    this.#at = at + length;
    return at;
  }
}
