import { withHint } from '../../model/histogram-arithmetic.ts';
import type { FloatHistogram } from '../../model/histogram.ts';
import { stepTime, type Grid, type SubqueryPlan } from '../plan.ts';
import { FLOAT, HISTOGRAM, type Row } from './block.ts';
import type { EvaluationContext } from './context.ts';
import { createRangeSeries, type RangeSeries } from './range-series.ts';
import { withoutCounting } from './sample-counts.ts';

/** Calls `visit` with each series that a subquery gives on `grid`, as if it had been read from the store. */
export function forEachSubquerySeries(
  context: EvaluationContext, plan: SubqueryPlan, grid: Grid, visit: (series: RangeSeries) => void,
): void {
  if (grid.count === 0) return;
  context.checkSize(grid.count);
  const series = createRangeSeries();
  const times = new Float64Array(grid.count);
  for (let s = 0; s < grid.count; s++) times[s] = stepTime(grid, s);
  // A block, because the outer function has its own annotations and limits while it walks the series.
  const live = context.liveSamples;
  const block = withoutCounting(context, () => context.evaluate.block(plan.expr, grid));
  block.forEachRow((row) => {
    fromRow(series, row, times, grid.count);
    visit(series);
  });
  if (context.liveSamples < live) context.resetLiveSamples(live);
}

function fromRow(series: RangeSeries, row: Row, times: Float64Array, count: number): void {
  const t = new Float64Array(count);
  const v = new Float64Array(count);
  let n = 0;
  let ht: Float64Array | undefined;
  const h: FloatHistogram[] = [];
  for (let s = 0; s < count; s++) {
    const kind = row.present[row.offset + s];
    if (kind === FLOAT) {
      t[n] = times[s]!;
      v[n] = row.values[row.offset + s]!;
      n++;
    } else if (kind === HISTOGRAM) {
      ht ??= new Float64Array(count);
      ht[h.length] = times[s]!;
      h.push(asSeenBetween(row.histograms![row.offset + s]!));
    }
  }
  series.labels = row.labels;
  series.dropName = row.dropName;
  series.t = t;
  series.v = v;
  series.n = n;
  series.ht = ht ?? t;
  series.h = h;
  series.hn = h.length;
  series.startTimes = undefined;
  series.histogramStartTimes = undefined;
  series.spacingMs = undefined;
}

/** Between the samples a subquery picks there may be others, so what is known about resets from one to the next is not. */
function asSeenBetween(histogram: FloatHistogram): FloatHistogram {
  return histogram.counterReset === 'gauge' ? histogram : withHint(histogram, 'unknown');
}
