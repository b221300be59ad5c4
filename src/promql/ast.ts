/** A half-open range of UTF-16 offsets in the query text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** The four types of a PromQL value. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export type MatchType = '=' | '!=' | '=~' | '!~';

/** One label matcher as written. */
export interface LabelMatcher {
  readonly name: string;
  readonly type: MatchType;
  readonly value: string;
}

export type BinaryOperator =
  | '+' | '-' | '*' | '/' | '%' | '^' | 'atan2'
  | '==' | '!=' | '>' | '<' | '>=' | '<='
  | 'and' | 'or' | 'unless'
  | '</' | '>/';

export type AggregationOperator =
  | 'sum' | 'avg' | 'count' | 'min' | 'max' | 'group' | 'stddev' | 'stdvar'
  | 'topk' | 'bottomk' | 'count_values' | 'quantile' | 'limitk' | 'limit_ratio';

/** How the two sides of a vector operation pair up (prometheus/promql/parser: VectorMatching). */
export interface VectorMatching {
  readonly card: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly include: readonly string[];
  /** `fill`, `fill_left`, `fill_right` of 3.6 and later: what stands in for a missing side. */
  readonly fillLeft?: number;
  readonly fillRight?: number;
}

/** `@ 123`, `@ start()`, `@ end()`. */
export type AtModifier =
  | { readonly kind: 'timestamp'; readonly timestampMs: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' };

/** A duration in milliseconds, or an expression (`5m * 2`, `step()`, `range()`) that becomes one when the query's range is known. */
export type Duration = { readonly ms: number } | { readonly expr: DurationExpr };

/** Arithmetic on durations (experimental in Prometheus). */
export type DurationExpr =
  /** `isDuration`: written as a duration (`5m`), not as a number of seconds. */
  | { readonly type: 'durationNumber'; readonly seconds: number; readonly isDuration: boolean; readonly range: TextRange; readonly text: string }
  | { readonly type: 'durationStep' | 'durationRange'; readonly range: TextRange }
  | { readonly type: 'durationUnary'; readonly op: '+' | '-'; readonly expr: DurationExpr; readonly range: TextRange }
  | { readonly type: 'durationBinary'; readonly op: '+' | '-' | '*' | '/' | '%' | '^'; readonly lhs: DurationExpr; readonly rhs: DurationExpr; readonly wrapped: boolean; readonly range: TextRange }
  | { readonly type: 'durationMinMax'; readonly op: 'min' | 'max'; readonly lhs: DurationExpr; readonly rhs: DurationExpr; readonly range: TextRange }
  | { readonly type: 'durationParen'; readonly expr: DurationExpr; readonly range: TextRange };

interface Node {
  readonly range: TextRange;
}

export interface NumberLiteral extends Node {
  readonly type: 'numberLiteral';
  readonly value: number;
  /** Written as a duration (`5m`), so that the printer writes it as one. */
  readonly isDuration: boolean;
}

export interface StringLiteral extends Node {
  readonly type: 'stringLiteral';
  readonly value: string;
}

export interface VectorSelector extends Node {
  readonly type: 'vectorSelector';
  /** The metric name when written as one, else ''. */
  readonly name: string;
  /** All matchers, that of the name included. */
  readonly matchers: readonly LabelMatcher[];
  readonly offset: Duration;
  readonly at: AtModifier | undefined;
  /** `anchored` and `smoothed` of 3.7 and later. */
  readonly extension: 'anchored' | 'smoothed' | undefined;
}

export interface MatrixSelector extends Node {
  readonly type: 'matrixSelector';
  readonly selector: VectorSelector;
  readonly window: Duration;
}

export interface SubqueryExpr extends Node {
  readonly type: 'subquery';
  readonly expr: Expr;
  readonly window: Duration;
  /** Undefined: the engine's default step. */
  readonly step: Duration | undefined;
  readonly offset: Duration;
  readonly at: AtModifier | undefined;
}

export interface ParenExpr extends Node {
  readonly type: 'parenExpr';
  readonly expr: Expr;
}

export interface UnaryExpr extends Node {
  readonly type: 'unaryExpr';
  readonly op: '+' | '-';
  readonly expr: Expr;
}

export interface BinaryExpr extends Node {
  readonly type: 'binaryExpr';
  readonly op: BinaryOperator;
  readonly lhs: Expr;
  readonly rhs: Expr;
  /** Undefined unless both sides are vectors. */
  readonly matching: VectorMatching | undefined;
  readonly returnBool: boolean;
}

export interface AggregateExpr extends Node {
  readonly type: 'aggregation';
  readonly op: AggregationOperator;
  readonly expr: Expr;
  readonly param: Expr | undefined;
  readonly grouping: readonly string[];
  readonly without: boolean;
}

export interface Call extends Node {
  readonly type: 'call';
  readonly func: string;
  readonly args: readonly Expr[];
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | SubqueryExpr
  | ParenExpr
  | UnaryExpr
  | BinaryExpr
  | AggregateExpr
  | Call;

/** What is wrong with a query and where. */
export interface ParseError {
  readonly range: TextRange;
  /** The message without a position, in Prometheus's words. */
  readonly message: string;
}

/** Parsing never fails: it gives as much of a tree as there is, and the errors. `expr` is usable only when there are none. */
export interface ParseResult {
  readonly expr: Expr | undefined;
  readonly errors: readonly ParseError[];
}
