import { hashWords } from './ids.ts';

/** Numbers distinct ids in the order in which they come. Open addressing over words: no string is hashed. */
export class IdTable {
  readonly #wordsPerId: number;
  #words: Uint32Array;
  #slots: Int32Array;
  #count = 0;

  constructor(wordsPerId: number) {
    this.#wordsPerId = wordsPerId;
    this.#words = new Uint32Array(wordsPerId * 512);
    this.#slots = new Int32Array(1024).fill(-1);
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#slots.fill(-1);
    this.#count = 0;
  }

  /** The number of the id; a new one gets the next, so it equals the `count` of before. */
  add(id: Uint32Array): number {
    if (this.#count * 2 >= this.#slots.length) this.#grow();
    const slot = this.#find(id);
    const known = this.#slots[slot]!;
    if (known >= 0) return known;
    const number = this.#count++;
    this.#slots[slot] = number;
    this.#words.set(id, number * this.#wordsPerId);
    return number;
  }

  /** The hash of each id, in order. */
  hashes(): number[] {
    const size = this.#wordsPerId;
    return Array.from({ length: this.#count }, (_, number) => hashWords(this.#words.subarray(number * size, (number + 1) * size)));
  }

  #find(id: Uint32Array): number {
    const mask = this.#slots.length - 1;
    let slot = hashWords(id) & mask;
    for (;;) {
      const number = this.#slots[slot]!;
      if (number < 0 || this.#isEqual(id, number * this.#wordsPerId)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isEqual(id: Uint32Array, offset: number): boolean {
    for (let i = 0; i < id.length; i++) if (this.#words[offset + i] !== id[i]) return false;
    return true;
  }

  #grow(): void {
    const size = this.#slots.length * 2;
    const words = new Uint32Array((size / 2) * this.#wordsPerId);
    words.set(this.#words.subarray(0, this.#count * this.#wordsPerId));
    this.#words = words;
    this.#slots = new Int32Array(size).fill(-1);
    for (let number = 0; number < this.#count; number++) {
      const at = number * this.#wordsPerId;
      this.#slots[this.#find(words.subarray(at, at + this.#wordsPerId))] = number;
    }
  }
}
