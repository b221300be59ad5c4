import { histogramWeight } from '../../model/histogram-arithmetic.ts';
import type { Grid, MatrixPlan, Plan, SubqueryPlan } from '../plan.ts';
import { stepTime, subqueryGrid } from '../plan.ts';
import { QueryError } from '../query-error.ts';
import type { ResultSeries } from '../result.ts';
import { MergingBlock, type Block } from './block.ts';
import { withoutName, type EvaluationContext } from './context.ts';
import { interpolateFloats } from './interpolate.ts';
import { matrixRange } from './range-call.ts';
import { createRangeSeries, loadRangeSeries, type RangeSeries } from './range-series.ts';
import { countingAtEachStep } from './sample-counts.ts';
import { firstAfter } from './staleness.ts';

/** The value of an instant query for a range: the samples as they are, or the steps of a subquery. */
export function matrixValue(context: EvaluationContext, plan: Plan, grid: Grid): ResultSeries[] {
  if (plan.kind === 'invariant') return matrixValue(context, plan.expr, grid);
  if (plan.kind === 'subquery') return subqueryValue(context, plan, grid);
  if (plan.kind !== 'matrix') throw new QueryError('internal', `unexpected range expression ${plan.kind}`);
  return selectorValue(context, plan, grid);
}

function subqueryValue(context: EvaluationContext, plan: SubqueryPlan, grid: Grid): ResultSeries[] {
  const inner = subqueryGrid(plan, grid);
  if (inner.count === 0) return [];
  context.checkSize(inner.count);
  const block = countingAtEachStep(context, 1, () => context.evaluate.block(plan.expr, inner));
  const merging = new MergingBlock(inner.count, Math.max(1, block.rowCount));
  block.forEachRow((row) => {
    if (row.dropName) row.labels = withoutName(row.labels);
    merging.add(row);
  });
  return seriesOfBlock(merging.block, inner);
}

/** The rows of a block as result series over its grid. */
export function seriesOfBlock(block: Block, grid: Grid): ResultSeries[] {
  const timestamps = new Float64Array(grid.count).map((_, s) => stepTime(grid, s));
  const series: ResultSeries[] = [];
  block.forEachRow((row) => {
    const { offset } = row;
    series.push({
      labels: row.labels,
      timestamps,
      values: row.values.subarray(offset, offset + grid.count),
      present: row.present.subarray(offset, offset + grid.count),
      histograms: row.histograms?.slice(offset, offset + grid.count),
    });
  });
  return series;
}

function selectorValue(context: EvaluationContext, plan: MatrixPlan, grid: Grid): ResultSeries[] {
  const { minMs, maxMs } = matrixRange(plan, grid, context.options.lookbackMs);
  const endMs = (plan.selector.atMs ?? grid.startMs) - plan.selector.offsetMs;
  const startMs = endMs - plan.windowMs;
  const result: ResultSeries[] = [];
  const samples = createRangeSeries();
  for (const series of context.select(plan.selector, minMs, maxMs)) {
    context.tick();
    loadRangeSeries(samples, series, minMs, maxMs);
    if (plan.selector.extension !== undefined) extend(samples, plan.selector.extension, minMs, maxMs, startMs, endMs);
    const cut = plan.selector.extension === undefined ? minMs - 1 : -Infinity;
    const one = rawSeries(samples, cut, plan.selector.extension === undefined ? maxMs : Infinity);
    if (one.timestamps.length === 0) continue;
    const counted = sampleWeight(one);
    context.totalSamples += counted;
    if (context.samplesPerStep !== undefined) context.samplesPerStep[0]! += counted;
    context.hold(one.timestamps.length);
    result.push(one);
  }
  return result;
}

function sampleWeight({ timestamps, histograms = [] }: ResultSeries): number {
  return histograms.reduce((sum, histogram) => sum + (histogram === undefined ? 0 : histogramWeight(histogram) - 1), timestamps.length);
}

function rawSeries(samples: RangeSeries, afterMs: number, maxMs: number): ResultSeries {
  let f = firstAfter(samples.t, samples.n, afterMs);
  const floatEnd = firstAfter(samples.t, samples.n, maxMs);
  let h = firstAfter(samples.ht, samples.hn, afterMs);
  const histogramEnd = firstAfter(samples.ht, samples.hn, maxMs);
  const length = floatEnd - f + histogramEnd - h;
  const timestamps = new Float64Array(length);
  const values = new Float64Array(length);
  const present = new Uint8Array(length);
  const histograms = histogramEnd > h ? new Array<(typeof samples.h)[number] | undefined>(length) : undefined;
  for (let i = 0; i < length; i++) {
    const isFloat = h >= histogramEnd || (f < floatEnd && samples.t[f]! < samples.ht[h]!);
    timestamps[i] = isFloat ? samples.t[f]! : samples.ht[h]!;
    present[i] = isFloat ? 1 : 2;
    if (isFloat) values[i] = samples.v[f++]!;
    else histograms![i] = samples.h[h++]!;
  }
  return { labels: samples.labels, timestamps, values, present, histograms };
}

/** Gives an anchored or smoothed range samples exactly at its bounds (prometheus/promql: extendFloats). */
function extend(samples: RangeSeries, extension: 'anchored' | 'smoothed', fromMs: number, toMs: number, startMs: number, endMs: number): void {
  const isWithin = (timeMs: number): boolean => timeMs >= fromMs && timeMs <= toMs;
  if (samples.h.some((_, i) => isWithin(samples.ht[i]!))) {
    throw new QueryError('execution', `${extension} modifier is not supported with histograms`);
  }
  const lo = firstAfter(samples.t, samples.n, fromMs - 1);
  const hi = firstAfter(samples.t, samples.n, toMs);
  const { t, v } = samples;
  samples.n = 0;
  let last = hi - 1;
  if (last < lo) return;
  let first = lo;
  while (first < last && t[first]! <= startMs) first++;
  first = Math.max(lo, first - 1);
  if (extension === 'smoothed') {
    let next = lo;
    while (next < last && t[next]! < endMs) next++;
    last = next;
  }
  if (t[last]! <= startMs) return;
  const isSmoothed = extension === 'smoothed';
  const left = isSmoothed && t[first]! < startMs ? interpolateFloats(t[first]!, v[first]!, t[first + 1]!, v[first + 1]!, startMs, false) : v[first]!;
  const right = isSmoothed && last > lo && t[last]! > endMs ? interpolateFloats(t[last - 1]!, v[last - 1]!, t[last]!, v[last]!, endMs, false) : v[last]!;
  if (t[first]! <= startMs) first++;
  if (t[last]! >= endMs) last--;
  const inside = Math.max(0, last - first + 1);
  samples.t = Float64Array.of(startMs, ...t.subarray(first, first + inside), endMs);
  samples.v = Float64Array.of(left, ...v.subarray(first, first + inside), right);
  samples.n = inside + 2;
}
