import type { ByteWriter } from './byte-writer.ts';

/** Packs bits, highest first, into a ByteWriter; {@link finish} pads the last byte with zeros. */
export class BitWriter {
  readonly #out: ByteWriter;
  #pending = 0;
  #free = 8;

  constructor(out: ByteWriter) {
    this.#out = out;
  }

  /** The low `count` bits of `value`, 0 … 32 of them. */
  bits(value: number, count: number): void {
    let rest = count;
    while (rest > 0) {
      const taken = rest < this.#free ? rest : this.#free;
      rest -= taken;
      this.#free -= taken;
      this.#pending |= ((value >>> rest) & ((1 << taken) - 1)) << this.#free;
      if (this.#free === 0) {
        this.#out.byte(this.#pending);
        this.#pending = 0;
        this.#free = 8;
      }
    }
  }

  finish(): void {
    if (this.#free === 8) return;
    this.#out.byte(this.#pending);
    this.#pending = 0;
    this.#free = 8;
  }
}
