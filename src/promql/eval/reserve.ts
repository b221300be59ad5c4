import { subqueryGrid, firstStep, type Grid, type Plan } from '../plan.ts';
import type { EvaluationContext } from './context.ts';
import { instantRange } from './instant-selector.ts';
import { matrixRange } from './range-call.ts';

/** Tells the context which times each selector of a query will want, so that equal selectors are fetched once, for all of them. */
export function reserveSelections(context: EvaluationContext, plan: Plan, grid: Grid): void {
  if (grid.count === 0) return;
  switch (plan.kind) {
    case 'selector': {
      const { minMs, maxMs } = instantRange(plan, grid, context.options.lookbackMs);
      context.reserve(plan.key, minMs, maxMs);
      return;
    }
    case 'matrix': {
      const { minMs, maxMs } = matrixRange(plan, grid, context.options.lookbackMs);
      context.reserve(plan.selector.key, minMs, maxMs);
      return;
    }
    case 'subquery': return reserveSelections(context, plan.expr, subqueryGrid(plan, grid));
    case 'invariant': return reserveSelections(context, plan.expr, firstStep(grid));
    case 'negate': return reserveSelections(context, plan.expr, grid);
    case 'aggregate':
      if (plan.param !== undefined) reserveSelections(context, plan.param, grid);
      return reserveSelections(context, plan.expr, grid);
    case 'binary':
      reserveSelections(context, plan.lhs, grid);
      return reserveSelections(context, plan.rhs, grid);
    case 'call':
      for (const argument of plan.func === 'info' ? plan.args.slice(0, 1) : plan.args) reserveSelections(context, argument, grid);
      return;
    default:
  }
}
