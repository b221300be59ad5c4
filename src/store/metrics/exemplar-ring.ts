import type { Exemplar } from '../../model/metric.ts';
import { labelsKey } from '../../model/labels.ts';
import type { Series } from './series.ts';

/** An exemplar and its series. */
export interface StoredExemplar {
  readonly series: Series;
  readonly exemplar: Exemplar;
}

/** The newest exemplars of the whole store, oldest overwritten first. */
export class ExemplarRing {
  readonly #capacity: number;
  readonly #entries: StoredExemplar[] = [];
  /** The newest of each series, to leave out what every scrape repeats. */
  readonly #newest = new WeakMap<Series, Exemplar>();
  /** How many were ever added; entry `n` is at `n % capacity`. */
  added = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.length;
  }

  get overwritten(): number {
    return this.added - this.#entries.length;
  }

  /** Adds an exemplar unless it repeats the series' newest one. */
  add(series: Series, exemplar: Exemplar): boolean {
    const newest = this.#newest.get(series);
    if (newest !== undefined && isSame(newest, exemplar)) return false;
    this.#newest.set(series, exemplar);
    this.#entries[this.added++ % this.#capacity] = { series, exemplar };
    return true;
  }

  /** The entries number `from … to` (as {@link added} counts) that are still there, oldest first. */
  *range(from: number, to: number): Generator<StoredExemplar> {
    for (let i = Math.max(from, this.added - this.#entries.length); i < to; i++) yield this.#entries[i % this.#capacity]!;
  }
}

function isSame(a: Exemplar, b: Exemplar): boolean {
  return a.timestampMs === b.timestampMs && Object.is(a.value, b.value) && labelsKey(a.labels) === labelsKey(b.labels);
}
