import { backtest, summarise, type AlertHistory, type BacktestSummary } from '../../rules/editing/backtest.ts';
import type { RuleOutline } from '../../rules/editing/rule-outline.ts';
import { durationOf, exprTextOf } from '../../rules/editing/rule-timing.ts';
import type { CollectorClient } from '../collector-client.ts';
import { currentValues, type CurrentValue } from './current-values.ts';

/** How far back a rule is tried. */
export const BACKTEST_MS = 3_600_000;
/** The evaluations that are assumed: one each 15 s, on whole multiples so that answers of two calls agree. */
export const BACKTEST_STEP_MS = 15_000;
/** An answer is used again for that long. */
const FRESH_MS = 9000;
/** Rules of which answers are kept. */
const MAX_KEPT = 500;

/** What a rule is now and what it would have done. */
export interface RuleEvaluation {
  readonly values: readonly CurrentValue[];
  readonly state: 'inactive' | 'pending' | 'firing';
  readonly summary: BacktestSummary;
}

/** Evaluates rules as they stand in the editor, whether or not the collector runs them. */
export class RuleEvaluations {
  readonly #client: CollectorClient;
  readonly #kept = new Map<string, { readonly atMs: number; readonly answer: Promise<RuleEvaluation> }>();

  constructor(client: CollectorClient) {
    this.#client = client;
  }

  /** Rejects when the collector is away or refuses the expression. */
  evaluate(rule: RuleOutline): Promise<RuleEvaluation> {
    const key = JSON.stringify([rule.kind, exprTextOf(rule), durationOf(rule, 'for'), durationOf(rule, 'keep_firing_for')]);
    const known = this.#kept.get(key);
    if (known && Date.now() - known.atMs < FRESH_MS) return known.answer;
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    const answer = this.#ask(rule);
    this.#kept.set(key, { atMs: Date.now(), answer });
    // A failure is told to whoever asked, and is not kept.
    answer.catch(() => this.#kept.delete(key));
    return answer;
  }

  async #ask(rule: RuleOutline): Promise<RuleEvaluation> {
    const values = await currentValues(this.#client, exprTextOf(rule));
    if (rule.kind === 'record') return { values, state: 'inactive', summary: { firings: 0, longestMs: 0 } };
    const endMs = Math.floor(Date.now() / BACKTEST_STEP_MS) * BACKTEST_STEP_MS;
    const histories = await this.#history(rule, endMs);
    const last = histories.flatMap(({ phases }) => phases.filter((phase) => phase.endMs === endMs).map(({ state }) => state));
    const state = values.length === 0 ? 'inactive' : last.includes('firing') ? 'firing' : 'pending';
    return { values, state: durationOf(rule, 'for') === 0 && values.length > 0 ? 'firing' : state, summary: summarise(histories) };
  }

  async #history(rule: RuleOutline, endMs: number): Promise<readonly AlertHistory[]> {
    const startMs = endMs - BACKTEST_MS;
    const { results: [result] } = await this.#client.request('queryRange', { queries: [{ id: 'backtest', expr: exprTextOf(rule) }], startMs, endMs, stepMs: BACKTEST_STEP_MS });
    if (!result?.ok) throw new Error(result?.error ?? 'no answer');
    return backtest(result.series, { startMs, stepMs: BACKTEST_STEP_MS, forMs: durationOf(rule, 'for'), keepFiringForMs: durationOf(rule, 'keep_firing_for') });
  }
}
