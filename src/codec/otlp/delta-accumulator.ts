import type { FloatHistogram } from '../../model/histogram.ts';
import { addHistograms } from './exponential-histogram.ts';
import type { HistogramPoint } from './metric-points.ts';

/** The running total of one delta stream. */
interface Total<T> {
  timestampMs: number;
  value: T;
}

/** Why a delta could not be added. */
export type DeltaProblem = 'delta point is not newer than the one before it';

/**
 * Turns delta points into running totals, as the collector's deltatocumulative processor does: a point that is not newer
 * than the last one of its stream is refused, a stream that was forgotten starts again at its next delta (a counter reset).
 * Holds at most `maxStreams` streams and `maxKeyBytes` of their keys, and forgets the least recently used one first.
 */
export class DeltaAccumulator {
  readonly #streams = new Map<string, Total<unknown>>();
  readonly #maxStreams: number;
  readonly #maxKeyBytes: number;
  #keyBytes = 0;
  /** Streams that were forgotten to stay inside the bound. */
  evicted = 0;

  constructor(maxStreams = 100_000, maxKeyBytes = 64 * 1024 * 1024) {
    this.#maxStreams = maxStreams;
    this.#maxKeyBytes = maxKeyBytes;
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  addNumber(stream: string, timestampMs: number, value: number): number | DeltaProblem {
    return this.#add(stream, timestampMs, value, (before, delta) => before + delta);
  }

  addHistogram(stream: string, point: HistogramPoint): HistogramPoint | DeltaProblem {
    return this.#add(stream, point.timestampMs, point, (before, delta) => {
      // Other bounds: nothing to add to, the total starts again.
      if (!sameNumbers(before.bounds, delta.bounds) || before.counts.length !== delta.counts.length) return delta;
      return {
        ...delta,
        count: before.count + delta.count,
        sum: before.sum === undefined || delta.sum === undefined ? undefined : before.sum + delta.sum,
        counts: before.counts.map((count, i) => count + delta.counts[i]!),
      };
    });
  }

  addExponential(stream: string, timestampMs: number, histogram: FloatHistogram): FloatHistogram | DeltaProblem {
    return this.#add(stream, timestampMs, histogram, addHistograms);
  }

  #add<T>(stream: string, timestampMs: number, delta: T, sum: (before: T, delta: T) => T): T | DeltaProblem {
    // A stream's key names its kind, so its total is of that kind.
    const total = this.#streams.get(stream) as Total<T> | undefined;
    if (!total) {
      this.#streams.set(stream, { timestampMs, value: delta });
      this.#keyBytes += stream.length;
      while (this.#streams.size > this.#maxStreams || (this.#keyBytes > this.#maxKeyBytes && this.#streams.size > 1)) this.#evict();
      return delta;
    }
    if (timestampMs <= total.timestampMs) return 'delta point is not newer than the one before it';
    total.timestampMs = timestampMs;
    total.value = sum(total.value, delta);
    // The Map's order is the order of use.
    this.#streams.delete(stream);
    this.#streams.set(stream, total);
    return total.value;
  }

  #evict(): void {
    const oldest = this.#streams.keys().next();
    if (oldest.done) return;
    this.#streams.delete(oldest.value);
    this.#keyBytes -= oldest.value.length;
    this.evicted++;
  }
}

/** Are two lists of numbers equal? */
export function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
