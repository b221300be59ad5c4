import type { Appender } from './appender.ts';
import type { ColumnMeter, Series } from './series.ts';

const FIRST_CAPACITY = 1 << 14;
const LARGEST_CAPACITY = 1 << 19;

/**
 * Gathers samples from the journal and applies them series by series. The journal has them scrape by scrape, and with many
 * series each of those would touch all memory of the store once; sorting first makes a start several times as fast.
 */
export class ReplayBuffer {
  readonly #appender: Appender;
  readonly #meter: ColumnMeter;
  /** By slot. */
  #series: (Series | undefined)[] = [];
  #slots = new Uint32Array(FIRST_CAPACITY);
  /** Time and value alternating; values are moved as words. */
  #samples = new Float64Array(2 * FIRST_CAPACITY);
  #words = new Uint32Array(this.#samples.buffer);
  #length = 0;

  constructor(appender: Appender, meter: ColumnMeter) {
    this.#appender = appender;
    this.#meter = meter;
  }

  add(series: Series, timeMs: number, high: number, low: number): void {
    if (this.#length === this.#slots.length) this.#makeRoom();
    const i = this.#length++;
    const { slot } = series;
    while (this.#series.length <= slot) this.#series.push(undefined);
    this.#series[slot] = series;
    this.#slots[i] = slot;
    this.#samples[2 * i] = timeMs;
    this.#words[4 * i + 2] = low;
    this.#words[4 * i + 3] = high;
  }

  /** Applies what was gathered; within a series in the order in which it came. */
  apply(): void {
    const length = this.#length;
    if (length === 0) return;
    const slots = this.#slots;
    const words = this.#words;
    const starts = new Uint32Array(this.#series.length + 1);
    for (let i = 0; i < length; i++) starts[slots[i]! + 1]!++;
    for (let slot = 1; slot < starts.length; slot++) starts[slot] = starts[slot]! + starts[slot - 1]!;
    const next = starts.slice();
    const sorted = new Float64Array(2 * length);
    const sortedWords = new Uint32Array(sorted.buffer);
    for (let i = 0; i < length; i++) {
      const at = 4 * next[slots[i]!]!++;
      sortedWords[at] = words[4 * i]!;
      sortedWords[at + 1] = words[4 * i + 1]!;
      sortedWords[at + 2] = words[4 * i + 2]!;
      sortedWords[at + 3] = words[4 * i + 3]!;
    }
    this.#series.forEach((series, slot) => {
      const start = starts[slot]!;
      const end = starts[slot + 1]!;
      if (series === undefined || start === end) return;
      series.reserve(end - start, this.#meter);
      for (let i = start; i < end; i++) this.#appender.float(series, sorted[2 * i]!, sortedWords[4 * i + 3]!, sortedWords[4 * i + 2]!, -Infinity);
    });
    this.#series = [];
    this.#length = 0;
  }

  #makeRoom(): void {
    const { length } = this.#slots;
    if (length >= LARGEST_CAPACITY) {
      this.apply();
      return;
    }
    const slots = new Uint32Array(2 * length);
    slots.set(this.#slots);
    const words = new Uint32Array(8 * length);
    words.set(this.#words);
    this.#slots = slots;
    this.#words = words;
    this.#samples = new Float64Array(words.buffer);
  }
}
