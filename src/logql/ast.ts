import type { LabelMatcher } from '../promql/ast.ts';

/** Something that is wrong with a query; offsets are UTF-16 units. */
export interface LogqlProblem {
  readonly message: string;
  readonly startOffset: number;
  readonly endOffset: number;
}

/** A condition on the line. `|~` and `!~` are RE2 patterns that match anywhere in it. */
export interface LineFilterStage {
  readonly kind: 'line';
  readonly op: '|=' | '!=' | '|~' | '!~';
  readonly text: string;
}

/** How a label is compared with a quantity. */
export type QuantityOperator = '==' | '!=' | '>' | '>=' | '<' | '<=';

/** A condition on labels. Durations are nanoseconds, sizes bytes. */
export type LabelFilter =
  | { readonly kind: 'text'; readonly matcher: LabelMatcher }
  | { readonly kind: 'quantity'; readonly name: string; readonly op: QuantityOperator; readonly unit: 'number' | 'duration' | 'bytes'; readonly value: number }
  | { readonly kind: 'and' | 'or'; readonly left: LabelFilter; readonly right: LabelFilter };

/** One step of a pipeline. */
export type Stage =
  | LineFilterStage
  | { readonly kind: 'json' }
  | { readonly kind: 'logfmt' }
  | { readonly kind: 'drop'; readonly names: readonly string[] }
  | { readonly kind: 'label'; readonly filter: LabelFilter };

/** A query for log lines: a selector of streams, and what happens to their lines. */
export interface LogQuery {
  readonly kind: 'log';
  readonly matchers: readonly LabelMatcher[];
  readonly stages: readonly Stage[];
}

/** A count or rate of lines over a sliding window, added up over labels where `sum` is given. */
export interface MetricQuery {
  readonly kind: 'metric';
  readonly function: 'rate' | 'count_over_time';
  readonly log: LogQuery;
  readonly rangeNano: number;
  readonly sum: Grouping | undefined;
}

/** Which labels a sum keeps (`by`) or drops (`without`). */
export interface Grouping {
  readonly isWithout: boolean;
  readonly names: readonly string[];
}

/** `vector(N)`, or a sum of such: what Grafana asks to see whether anybody is there. */
export interface ConstantQuery {
  readonly kind: 'constant';
  readonly value: number;
}

/** A query of the supported part of LogQL. */
export type LogqlQuery = LogQuery | MetricQuery | ConstantQuery;
