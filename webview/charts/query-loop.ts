import type { Disposable } from '../../src/base/disposable.ts';
import type { RangeQueryAnswer, RangeQueryParams } from '../../src/protocol/rpc.ts';
import { missingTail, mergeTail } from './grid-merge.ts';
import { toParams, type Grid, type PlannedQuery } from './query-plan.ts';

/** Nothing is asked more often than this. */
const MIN_INTERVAL_MS = 2_000;
/** After so many tails the whole range is asked again, for samples that arrived late. */
const TAILS_PER_FULL = 60;

/** What a refresh would ask right now. */
export interface Plan {
  readonly queries: readonly PlannedQuery[];
  readonly grid: Grid;
  /** How much of the newest points to ask again. */
  readonly overlapMs: number;
}

/** What the loop needs, and tells. */
export interface QueryLoopHost {
  plan(): Plan;
  ask(params: RangeQueryParams, signal: AbortSignal): Promise<RangeQueryAnswer>;
  isLive(): boolean;
  isVisible(): boolean;
  nowMs(): number;
  onAnswer(queries: readonly PlannedQuery[], answer: RangeQueryAnswer): void;
  onError(message: string): void;
}

/** Keeps a panel's data fresh: one refresh at a time, only while it can be seen, and only what is missing. */
export class QueryLoop implements Disposable {
  readonly #host: QueryLoopHost;
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #have: { readonly expressions: ReadonlyMap<string, string>; readonly answer: RangeQueryAnswer; readonly tails: number } | undefined;
  #isDisposed = false;

  constructor(host: QueryLoopHost) {
    this.#host = host;
  }

  /** Asks now; a refresh that is under way is given up. `isFull` forgets what is there. */
  refresh(isFull = false): void {
    if (this.#isDisposed) return;
    if (isFull) this.#have = undefined;
    clearTimeout(this.#timer);
    this.#running?.abort();
    void this.#run();
  }

  /** Asks now if nothing is under way, as after becoming visible or live again. */
  wake(): void {
    if (!this.#running) this.refresh();
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#running?.abort();
  }

  /** What is there, when it answers all of `queries`; only those are kept. */
  #reusable(queries: readonly PlannedQuery[]): { readonly answer: RangeQueryAnswer; readonly tails: number } | undefined {
    const have = this.#have;
    if (!have || have.tails >= TAILS_PER_FULL || queries.some(({ id, expr }) => have.expressions.get(id) !== expr)) return undefined;
    const ids = new Set(queries.map(({ id }) => id));
    return { tails: have.tails, answer: { ...have.answer, results: have.answer.results.filter(({ id }) => ids.has(id)) } };
  }

  async #run(): Promise<void> {
    const host = this.#host;
    const running = new AbortController();
    this.#running = running;
    const { queries, grid, overlapMs } = host.plan();
    const startedAt = host.nowMs();
    if (queries.length > 0) {
      const have = this.#reusable(queries);
      const tail = missingTail(have?.answer, grid, overlapMs);
      try {
        const answer = await host.ask(toParams(queries, tail ?? grid), running.signal);
        if (running.signal.aborted) return;
        const whole = tail && have ? mergeTail(have.answer, answer, grid) : answer;
        const expressions = new Map(queries.map(({ id, expr }) => [id, expr]));
        this.#have = { expressions, answer: whole, tails: tail && have ? have.tails + 1 : 0 };
        host.onAnswer(queries, whole);
      } catch (error) {
        if (running.signal.aborted) return;
        host.onError(error instanceof Error ? error.message : String(error));
      }
    }
    this.#running = undefined;
    if (!host.isLive() || !host.isVisible() || this.#isDisposed) return;
    const wait = Math.max(grid.stepMs, MIN_INTERVAL_MS) - (host.nowMs() - startedAt);
    this.#timer = setTimeout(() => this.refresh(), Math.max(200, wait));
  }
}
