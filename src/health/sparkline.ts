/** The width of a cell, and how many make a sparkline: the last ten minutes. */
export const SPARKLINE_STEP_MS = 15_000;
export const SPARKLINE_CELLS = 40;

/** Requests per second over the last minutes in fixed cells of time; the newest value of a cell counts. */
export class Sparkline {
  readonly #cells = new Map<number, number>();

  /** Remembers a value. */
  add(timeMs: number, value: number): void {
    const cell = Math.floor(timeMs / SPARKLINE_STEP_MS);
    this.#cells.set(cell, value);
    for (const old of this.#cells.keys()) if (old <= cell - SPARKLINE_CELLS) this.#cells.delete(old);
  }

  /** Oldest first, ending with the cell of `nowMs`; null where nothing was remembered. */
  values(nowMs: number): readonly (number | null)[] {
    const last = Math.floor(nowMs / SPARKLINE_STEP_MS);
    return Array.from({ length: SPARKLINE_CELLS }, (_, index) => this.#cells.get(last - SPARKLINE_CELLS + 1 + index) ?? null);
  }
}
