import type { BlockSummary } from './block-meta.ts';

const NAMES_PER_ORIGIN = 2 ** 20;

/** Counts rows by origin and name number, then by the texts behind them. */
export class NameCounter {
  readonly #counts = new Map<number, { count: number; errors: number }>();

  add(origin: number, name: number, isError: boolean): void {
    const key = origin * NAMES_PER_ORIGIN + name;
    let entry = this.#counts.get(key);
    if (entry === undefined) this.#counts.set(key, (entry = { count: 0, errors: 0 }));
    entry.count++;
    if (isError) entry.errors++;
  }

  list(service: (origin: number) => string, name: (id: number) => string): BlockSummary['names'] {
    const merged = new Map<string, { service: string; name: string; count: number; errors: number }>();
    for (const [key, { count, errors }] of this.#counts) {
      const row = { service: service(Math.floor(key / NAMES_PER_ORIGIN)), name: name(key % NAMES_PER_ORIGIN), count: 0, errors: 0 };
      // Several origins may be of one service.
      const mergedKey = JSON.stringify([row.service, row.name]);
      let entry = merged.get(mergedKey);
      if (entry === undefined) merged.set(mergedKey, (entry = row));
      entry.count += count;
      entry.errors += errors;
    }
    return [...merged.values()];
  }
}
