/** Text under construction as UTF-8 bytes, for answers of many short pieces; strings would be copied several times over. */
export class ByteText {
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** What was written; a view that the next write may change. */
  view(): Uint8Array {
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
    this.#length += new TextEncoder().encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  /** Appends bytes written before. */
  bytes(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    if (bytes.length > 32) this.#bytes.set(bytes, this.#length);
    else for (let i = 0; i < bytes.length; i++) this.#bytes[this.#length + i] = bytes[i]!;
    this.#length += bytes.length;
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
