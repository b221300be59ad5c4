import { histogramWeight } from '../../model/histogram-arithmetic.ts';
import { labelsKey, labelValue, METRIC_NAME } from '../../model/labels.ts';
import { annotate } from '../annotations.ts';
import { ANCHORED_SAFE, KEEPS_NAME, RANGE_FUNCTIONS, RATE_KINDS, SMOOTHED_SAFE, USES_START_TIMES } from '../functions/range-functions.ts';
import type { RangeFunction, RangeWindow } from '../functions/range-window.ts';
import { RateFiller, type Windows } from '../functions/rate-series.ts';
import { gridEnd, stepTime, subqueryGrid, type CallPlan, type Grid, type MatrixPlan, type SubqueryPlan } from '../plan.ts';
import { QueryError } from '../query-error.ts';
import { ABSENT, createRow, duplicateLabelset, FLOAT, HISTOGRAM, isEmptyRow, type Row } from './block.ts';
import { withoutName, type EvaluationContext } from './context.ts';
import { createRangeSeries, loadRangeSeries, type RangeSeries } from './range-series.ts';
import { hasOneName } from './renamed.ts';
import { countWindowsByStep } from './sample-counts.ts';
import { firstAfter } from './staleness.ts';
import { forEachSubquerySeries } from './subquery.ts';

/** The times whose samples a range selector needs: from `minMs` to `maxMs`, both inside. */
export function matrixRange(plan: MatrixPlan, grid: Grid, lookbackMs: number): { minMs: number; maxMs: number } {
  const { selector, windowMs } = plan;
  const first = (selector.atMs ?? grid.startMs) - selector.offsetMs;
  const last = (selector.atMs ?? gridEnd(grid)) - selector.offsetMs;
  const before = selector.extension === undefined ? 0 : lookbackMs;
  const after = selector.extension === 'smoothed' ? lookbackMs : 0;
  return { minMs: first - windowMs - before + 1, maxMs: last + after };
}

/** The range a function was called with, and at which argument. */
export function rangeArgument(plan: CallPlan): { range: MatrixPlan | SubqueryPlan; index: number } | undefined {
  for (let index = 0; index < plan.args.length; index++) {
    const range = plan.args[index]!;
    if (range.kind === 'matrix' || range.kind === 'subquery') return { range, index };
  }
  return undefined;
}

/** Calls `visit` with each series of a range argument, ready for windows. */
function forEachRangeSeries(
  context: EvaluationContext, range: MatrixPlan | SubqueryPlan, grid: Grid, withStartTimes: boolean, visit: (series: RangeSeries) => void,
): void {
  if (range.kind === 'subquery') {
    forEachSubquerySeries(context, range, subqueryGrid(range, grid), visit);
    return;
  }
  const { minMs, maxMs } = matrixRange(range, grid, context.options.lookbackMs);
  const samples = createRangeSeries();
  for (const series of context.select(range.selector, minMs, maxMs)) {
    loadRangeSeries(samples, series, minMs, maxMs);
    if (!withStartTimes) {
      samples.startTimes = undefined;
      samples.histogramStartTimes = undefined;
    }
    visit(samples);
  }
}

/** The rows of a function over a range: series by series, each at every step. */
export function rangeCallRows(context: EvaluationContext, plan: CallPlan, grid: Grid, visit: (row: Row) => void): void {
  const argument = rangeArgument(plan);
  const compute = RANGE_FUNCTIONS[plan.func];
  if (argument === undefined || compute === undefined) throw new QueryError('internal', `unknown range function ${plan.func}`);
  const { range, index } = argument;
  const scalars = plan.args.filter((_, i) => i !== index).map((scalar) => scalarColumn(context, scalar, grid));
  const extension = range.kind === 'matrix' ? range.selector.extension : undefined;
  checkExtension(plan.func, extension);
  const windows = windowsOf(context, range, grid, extension);
  const offsetMs = range.kind === 'matrix' ? range.selector.offsetMs : range.offsetMs;
  const atMs = range.kind === 'matrix' ? range.selector.atMs : range.atMs;
  // A subquery has no position of its own upstream: what is said of it points to the start of the query.
  const position = range.kind === 'matrix' ? range.position : 0;
  const argumentPosition = index === 0 ? position : plan.args[0]!.position;
  const window: RangeWindow = {
    series: createRangeSeries(), lo: 0, hi: 0, hlo: 0, hhi: 0, startMs: 0, endMs: 0, windowMs: range.windowMs, timeMs: 0,
    extension, scalars: scalars.map(() => 0), position, argumentPosition,
    annotate: (annotation) => context.annotate(annotation), isNewer: context.options.isNewer, kind: 0, value: 0, histogram: undefined,
  };
  const boundsAt = (s: number): number => (atMs ?? stepTime(grid, s)) - offsetMs;
  const rateKind = extension === undefined ? RATE_KINDS[plan.func] : undefined;
  const rates = rateKind && new RateFiller(windows, rateKind);
  const withStartTimes = context.options.useStartTimestamps && USES_START_TIMES.has(plan.func);
  const row = createRow(grid.count);
  // Without names two series can become one, which is an error here even when they do not overlap.
  // Of the last series whose name ends as counters' do.
  let counterName = '';
  const seen = context.options.delayedNameRemoval || KEEPS_NAME.has(plan.func) || plan.func === 'absent_over_time' || hasOneName(range) ? undefined : new Set<string>();
  forEachRangeSeries(context, range, grid, withStartTimes, (series) => {
    context.tick();
    row.histograms = undefined;
    let touched: number;
    if (rates !== undefined && series.hn === 0 && series.startTimes === undefined) touched = rates.fill(series, row);
    else touched = fillWindows(context, window, series, windows, compute, scalars, grid, boundsAt, row);
    context.totalSamples += touched;
    countWindowsByStep(context, series, windows.starts, windows.ends);
    if (isEmptyRow(row.present, 0, grid.count)) return;
    context.hold(grid.count);
    const dropName = !KEEPS_NAME.has(plan.func) || series.dropName;
    row.dropName = dropName;
    row.labels = dropName && !context.options.delayedNameRemoval ? withoutName(series.labels) : series.labels;
    if (seen !== undefined) {
      const key = labelsKey(row.labels);
      if (seen.has(key)) throw duplicateLabelset();
      seen.add(key);
    }
    if (plan.func === 'rate' || plan.func === 'increase') {
      const name = labelValue(series.labels, METRIC_NAME);
      if (name !== counterName && isCounterName(context, name, series, row, grid.count, position)) counterName = name;
    }
    visit(row);
  });
}

