import type { Grid, Plan } from '../plan.ts';
import { MergingBlock, type Block } from './block.ts';
import { withoutName, type EvaluationContext } from './context.ts';

/**
 * The block of a whole query, with the metric names gone that were marked for it. Rows that become equal are laid over
 * each other; throws a QueryError when they overlap.
 */
export function finalBlock(context: EvaluationContext, plan: Plan, grid: Grid): Block {
  const block = context.evaluate.block(plan, grid);
  if (!context.options.delayedNameRemoval || !block.dropNames.some((dropName) => dropName)) return block;
  const merging = new MergingBlock(grid.count, Math.max(1, block.rowCount));
  block.forEachRow((row) => {
    if (row.dropName) row.labels = withoutName(row.labels);
    merging.add(row);
  });
  return merging.block;
}
