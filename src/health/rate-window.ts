import { selector, type QueryFunction } from './query.ts';
import type { Recipe } from './recipe.ts';

const SMALLEST_MS = 10_000;
const LARGEST_MS = 300_000;
const GRID_MS = 5000;

/** The shortest window that holds enough samples for a rate: four of the slowest target's intervals, `normalMs` at least. */
export const windowFor = (normalMs: number, intervalMs: number): number => Math.min(LARGEST_MS, Math.max(normalMs, roundUp(4 * intervalMs)));

/**
 * The rate window of one recipe. It grows with the data until it is `fullMs` wide, because the rate over a minute of a
 * program that has run for ten seconds is a sixth of the truth; it widens for programs that push once a minute.
 */
export class RateWindow {
  readonly #recipe: Recipe;
  readonly #query: QueryFunction;
  #bornMs: number | undefined;
  #fullMs = Infinity;
  #widestMs = 0;

  constructor(recipe: Recipe, query: QueryFunction) {
    this.#recipe = recipe;
    this.#query = query;
  }

  /** The window for an evaluation at `nowMs`. */
  async widthMs(nowMs: number, fullMs: number, intervalMs: number): Promise<number> {
    this.#fullMs = fullMs;
    this.#bornMs ??= (await this.#hadDataBefore(nowMs, fullMs)) ? nowMs - fullMs : nowMs;
    const smallest = Math.max(SMALLEST_MS, 4 * intervalMs);
    const grown = Math.min(fullMs, Math.max(smallest, nowMs - this.#bornMs));
    return Math.max(roundUp(grown), this.#widestMs);
  }

  /** Call when a window gave no rate: when there is data all the same, the next one is wider. */
  async widen(nowMs: number, triedMs: number): Promise<void> {
    const metric = this.#recipe.requests?.metric;
    // Until it is full, the window grows by itself.
    if (metric === undefined || triedMs < this.#fullMs || triedMs >= LARGEST_MS) return;
    const present = await this.#query(`count(${selector(metric)})`, nowMs);
    if (present.length > 0) this.#widestMs = Math.min(LARGEST_MS, roundUp(triedMs * 2.5));
  }

  async #hadDataBefore(nowMs: number, fullMs: number): Promise<boolean> {
    const metric = this.#recipe.requests?.metric;
    if (metric === undefined) return true;
    const seconds = fullMs / 1000;
    return (await this.#query(`count(count_over_time(${selector(metric)}[30s] offset ${seconds}s))`, nowMs)).length > 0;
  }
}

const roundUp = (durationMs: number): number => Math.ceil(durationMs / GRID_MS) * GRID_MS;
