import type { MonotonicityDetail } from '../annotations.ts';
import type { MonotonicityFix } from '../classic-quantile.ts';

/** Gathers what was forced to be monotonic, so that one annotation tells of all steps. */
export class MonotonicityNotes {
  #count = 0;
  #minMs = Infinity;
  #maxMs = -Infinity;
  #minBucket = Infinity;
  #maxBucket = -Infinity;
  #maxDifference = 0;

  add(timeMs: number, fix: MonotonicityFix): void {
    this.#count++;
    this.#minMs = Math.min(this.#minMs, timeMs);
    this.#maxMs = Math.max(this.#maxMs, timeMs);
    this.#minBucket = Math.min(this.#minBucket, fix.minBucket);
    this.#maxBucket = Math.max(this.#maxBucket, fix.maxBucket);
    this.#maxDifference = Math.max(this.#maxDifference, fix.maxDifference);
  }

  /** What was gathered since the last call; undefined when nothing. */
  take(): Omit<MonotonicityDetail, 'kind'> | undefined {
    if (this.#count === 0) return undefined;
    const detail = {
      minMs: this.#minMs, maxMs: this.#maxMs, minBucket: this.#minBucket, maxBucket: this.#maxBucket,
      maxDifference: this.#maxDifference, count: this.#count,
    };
    this.#count = 0;
    this.#minMs = Infinity;
    this.#maxMs = -Infinity;
    this.#minBucket = Infinity;
    this.#maxBucket = -Infinity;
    this.#maxDifference = 0;
    return detail;
  }
}
