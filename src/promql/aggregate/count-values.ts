import type { Labels } from '../../model/labels.ts';
import { ABSENT, HISTOGRAM, MergingBlock, type Block } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { dropLabels, keepLabels, setLabel } from '../eval/label-sets.ts';
import { formatGoFloat } from '../go-number.ts';
import { goQuote } from '../go-quote.ts';
import { histogramText } from '../histogram-text.ts';
import type { AggregatePlan, Grid } from '../plan.ts';
import { QueryError } from '../query-error.ts';

/** The result of `count_values("label", v)`: as many rows for a group as it has values. */
export function countValuesBlock(context: EvaluationContext, plan: AggregatePlan, grid: Grid): Block {
  const label = plan.param?.kind === 'string' ? plan.param.value : '';
  if (label === '') throw new QueryError('execution', `invalid label name ${goQuote(label)}`);
  const hasLabel = !plan.without || !(plan.grouping.includes(label) || label === '__name__');
  const groupLabels = (labels: Labels): Labels =>
    plan.without ? dropLabels(labels, [...plan.grouping, '__name__']) : keepLabels(labels, plan.grouping);
  const result = new MergingBlock(grid.count);
  context.evaluate.rows(plan.expr, grid, (row) => {
    const base = groupLabels(row.labels);
    for (let s = 0; s < grid.count; s++) {
      const kind = row.present[row.offset + s]!;
      if (kind === ABSENT) continue;
      const value = kind === HISTOGRAM ? histogramText(row.histograms![row.offset + s]!) : formatGoFloat(row.values[row.offset + s]!);
      const cell = result.rowFor(hasLabel ? setLabel(base, label, value) : base, false) + s;
      result.block.setFloat(cell, result.block.present[cell] === ABSENT ? 1 : result.block.values[cell]! + 1);
    }
  });
  return result.block;
}
