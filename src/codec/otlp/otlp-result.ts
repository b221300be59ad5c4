/** The two encodings of OTLP: `application/x-protobuf` and `application/json`. */
export type OtlpFormat = 'protobuf' | 'json';

/** The signals of OTLP, as their URL paths name them. */
export type OtlpSignal = 'traces' | 'metrics' | 'logs';

/** Why some records (spans, data points, log records) were left out: the reason and how many it hit. */
export interface OtlpProblem {
  readonly message: string;
  readonly count: number;
}

/**
 * A decoded request. `malformed` says that the body as a whole is no OTLP: then the value is empty and the answer is a 400.
 * Else `problems` tells what was left out of the value; `rejected` is the sum of their counts, for partial success.
 */
export interface OtlpDecoded<T> {
  readonly value: T;
  readonly accepted: number;
  readonly rejected: number;
  readonly problems: readonly OtlpProblem[];
  readonly malformed?: string;
}

const MOST_REASONS = 50;

/** Counts rejections by reason; after many different ones the rest share one line, so that a bad sender costs no memory. */
export class Rejections {
  readonly #counts = new Map<string, number>();
  total = 0;

  add(message: string, count = 1): void {
    const key = this.#counts.has(message) || this.#counts.size < MOST_REASONS ? message : 'other reasons';
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
    this.total += count;
  }

  list(): OtlpProblem[] {
    return Array.from(this.#counts, ([message, count]) => ({ message, count }));
  }
}
