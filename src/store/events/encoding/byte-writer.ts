const TWO_32 = 4294967296;

/** A growing byte buffer. Varints are unsigned LEB128 up to 2^53; `clear` keeps the memory for the next use. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(initialBytes = 1024) {
    this.#bytes = Buffer.allocUnsafeSlow(initialBytes);
  }

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** A copy of all bytes. */
  copy(): Uint8Array {
    return Uint8Array.from(this.peek());
  }

  /** The bytes from `start` on, as a view that the next write may invalidate. */
  peek(start = 0): Uint8Array {
    return this.#bytes.subarray(start, this.#length);
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  varint(value: number): void {
    if (this.#bytes.length - this.#length < 8) this.#grow(8);
    const bytes = this.#bytes;
    let at = this.#length;
    let rest = value;
    while (rest >= 0x80000000) {
      bytes[at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    let small = rest | 0;
    while (small > 0x7f) {
      bytes[at++] = (small & 0x7f) | 0x80;
      small >>>= 7;
    }
    bytes[at++] = small;
    this.#length = at;
  }

  uint32(value: number): void {
    if (this.#bytes.length - this.#length < 4) this.#grow(4);
    const bytes = this.#bytes;
    const at = this.#length;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
    this.#length = at + 4;
  }

  float64(value: number): void {
    if (this.#bytes.length - this.#length < 8) this.#grow(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  bytes(value: Uint8Array): void {
    if (this.#bytes.length - this.#length < value.length) this.#grow(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** UTF-8 after its length in bytes; lone surrogates become U+FFFD. */
  text(value: string): void {
    const units = value.length;
    const worstBytes = units * 3 + 8;
    if (this.#bytes.length - this.#length < worstBytes) this.#grow(worstBytes);
    if (units < 48 && this.#shortAscii(value)) return;
    const sizeBytes = Buffer.byteLength(value, 'utf8');
    this.varint(sizeBytes);
    this.#length += this.#bytes.write(value, this.#length, sizeBytes, 'utf8');
  }

  // For short ASCII a loop is several times cheaper than the call into the runtime.
  #shortAscii(value: string): boolean {
    const bytes = this.#bytes;
    const start = this.#length;
    const units = value.length;
    for (let i = 0; i < units; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 0x7f) return false;
      bytes[start + 1 + i] = unit;
    }
    bytes[start] = units;
    this.#length = start + 1 + units;
    return true;
  }

  #grow(missing: number): void {
    let size = this.#bytes.length * 2;
    while (size < this.#length + missing) size *= 2;
    if (size > TWO_32) throw new RangeError(`a block of ${size} bytes is too large`);
    const grown = Buffer.allocUnsafeSlow(size);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
