import type { FileRange } from './rule-outline.ts';

/** A change of the file that mends a problem. */
export interface RuleFix {
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What kind of problem; shown with it. */
export type RuleProblemCode =
  | 'yaml' | 'schema' | 'promql' | 'duration' | 'duplicate-rule' | 'unknown-metric' | 'rate-of-gauge' | 'gauge-function-of-counter' | 'missing-for' | 'never-fires' | 'always-fires';

/** Something in a rule file that is wrong or doubtful, where it stands. */
export interface RuleProblem extends FileRange {
  readonly code: RuleProblemCode;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** The best first. */
  readonly fixes: readonly RuleFix[];
}

/** What the collector knows of metrics. */
export interface MetricFacts {
  /** Names of the series that are stored; undefined while it is not known. */
  readonly names: ReadonlySet<string> | undefined;
  /** counter, gauge, histogram, summary …; by the name of the family. */
  readonly types: ReadonlyMap<string, string>;
}
