/** Height of a row that is not expanded, in CSS pixels. */
export const ROW_HEIGHT_PX = 22;

/**
 * Where each row stands when all have {@link ROW_HEIGHT_PX} and some have a detail of another height below them.
 * Costs grow with the number of expanded rows only.
 */
export class RowLayout {
  /** Expanded rows: index and height of the detail, by index. */
  #details: { readonly index: number; readonly heightPx: number }[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Height of all rows. */
  get heightPx(): number {
    return this.#count * ROW_HEIGHT_PX + this.#details.reduce((sum, { heightPx }) => sum + heightPx, 0);
  }

  /** Sets how many rows there are and which have details. */
  update(count: number, details: Iterable<readonly [index: number, heightPx: number]>): void {
    this.#count = count;
    this.#details = [...details].map(([index, heightPx]) => ({ index, heightPx })).sort((a, b) => a.index - b.index);
  }

  /** Top edge of row `index`. */
  topOf(index: number): number {
    let top = index * ROW_HEIGHT_PX;
    for (const detail of this.#details) {
      if (detail.index >= index) break;
      top += detail.heightPx;
    }
    return top;
  }

  /** The row at `y`, its detail included; clamped to the rows there are, 0 when there are none. */
  indexAt(y: number): number {
    let extra = 0;
    for (const { index, heightPx } of this.#details) {
      const bottom = (index + 1) * ROW_HEIGHT_PX + extra;
      if (y < bottom) break;
      if (y < bottom + heightPx) return index;
      extra += heightPx;
    }
    return Math.max(0, Math.min(this.#count - 1, Math.floor((y - extra) / ROW_HEIGHT_PX)));
  }
}
