import type { EvaluationContext } from './eval/context.ts';
import type { Plan } from './plan.ts';
import { printExpr } from './print-expr.ts';
import type { ExplainedNode } from './result.ts';

/** The plan of a query that was run with statistics, as a tree. */
export function explainPlan(context: EvaluationContext, plan: Plan): ExplainedNode {
  return nodeOf(context, plan, false);
}

function nodeOf(context: EvaluationContext, plan: Plan, isInvariant: boolean): ExplainedNode {
  if (plan.kind === 'invariant') return nodeOf(context, plan.expr, true);
  const stats = context.stats.get(plan) ?? { series: 0, samples: 0, timeMs: 0, calls: 0 };
  return {
    text: printExpr(plan.source),
    series: stats.series,
    samples: stats.samples,
    timeMs: stats.timeMs,
    isInvariant,
    children: childrenOf(plan).map((child) => nodeOf(context, child, isInvariant)),
  };
}

function childrenOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case 'negate': case 'invariant': case 'subquery': return [plan.expr];
    case 'binary': return [plan.lhs, plan.rhs];
    case 'aggregate': return plan.param === undefined || plan.param.kind === 'number' ? [plan.expr] : [plan.param, plan.expr];
    case 'call': return plan.args.filter((argument) => argument.kind !== 'number' && argument.kind !== 'string');
    case 'number': case 'string': case 'selector': case 'matrix': return [];
  }
}
