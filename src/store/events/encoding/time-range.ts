import { nanosToMs, type Nanos } from './nanoseconds.ts';

/** The range of times and durations of an open block. */
export class TimeRange {
  #minMs = Infinity;
  #maxMs = -Infinity;
  #maxEndMs = -Infinity;
  #minDurationNano = Infinity;
  #maxDurationNano = -Infinity;

  clear(): void {
    this.#minMs = Infinity;
    this.#maxMs = -Infinity;
    this.#maxEndMs = -Infinity;
    this.#minDurationNano = Infinity;
    this.#maxDurationNano = -Infinity;
  }

  add(start: Nanos, durationNano: number): void {
    const startMs = nanosToMs(start.high, start.low);
    const endMs = durationNano > 0 ? startMs + Math.ceil(durationNano / 1e6) : startMs;
    if (startMs < this.#minMs) this.#minMs = startMs;
    if (startMs > this.#maxMs) this.#maxMs = startMs;
    if (endMs > this.#maxEndMs) this.#maxEndMs = endMs;
    if (durationNano < this.#minDurationNano) this.#minDurationNano = durationNano;
    if (durationNano > this.#maxDurationNano) this.#maxDurationNano = durationNano;
  }

  /** Times in ms, a ms wider than measured: where a double cannot hold the nanoseconds, rounding may be one off. */
  get limits(): {
    readonly minMs: number;
    readonly maxMs: number;
    readonly maxEndMs: number;
    readonly minDurationNano: number;
    readonly maxDurationNano: number;
  } {
    return {
      minMs: this.#minMs - 1,
      maxMs: this.#maxMs + 1,
      maxEndMs: this.#maxEndMs + 1,
      minDurationNano: this.#minDurationNano,
      maxDurationNano: this.#maxDurationNano,
    };
  }
}
