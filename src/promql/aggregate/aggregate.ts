import type { Block } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import type { AggregatePlan, Grid } from '../plan.ts';
import { countValuesBlock } from './count-values.ts';
import { foldBlock } from './folds.ts';
import { quantileBlock } from './quantile.ts';
import { selectingBlock } from './selecting.ts';

/** The result of an aggregation at every step. */
export function aggregateBlock(context: EvaluationContext, plan: AggregatePlan, grid: Grid): Block {
  switch (plan.op) {
    case 'topk': case 'bottomk': case 'limitk': case 'limit_ratio': return selectingBlock(context, plan, grid);
    case 'quantile': return quantileBlock(context, plan, grid);
    case 'count_values': return countValuesBlock(context, plan, grid);
    default: return foldBlock(context, plan, grid);
  }
}
