import type { BlockSummary } from '../blocks/block-meta.ts';

const NAMES_PER_ORIGIN = 2 ** 20;

/** Counts the rows of an open block by the numbers of origin and name, and tells the texts behind them. */
export class NameCounter {
  readonly #origins: string[] = [];
  readonly #names: string[] = [];
  #rows: number[] = [];
  #errorRows: number[] = [];

  clear(): void {
    this.#origins.length = 0;
    this.#names.length = 0;
    this.#rows = [];
    this.#errorRows = [];
  }

  addOrigin(service: string): void {
    this.#origins.push(service);
  }

  addName(name: string): void {
    this.#names.push(name);
  }

  addRow(origin: number, name: number, isError: boolean): void {
    const key = origin * NAMES_PER_ORIGIN + name;
    this.#rows.push(key);
    if (isError) this.#errorRows.push(key);
  }

  get errors(): number {
    return this.#errorRows.length;
  }

  list(): BlockSummary['names'] {
    const counts = new Map<number, { count: number; errors: number }>();
    for (const key of this.#rows) {
      const entry = counts.get(key);
      if (entry === undefined) counts.set(key, { count: 1, errors: 0 });
      else entry.count++;
    }
    for (const key of this.#errorRows) counts.get(key)!.errors++;
    return this.#merge(counts);
  }

  // Several origins may be of one service.
  #merge(counts: ReadonlyMap<number, { readonly count: number; readonly errors: number }>): BlockSummary['names'] {
    const merged = new Map<string, { service: string; name: string; count: number; errors: number }>();
    for (const [key, { count, errors }] of counts) {
      const service = this.#origins[Math.floor(key / NAMES_PER_ORIGIN)]!;
      const name = this.#names[key % NAMES_PER_ORIGIN]!;
      const mergedKey = JSON.stringify([service, name]);
      const entry = merged.get(mergedKey);
      if (entry === undefined) {
        merged.set(mergedKey, { service, name, count, errors });
      } else {
        entry.count += count;
        entry.errors += errors;
      }
    }
    return [...merged.values()];
  }
}
