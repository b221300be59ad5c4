import { usesCustomBuckets } from '../../model/histogram-bounds.ts';
import { withHint } from '../../model/histogram-arithmetic.ts';
import { labelValue, METRIC_NAME } from '../../model/labels.ts';
import type { SeriesSamples } from '../../model/series-source.ts';
import { annotate } from '../annotations.ts';
import { stepTime, type Grid, type SelectorPlan } from '../plan.ts';
import { createRow, FLOAT, HISTOGRAM, isEmptyRow, type Row } from './block.ts';
import type { EvaluationContext } from './context.ts';
import { interpolateFloats, interpolateHistograms } from './interpolate.ts';
import { createRangeSeries, loadRangeSeries, type RangeSeries } from './range-series.ts';
import { firstAfter } from './staleness.ts';

/** The rows of a `smoothed` selector: at each step the value between the samples around it (prometheus/promql: smoothSeries). */
export function smoothedRows(
  context: EvaluationContext, plan: SelectorPlan, grid: Grid, allSeries: readonly SeriesSamples[], visit: (row: Row) => void,
): void {
  const row = createRow(grid.count);
  const samples = createRangeSeries();
  for (const series of allSeries) {
    context.tick();
    loadRangeSeries(samples, series);
    row.labels = series.labels;
    row.dropName = false;
    row.histograms = undefined;
    row.present.fill(0);
    for (let s = 0; s < grid.count; s++) fillSmoothed(context, plan, samples, (plan.atMs ?? stepTime(grid, s)) - plan.offsetMs, row, s);
    if (isEmptyRow(row.present, 0, grid.count)) continue;
    context.hold(grid.count);
    visit(row);
  }
}

function fillSmoothed(context: EvaluationContext, plan: SelectorPlan, samples: RangeSeries, at: number, row: Row, s: number): void {
  const { lookbackMs } = context.options;
  const low = at - lookbackMs;
  const high = at + lookbackMs;
  const name = labelValue(samples.labels, METRIC_NAME);
  const floatFrom = firstAfter(samples.t, samples.n, low);
  const floatTo = firstAfter(samples.t, samples.n, high);
  const histogramFrom = firstAfter(samples.ht, samples.hn, low);
  const histogramTo = firstAfter(samples.ht, samples.hn, high);
  if (floatFrom < floatTo && histogramFrom < histogramTo) {
    context.annotate(annotate.mixedFloatsHistograms(name, plan.position));
    return;
  }
  if (histogramFrom < histogramTo) {
    const i = firstAfter(samples.ht, samples.hn, at - 0.5);
    if (i < histogramTo && samples.ht[i] === at) setHistogram(row, s, samples, i);
    else if (i > histogramFrom && i < histogramTo) fillBetween(context, plan, samples, i, at, row, s);
    else if (i > histogramFrom) {
      setHistogram(row, s, samples, i - 1);
      row.histograms![s] = withHint(samples.h[i - 1]!, 'unknown');
    }
    return;
  }
  if (floatFrom >= floatTo) return;
  const i = firstAfter(samples.t, samples.n, at - 0.5);
  if (i < floatTo && samples.t[i] === at) row.values[s] = samples.v[i]!;
  else if (i > floatFrom && i < floatTo) {
    row.values[s] = interpolateFloats(samples.t[i - 1]!, samples.v[i - 1]!, samples.t[i]!, samples.v[i]!, at, false);
  } else if (i > floatFrom) row.values[s] = samples.v[i - 1]!;
  else return;
  row.present[s] = FLOAT;
}

function setHistogram(row: Row, s: number, samples: RangeSeries, i: number): void {
  row.histograms ??= [];
  row.histograms[s] = samples.h[i]!;
  row.present[s] = HISTOGRAM;
}

function fillBetween(context: EvaluationContext, plan: SelectorPlan, samples: RangeSeries, i: number, at: number, row: Row, s: number): void {
  const before = samples.h[i - 1]!;
  const after = samples.h[i]!;
  const isCounter = before.counterReset !== 'gauge' || after.counterReset !== 'gauge';
  const result = usesCustomBuckets(before) === usesCustomBuckets(after)
    ? interpolateHistograms(samples.ht[i - 1]!, before, samples.ht[i]!, after, at, isCounter)
    : undefined;
  if (result === undefined) {
    context.annotate(annotate.mixedExponentialCustom(labelValue(samples.labels, METRIC_NAME), plan.position));
    return;
  }
  for (const operation of result.reconciledIn) context.annotate(annotate.reconciledBounds(operation, plan.position));
  row.histograms ??= [];
  row.histograms[s] = result.histogram;
  row.present[s] = HISTOGRAM;
}
