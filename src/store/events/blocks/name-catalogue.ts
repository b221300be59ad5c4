import type { BlockMeta, NameRow } from './block-meta.ts';

interface Entry extends NameRow {
  blocks: number;
}

/** Numbers the services with their operations (or levels), and knows which are still in use by a block. */
export class NameCatalogue {
  readonly #entries = new Map<number, Entry>();
  readonly #ids = new Map<string, Map<string, number>>();
  #nextId = 1;
  #added: NameRow[] = [];

  load(rows: readonly NameRow[]): void {
    this.#entries.clear();
    this.#ids.clear();
    this.#added = [];
    this.#nextId = 1;
    for (const row of rows) this.#insert(row);
  }

  /** The number of a name; a new one is kept for `takeAdded`. */
  id(service: string, name: string): number {
    const known = this.#ids.get(service)?.get(name);
    if (known !== undefined) return known;
    const row = { id: this.#nextId, service, name };
    this.#insert(row);
    this.#added.push(row);
    return row.id;
  }

  row(id: number): NameRow | undefined {
    return this.#entries.get(id);
  }

  rows(): Iterable<NameRow> {
    return this.#entries.values();
  }

  takeAdded(): NameRow[] {
    const added = this.#added;
    this.#added = [];
    return added;
  }

  addBlock(meta: BlockMeta): void {
    for (const { nameId } of meta.names) this.#entries.get(nameId)!.blocks++;
  }

  /** Forgets a block; returns the names that no block has any more. */
  removeBlock(meta: BlockMeta): number[] {
    const unused: number[] = [];
    for (const { nameId } of meta.names) {
      const entry = this.#entries.get(nameId);
      if (entry === undefined || --entry.blocks > 0) continue;
      unused.push(nameId);
      this.#entries.delete(nameId);
      this.#ids.get(entry.service)?.delete(entry.name);
    }
    return unused;
  }

  #insert(row: NameRow): void {
    this.#entries.set(row.id, { ...row, blocks: 0 });
    const names = this.#ids.get(row.service) ?? new Map<string, number>();
    this.#ids.set(row.service, names.set(row.name, row.id));
    this.#nextId = Math.max(this.#nextId, row.id + 1);
  }
}
