import type { Grouping, MetricQuery } from './ast.ts';
import type { PassedEntry } from './log-entry.ts';

/** The instants at which a metric query is evaluated: `start + i * step` for i < count. Nanoseconds since the Unix epoch. */
export interface TimeGrid {
  readonly startUnixNano: bigint;
  readonly stepNano: bigint;
  readonly count: number;
}

/** A series of a metric query: `values[i]` is at instant i of the grid, undefined where no line was in the window. */
export interface LogSeries {
  readonly labels: ReadonlyMap<string, string>;
  readonly values: readonly (number | undefined)[];
}

/** Adds entries up by series and instant. An entry counts at every instant t with time in (t - range, t]. */
export class WindowCounter {
  readonly #query: MetricQuery;
  readonly #grid: TimeGrid;
  readonly #range: bigint;
  readonly #series = new Map<string, { readonly labels: ReadonlyMap<string, string>; readonly counts: number[] }>();

  constructor(query: MetricQuery, grid: TimeGrid) {
    this.#query = query;
    this.#grid = grid;
    this.#range = BigInt(Math.round(query.rangeNano));
  }

  get seriesCount(): number {
    return this.#series.size;
  }

  /** Counts an entry `times` times. */
  add(timeUnixNano: bigint, { labels }: Pick<PassedEntry, 'labels'>, times = 1): void {
    const { startUnixNano, stepNano, count } = this.#grid;
    // The first instant that is not before the entry, and the last one whose window still holds it.
    const first = timeUnixNano <= startUnixNano ? 0n : (timeUnixNano - startUnixNano + stepNano - 1n) / stepNano;
    const end = timeUnixNano + this.#range - startUnixNano;
    if (end <= 0n) return;
    const last = (end - 1n) / stepNano;
    const to = last >= BigInt(count) ? count - 1 : Number(last);
    if (first > BigInt(to)) return;
    const { counts } = this.#seriesOf(labels);
    for (let i = Number(first); i <= to; i++) counts[i]! += times;
  }

  /** The series, in the order in which they came. */
  series(): LogSeries[] {
    const perSecond = this.#query.function === 'rate' ? this.#query.rangeNano / 1e9 : 1;
    return [...this.#series.values()].map(({ labels, counts }) => ({ labels, values: counts.map((value) => (value === 0 ? undefined : value / perSecond)) }));
  }

  #seriesOf(all: ReadonlyMap<string, string>): { readonly counts: number[] } {
    const labels = groupLabels(all, this.#query.sum);
    const key = JSON.stringify([...labels]);
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = { labels, counts: new Array<number>(this.#grid.count).fill(0) }));
    return series;
  }
}

/** The labels that a sum keeps, sorted; all without a sum. A label with the empty value is none. */
function groupLabels(labels: ReadonlyMap<string, string>, grouping: Grouping | undefined): Map<string, string> {
  const kept = [...labels].filter(([name, value]) => value !== '' && (grouping === undefined || grouping.names.includes(name) !== grouping.isWithout));
  return new Map(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}
