/**
 * The k largest (`isTop`) or smallest of the values pushed, as a heap with the next to go in front.
 * It works step by step as Go's container/heap does, so that of equal values the same ones stay, in the same order.
 */
export class TopHeap {
  readonly #isTop: boolean;
  readonly #values: number[] = [];
  readonly #rows: number[] = [];

  constructor(isTop: boolean) {
    this.#isTop = isTop;
  }

  clear(): void {
    this.#values.length = 0;
    this.#rows.length = 0;
  }

  /** Takes a value into a heap of at most `k`, in place of the front when that is worse. */
  push(value: number, row: number, k: number): void {
    if (this.#values.length < k) {
      this.#values.push(value);
      this.#rows.push(row);
      this.#up(this.#values.length - 1);
      return;
    }
    const front = this.#values[0]!;
    const isBetter = this.#isTop ? front < value : front > value;
    if (!isBetter && !(Number.isNaN(front) && !Number.isNaN(value))) return;
    this.#values[0] = value;
    this.#rows[0] = row;
    if (k > 1) this.#down(0);
  }

  /** The rows, best first. */
  sortedRows(): number[] {
    const order = this.#values.map((_, i) => i);
    // Best first is the reverse of the heap's order; insertion keeps equal values in heap order.
    for (let i = 1; i < order.length; i++) {
      for (let j = i; j > 0 && this.#less(order[j - 1]!, order[j]!); j--) {
        const moved = order[j]!;
        order[j] = order[j - 1]!;
        order[j - 1] = moved;
      }
    }
    return order.map((i) => this.#rows[i]!);
  }

  #less(i: number, j: number): boolean {
    const a = this.#values[i]!;
    const b = this.#values[j]!;
    return Number.isNaN(a) || (this.#isTop ? a < b : a > b);
  }

  #swap(i: number, j: number): void {
    const value = this.#values[i]!;
    const row = this.#rows[i]!;
    this.#values[i] = this.#values[j]!;
    this.#rows[i] = this.#rows[j]!;
    this.#values[j] = value;
    this.#rows[j] = row;
  }

  #up(from: number): void {
    let j = from;
    for (;;) {
      const parent = (j - 1) >> 1;
      if (j === 0 || !this.#less(j, parent)) return;
      this.#swap(parent, j);
      j = parent;
    }
  }

  #down(from: number): void {
    let i = from;
    for (;;) {
      const left = 2 * i + 1;
      if (left >= this.#values.length) return;
      const child = left + 1 < this.#values.length && this.#less(left + 1, left) ? left + 1 : left;
      if (!this.#less(child, i)) return;
      this.#swap(i, child);
      i = child;
    }
  }
}
