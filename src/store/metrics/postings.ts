import type { Series } from './series.ts';

/** For each label name and value the series that have it, ascending by slot. */
export class Postings {
  readonly #byName = new Map<string, Map<string, Series[]>>();

  add(series: Series): void {
    const { labels } = series;
    for (let i = 0; i < labels.length; i += 2) {
      let byValue = this.#byName.get(labels[i]!);
      if (byValue === undefined) this.#byName.set(labels[i]!, (byValue = new Map<string, Series[]>()));
      const list = byValue.get(labels[i + 1]!);
      if (list === undefined) byValue.set(labels[i + 1]!, [series]);
      else list.push(series);
    }
  }

  /** Removes series; each affected list is filtered once. */
  remove(gone: ReadonlySet<Series>): void {
    const affected = new Map<string, Set<string>>();
    for (const { labels } of gone) {
      for (let i = 0; i < labels.length; i += 2) {
        let values = affected.get(labels[i]!);
        if (values === undefined) affected.set(labels[i]!, (values = new Set<string>()));
        values.add(labels[i + 1]!);
      }
    }
    for (const [name, values] of affected) {
      const byValue = this.#byName.get(name)!;
      for (const value of values) {
        const kept = byValue.get(value)!.filter((series) => !gone.has(series));
        if (kept.length === 0) byValue.delete(value);
        else byValue.set(value, kept);
      }
      if (byValue.size === 0) this.#byName.delete(name);
    }
  }

  get(name: string, value: string): readonly Series[] {
    return this.#byName.get(name)?.get(value) ?? [];
  }

  names(): IterableIterator<string> {
    return this.#byName.keys();
  }

  /** The values of a label and their series. */
  values(name: string): ReadonlyMap<string, readonly Series[]> {
    return this.#byName.get(name) ?? new Map<string, readonly Series[]>();
  }
}
