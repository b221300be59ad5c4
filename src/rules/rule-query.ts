import type { FloatHistogram } from '../model/histogram.ts';
import type { Labels } from '../model/labels.ts';

/** One element of an expression's value. A scalar is one without labels. */
export interface RuleSample {
  readonly labels: Labels;
  readonly value: number;
  readonly histogram: FloatHistogram | undefined;
}

/** Evaluates PromQL at a time (ms); rejects with a text for people when that fails, or when the value is no vector or scalar. */
export type RuleQuery = (expr: string, timeMs: number) => Promise<readonly RuleSample[]>;

/** What evaluating a rule needs besides the rule. */
export interface RuleEnvironment {
  readonly query: RuleQuery;
  /** Where users reach the collector's API; for links in templates. */
  readonly externalUrl: string;
  readonly externalLabels: Readonly<Record<string, string>>;
}

/** When a rule is evaluated: queries and samples lie `queryOffsetMs` before `timeMs`; `limit` 0 means any number. */
export interface RuleMoment {
  readonly timeMs: number;
  readonly queryOffsetMs: number;
  readonly limit: number;
}
