import type { HealthState } from '../model/health.ts';
import type { Condition } from './state-rules.ts';
import { durationInWords } from './words.ts';

/** The order of badness, for sorting and for choosing the worst. */
export const STATE_RANK: Readonly<Record<HealthState, number>> = { healthy: 0, unknown: 1, degraded: 2, offline: 3, unhealthy: 4 };

// One bad scrape is not an outage, and a second's recovery not the end of one.
const CONFIRM_WORSE_MS = 3000;
const CONFIRM_BETTER_MS = 10_000;

/** The state of one entity over time: changes must hold for a while before they count. */
export class StateTracker {
  #state: HealthState | undefined;
  #sinceMs = 0;
  #reasons: readonly string[] = [];
  #pending: { readonly isWorse: boolean; readonly sinceMs: number } | undefined;
  readonly #active = new Map<Condition['key'], { state: HealthState; readonly sinceMs: number }>();

  get state(): HealthState {
    return this.#state ?? 'unknown';
  }

  /** When the state last changed; ms since the epoch. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Why, in words; empty when healthy. */
  get reasons(): readonly string[] {
    return this.#reasons;
  }

  /** The state that the condition stood for at the last update, or undefined when it did not hold. */
  readonly wasActive = (key: Condition['key']): HealthState | undefined => this.#active.get(key)?.state;

  /** Takes what is wrong at `nowMs`. */
  update(nowMs: number, conditions: readonly Condition[]): void {
    for (const key of this.#active.keys()) if (!conditions.some((condition) => condition.key === key)) this.#active.delete(key);
    for (const { key, state } of conditions) this.#active.set(key, { state, sinceMs: this.#active.get(key)?.sinceMs ?? nowMs });
    const candidate = conditions.reduce<HealthState>((worst, { state }) => (STATE_RANK[state] > STATE_RANK[worst] ? state : worst), 'healthy');
    this.#consider(nowMs, candidate);
    if (this.state === 'healthy') this.#reasons = [];
    else if (candidate !== 'healthy') this.#reasons = conditions.map((condition) => condition.describe(nowMs - this.#active.get(condition.key)!.sinceMs));
    else this.#reasons = [`recovering for ${durationInWords(nowMs - (this.#pending?.sinceMs ?? nowMs))}`];
  }

  #consider(nowMs: number, candidate: HealthState): void {
    if (candidate === this.#state) {
      this.#pending = undefined;
      return;
    }
    // Nothing was known before: there is nothing to hold on to.
    if (this.#state === undefined || this.#state === 'unknown') {
      this.#change(nowMs, candidate);
      return;
    }
    const isWorse = STATE_RANK[candidate] > STATE_RANK[this.#state];
    if (this.#pending?.isWorse !== isWorse) this.#pending = { isWorse, sinceMs: nowMs };
    if (nowMs - this.#pending.sinceMs >= (isWorse ? CONFIRM_WORSE_MS : CONFIRM_BETTER_MS)) this.#change(nowMs, candidate);
  }

  #change(nowMs: number, state: HealthState): void {
    this.#state = state;
    this.#sinceMs = nowMs;
    this.#pending = undefined;
  }
}
