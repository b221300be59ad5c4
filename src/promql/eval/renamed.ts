import type { Grid, Plan } from '../plan.ts';
import { MergingBlock, type Row } from './block.ts';
import { withoutName, type EvaluationContext } from './context.ts';

/**
 * Runs `change` over the rows of an expression that lose their metric name by it. With delayed name removal they are only
 * marked; else the name goes at once, and rows that become equal are laid over each other.
 */
export function visitRenamed(
  context: EvaluationContext, plan: Plan, grid: Grid, visit: (row: Row) => void, change: (row: Row, next: (row: Row) => void) => void,
): void {
  if (context.options.delayedNameRemoval) {
    context.evaluate.rows(plan, grid, (row) => {
      row.dropName = true;
      change(row, visit);
    });
    return;
  }
  if (hasOneName(plan)) {
    context.evaluate.rows(plan, grid, (row) => {
      row.dropName = true;
      row.labels = withoutName(row.labels);
      change(row, visit);
    });
    return;
  }
  const merging = new MergingBlock(grid.count);
  context.evaluate.rows(plan, grid, (row) => {
    row.dropName = true;
    row.labels = withoutName(row.labels);
    change(row, (changed) => merging.add(changed));
  });
  merging.block.forEachRow(visit);
}

/** Whether all rows of an expression have the same metric name, so that no two become equal without it. */
export function hasOneName(plan: Plan): boolean {
  switch (plan.kind) {
    case 'selector': return plan.matchers.some((matcher) => matcher.name === '__name__' && matcher.type === '=' && matcher.value !== '');
    case 'invariant': case 'negate': return hasOneName(plan.expr);
    case 'call': return plan.args.length > 0 && plan.args.every((argument) => argument.type === 'scalar' || hasOneName(argument)) && !RELABELLING.has(plan.func);
    case 'matrix': return hasOneName(plan.selector);
    case 'subquery': return hasOneName(plan.expr);
    default: return false;
  }
}

const RELABELLING: ReadonlySet<string> = new Set(['label_replace', 'label_join', 'info', 'histogram_quantiles']);
