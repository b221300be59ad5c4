/** A cache that drops what was not used for longest, or what was added first, when the weights exceed its limit. */
export class WeightedCache<V> {
  readonly #limit: number;
  readonly #isReordered: boolean;
  readonly #entries = new Map<number, { readonly value: V; readonly weight: number }>();
  #weight = 0;

  constructor(limit: number, drops: 'unused' | 'oldest') {
    this.#limit = limit;
    this.#isReordered = drops === 'unused';
  }

  get weight(): number {
    return this.#weight;
  }

  get(key: number): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (this.#isReordered) {
      // A Map keeps the order of insertion, so the first key is the one not used for longest.
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return entry.value;
  }

  set(key: number, value: V, weight: number): void {
    this.delete(key);
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#limit || oldest === key) break;
      this.delete(oldest);
    }
  }

  delete(key: number): void {
    this.#weight -= this.#entries.get(key)?.weight ?? 0;
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }
}
