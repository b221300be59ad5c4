import { annotate } from '../annotations.ts';
import { ABSENT, Block, HISTOGRAM } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { scalarColumn } from '../eval/range-call.ts';
import type { AggregatePlan, Grid } from '../plan.ts';
import { quantileOf } from '../quantile.ts';
import { GroupIndex } from './groups.ts';

/** The result of `quantile(q, v)`. */
export function quantileBlock(context: EvaluationContext, plan: AggregatePlan, grid: Grid): Block {
  const quantiles = scalarColumn(context, plan.param!, grid);
  const input = context.evaluate.block(plan.expr, grid);
  const groups = new GroupIndex(plan);
  const out = new Block(grid.count);
  const members: number[][] = [];
  for (let r = 0; r < input.rowCount; r++) {
    const group = groups.of(input.labels[r]!);
    if (group === out.rowCount) {
      out.addRow(groups.labelsOf(input.labels[r]!), input.dropNames[r]!);
      members.push([]);
    } else if (input.dropNames[r]!) out.dropNames[group] = true;
    members[group]!.push(r);
  }
  warnOfQuantiles(context, quantiles, plan.param!.position);
  const values = new Float64Array(Math.max(0, ...members.map((rows) => rows.length)));
  for (let group = 0; group < members.length; group++) {
    for (let s = 0; s < grid.count; s++) {
      let count = 0;
      for (const r of members[group]!) {
        const kind = input.present[r * grid.count + s]!;
        if (kind === HISTOGRAM) context.annotate(annotate.histogramIgnoredInAggregation('quantile', plan.expr.position));
        else if (kind !== ABSENT) values[count++] = input.values[r * grid.count + s]!;
      }
      if (count > 0) out.setFloat(group * grid.count + s, quantileOf(quantiles[s]!, values, count));
    }
  }
  return out;
}

/** One warning for NaN, one for the largest above 1, one for the smallest below 0. */
function warnOfQuantiles(context: EvaluationContext, quantiles: Float64Array, position: number): void {
  let max = -Infinity;
  let min = Infinity;
  let hasNaN = false;
  for (const quantile of quantiles) {
    if (Number.isNaN(quantile)) hasNaN = true;
    max = Math.max(max, quantile);
    min = Math.min(min, quantile);
  }
  if (hasNaN) context.annotate(annotate.invalidQuantile(NaN, position));
  if (max > 1) context.annotate(annotate.invalidQuantile(max, position));
  if (min < 0) context.annotate(annotate.invalidQuantile(min, position));
}