/** The values of a scalar expression at each step. */
export function scalarColumn(context: EvaluationContext, plan: CallPlan['args'][number], grid: Grid): Float64Array {
  if (plan.kind === 'number') return new Float64Array(grid.count).fill(plan.value);
  if (plan.type === 'string') return new Float64Array(grid.count);
  return context.evaluate.block(plan, grid).values.slice(0, grid.count);
}

function windowsOf(
  context: EvaluationContext, range: MatrixPlan | SubqueryPlan, grid: Grid, extension: RangeWindow['extension'],
): Windows {
  const before = extension === undefined ? 0 : context.options.lookbackMs;
  const after = extension === 'smoothed' ? context.options.lookbackMs : 0;
  const offsetMs = range.kind === 'matrix' ? range.selector.offsetMs : range.offsetMs;
  const atMs = range.kind === 'matrix' ? range.selector.atMs : range.atMs;
  const starts = new Float64Array(grid.count);
  const ends = new Float64Array(grid.count);
  for (let s = 0; s < grid.count; s++) {
    const end = (atMs ?? stepTime(grid, s)) - offsetMs;
    starts[s] = end - range.windowMs - before;
    ends[s] = end + after;
  }
  return { count: grid.count, starts, ends, windowMs: range.windowMs };
}

/** After so many samples a single series looks whether the query was cancelled. */
const SAMPLES_PER_CHECK = 1_000_000;

/** Computes a function window by window; returns how many samples the windows had, weighed as upstream does. */
function fillWindows(
  context: EvaluationContext, window: RangeWindow, series: RangeSeries, windows: Windows, compute: RangeFunction, scalars: readonly Float64Array[],
  grid: Grid, boundsAt: (step: number) => number, row: Row,
): number {
  const { t, n, ht, h, hn } = series;
  const { starts, ends } = windows;
  window.series = series;
  let lo = firstAfter(t, n, starts[0]!);
  let hi = firstAfter(t, n, ends[0]!);
  let hlo = firstAfter(ht, hn, starts[0]!);
  let hhi = firstAfter(ht, hn, ends[0]!);
  let touched = 0;
  let nextCheck = SAMPLES_PER_CHECK;
  for (let s = 0; s < windows.count; s++) {
    if (touched > nextCheck) {
      context.checkNow();
      nextCheck = touched + SAMPLES_PER_CHECK;
    }
    const start = starts[s]!;
    const end = ends[s]!;
    while (lo < n && t[lo]! <= start) lo++;
    while (hi < n && t[hi]! <= end) hi++;
    while (hlo < hn && ht[hlo]! <= start) hlo++;
    while (hhi < hn && ht[hhi]! <= end) hhi++;
    row.present[s] = ABSENT;
    if (hi <= lo && hhi <= hlo) continue;
    touched += hi - lo;
    for (let i = hlo; i < hhi; i++) touched += histogramWeight(h[i]!);
    window.lo = lo;
    window.hi = Math.max(lo, hi);
    window.hlo = hlo;
    window.hhi = Math.max(hlo, hhi);
    window.endMs = boundsAt(s);
    window.startMs = window.endMs - windows.windowMs;
    window.timeMs = stepTime(grid, s);
    for (let i = 0; i < scalars.length; i++) window.scalars[i] = scalars[i]![s]!;
    window.kind = ABSENT;
    compute(window);
    row.present[s] = window.kind;
    if (window.kind === FLOAT) row.values[s] = window.value;
    else if (window.kind === HISTOGRAM) {
      row.histograms ??= [];
      row.histograms[s] = window.histogram;
    }
  }
  return touched;
}

function checkExtension(func: string, extension: RangeWindow['extension']): void {
  if (extension === undefined) return;
  const safe = extension === 'anchored' ? ANCHORED_SAFE : SMOOTHED_SAFE;
  if (safe.includes(func)) return;
  throw new QueryError('execution', `${extension} modifier can only be used with: ${safe.join(', ')} - not with ${func}`);
}

const COUNTER_SUFFIXES = ['_total', '_sum', '_count', '_bucket'];

/** Whether the name alone says that this is a counter. Says so when a rate was taken of floats that do not look like one. */
function isCounterName(context: EvaluationContext, name: string, series: RangeSeries, row: Row, count: number, position: number): boolean {
  if (name === '') return false;
  if (context.options.typeAndUnitLabels) {
    const type = labelValue(series.labels, '__type__');
    if (type !== 'counter' && type !== 'histogram' && hasFloat(row, count)) context.annotate(annotate.possibleNonCounterLabel(name, type, position));
    return false;
  }
  if (COUNTER_SUFFIXES.some((suffix) => name.endsWith(suffix))) return true;
  if (hasFloat(row, count)) context.annotate(annotate.possibleNonCounter(name, position));
  return false;
}

function hasFloat(row: Row, count: number): boolean {
  for (let s = 0; s < count; s++) if (row.present[s] === FLOAT) return true;
  return false;
}
