const encoder = new TextEncoder();

/** Text under construction as UTF-8 bytes, for answers of many short pieces; strings would be copied several times over. */
export class ByteText {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** `capacity`: about how many bytes will be written, if that is known. */
  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(Math.max(64, capacity));
  }

  /** How many bytes were written. */
  get length(): number {
    return this.#length;
  }

  /** What was written; a view that the next write may change. Its memory belongs to this text alone. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Appends text that is ASCII. */
  ascii(text: string): void {
    const { length } = text;
    if (this.#length + length > this.#bytes.length) this.#grow(length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i);
    this.#length = at;
  }

  /** Appends any text. */
  text(text: string): void {
    // Three bytes for each code unit is the most that UTF-8 takes.
    if (this.#length + text.length * 3 > this.#bytes.length) this.#grow(text.length * 3);
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  /** Appends a text as a JSON string, in quotes. */
  json(text: string): void {
    const { length } = text;
    if (this.#length + length + 2 > this.#bytes.length) this.#grow(length + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) {
        // Nothing counts as written so far, and the slow way is right for every text.
        this.text(JSON.stringify(text));
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
  }

  /** Appends the bytes `[from, to)` of others. Meant for few of them. */
  part(bytes: Uint8Array, from: number, to: number): void {
    if (this.#length + to - from > this.#bytes.length) this.#grow(to - from);
    const own = this.#bytes;
    let at = this.#length;
    for (let i = from; i < to; i++) own[at++] = bytes[i]!;
    this.#length = at;
  }

  /** Appends what was written at `[from, to)` once more. */
  again(from: number, to: number): void {
    if (this.#length + to - from > this.#bytes.length) this.#grow(to - from);
    this.part(this.#bytes, from, to);
  }

  /** Appends a whole number of at most 15 digits. */
  integer(value: number): void {
    if (this.#length + 16 > this.#bytes.length) this.#grow(16);
    let rest = value;
    if (rest < 0) {
      this.#bytes[this.#length++] = 45;
      rest = -rest;
    }
    let digits = 1;
    for (let limit = 10; limit <= rest; limit *= 10) digits++;
    let at = this.#length + digits;
    this.#length = at;
    // Nine digits at a time fit the integers that are fast.
    while (rest >= 1e9) {
      const high = Math.floor(rest / 1e9);
      let low = rest - high * 1e9;
      for (let i = 0; i < 9; i++) {
        const next = (low / 10) | 0;
        this.#bytes[--at] = 48 + low - next * 10;
        low = next;
      }
      rest = high;
    }
    let small = rest | 0;
    do {
      const next = (small / 10) | 0;
      this.#bytes[--at] = 48 + small - next * 10;
      small = next;
    } while (small > 0);
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + needed));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
