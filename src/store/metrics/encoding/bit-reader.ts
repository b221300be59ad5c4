import { CorruptChunkError } from './byte-reader.ts';

/** Reads what a BitWriter packed. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #pos: number;
  #window = 0;
  #left = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#pos = start;
    this.#end = end;
  }

  /** The next `count` bits as an unsigned number, 0 … 32 of them. */
  bits(count: number): number {
    if (count > 16) {
      const upper = this.#upTo16(count - 16);
      return ((upper << 16) | this.#upTo16(16)) >>> 0;
    }
    return this.#upTo16(count);
  }

  /** Where the byte after the last one touched is. */
  get nextByte(): number {
    return this.#pos - (this.#left >> 3);
  }

  #upTo16(count: number): number {
    while (this.#left < count) {
      if (this.#pos >= this.#end) throw new CorruptChunkError('truncated');
      this.#window = ((this.#window << 8) | this.#bytes[this.#pos++]!) & 0xffffff;
      this.#left += 8;
    }
    this.#left -= count;
    return (this.#window >>> this.#left) & ((1 << count) - 1);
  }
}
