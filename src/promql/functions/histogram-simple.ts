import type { FloatHistogram } from '../../model/histogram.ts';
import { ABSENT, FLOAT, HISTOGRAM, isEmptyRow, type Row } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { visitRenamed } from '../eval/renamed.ts';
import { varianceOfHistogram } from '../histogram-quantile.ts';
import type { CallPlan, Grid } from '../plan.ts';

/** Functions from a native histogram to a float. */
const SIMPLE_FUNCTIONS: Readonly<Record<string, (histogram: FloatHistogram) => number>> = {
  histogram_count: (histogram) => histogram.count,
  histogram_sum: (histogram) => histogram.sum,
  histogram_avg: (histogram) => histogram.sum / histogram.count,
  histogram_stdvar: varianceOfHistogram,
  histogram_stddev: (histogram) => Math.sqrt(varianceOfHistogram(histogram)),
};

/** Whether a function maps each native histogram of a vector to a float. */
export function isSimpleHistogramFunction(func: string): boolean {
  return func in SIMPLE_FUNCTIONS;
}

/** The rows of such a function; floats have no result. */
export function simpleHistogramRows(context: EvaluationContext, plan: CallPlan, grid: Grid, visit: (row: Row) => void): void {
  const compute = SIMPLE_FUNCTIONS[plan.func]!;
  visitRenamed(context, plan.args[0]!, grid, visit, (row, next) => {
    for (let cell = row.offset; cell < row.offset + grid.count; cell++) {
      if (row.present[cell] !== HISTOGRAM) row.present[cell] = ABSENT;
      else {
        row.values[cell] = compute(row.histograms![cell]!);
        row.present[cell] = FLOAT;
      }
    }
    row.histograms = undefined;
    if (!isEmptyRow(row.present, row.offset, grid.count)) next(row);
  });
}
