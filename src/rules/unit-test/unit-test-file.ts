import type { RulePlace } from '../rule-file.ts';

/** A file of unit tests of rules, as promtool reads it. Times and durations in ms. */
export interface UnitTestFile {
  /** As written: patterns relative to the file's folder. */
  readonly ruleFiles: readonly string[];
  readonly evaluationIntervalMs: number;
  readonly groupOrder: readonly string[];
  /** Take numbers for equal that differ in the last bit. */
  readonly isFuzzy: boolean;
  readonly tests: readonly UnitTest[];
}

export interface UnitTest {
  readonly name: string;
  readonly intervalMs: number;
  readonly series: readonly { readonly series: string; readonly values: string; readonly place: RulePlace }[];
  readonly alertTests: readonly AlertTest[];
  readonly exprTests: readonly ExprTest[];
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly externalUrl: string;
  readonly place: RulePlace;
}

export interface AlertTest {
  readonly timeMs: number;
  readonly alertName: string;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> }[];
  readonly place: RulePlace;
}

export interface ExprTest {
  readonly expr: string;
  readonly timeMs: number;
  readonly samples: readonly { readonly labels: string; readonly value: number; readonly histogram: string }[];
  readonly place: RulePlace;
}
