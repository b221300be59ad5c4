import type {
  AggregationOperator, BinaryOperator, Expr, LabelMatcher, ValueType, VectorMatching,
} from './ast.ts';
import type { Matcher } from '../model/series-source.ts';

/** The evaluation times of a node: `count` steps from `startMs`, `stepMs` apart. */
export interface Grid {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

interface PlanBase {
  readonly type: ValueType;
  /** UTF-16 offset into the query where the expression starts, for annotations. */
  readonly position: number;
  /** What it was written as. */
  readonly source: Expr;
}

export interface NumberPlan extends PlanBase {
  readonly kind: 'number';
  readonly value: number;
}

export interface StringPlan extends PlanBase {
  readonly kind: 'string';
  readonly value: string;
}

/** An instant selector; `atMs` is the resolved `@` time. */
export interface SelectorPlan extends PlanBase {
  readonly kind: 'selector';
  readonly name: string;
  readonly labelMatchers: readonly LabelMatcher[];
  readonly matchers: readonly Matcher[];
  /** Equal for selectors with the same matchers. */
  readonly key: string;
  readonly offsetMs: number;
  readonly atMs: number | undefined;
  readonly extension: 'anchored' | 'smoothed' | undefined;
}

export interface MatrixPlan extends PlanBase {
  readonly kind: 'matrix';
  readonly selector: SelectorPlan;
  readonly windowMs: number;
}

export interface SubqueryPlan extends PlanBase {
  readonly kind: 'subquery';
  readonly expr: Plan;
  readonly windowMs: number;
  readonly stepMs: number;
  readonly offsetMs: number;
  readonly atMs: number | undefined;
}

export interface NegatePlan extends PlanBase {
  readonly kind: 'negate';
  readonly expr: Plan;
}

export interface BinaryPlan extends PlanBase {
  readonly kind: 'binary';
  readonly op: BinaryOperator;
  readonly lhs: Plan;
  readonly rhs: Plan;
  readonly matching: VectorMatching;
  readonly returnBool: boolean;
}

export interface AggregatePlan extends PlanBase {
  readonly kind: 'aggregate';
  readonly op: AggregationOperator;
  readonly expr: Plan;
  readonly param: Plan | undefined;
  /** Sorted. */
  readonly grouping: readonly string[];
  readonly without: boolean;
}

export interface CallPlan extends PlanBase {
  readonly kind: 'call';
  readonly func: string;
  readonly args: readonly Plan[];
}

/** Something whose value is the same at every step: evaluated once, then repeated. */
export interface InvariantPlan extends PlanBase {
  readonly kind: 'invariant';
  readonly expr: Plan;
}

/** A query made ready to run: parentheses gone, times and durations resolved, step-invariant parts marked. */
export type Plan =
  | NumberPlan | StringPlan | SelectorPlan | MatrixPlan | SubqueryPlan | NegatePlan | BinaryPlan | AggregatePlan
  | CallPlan | InvariantPlan;

/** The time of step `step`. */
export function stepTime(grid: Grid, step: number): number {
  return grid.startMs + step * grid.stepMs;
}

/** The time of the last step. */
export function gridEnd(grid: Grid): number {
  return grid.startMs + (grid.count - 1) * grid.stepMs;
}

/** The steps at which a subquery evaluates its expression for an outer grid: multiples of its own step. */
export function subqueryGrid(plan: SubqueryPlan, outer: Grid): Grid {
  const first = plan.atMs ?? outer.startMs;
  const last = plan.atMs ?? gridEnd(outer);
  const from = first - plan.offsetMs - plan.windowMs;
  let startMs = plan.stepMs * Math.trunc(from / plan.stepMs);
  if (startMs <= from) startMs += plan.stepMs;
  const endMs = last - plan.offsetMs;
  const count = endMs < startMs ? 0 : Math.floor((endMs - startMs) / plan.stepMs) + 1;
  return { startMs, stepMs: plan.stepMs, count };
}

/** The grid with only its first step. */
export function firstStep(grid: Grid): Grid {
  return grid.count <= 1 ? grid : { startMs: grid.startMs, stepMs: grid.stepMs, count: 1 };
}
