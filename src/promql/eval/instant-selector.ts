import { histogramWeight } from '../../model/histogram-arithmetic.ts';
import type { SeriesSamples } from '../../model/series-source.ts';
import { gridEnd, stepTime, type Grid, type SelectorPlan } from '../plan.ts';
import { ABSENT, createRow, FLOAT, HISTOGRAM, type Row } from './block.ts';
import type { EvaluationContext } from './context.ts';
import { smoothedRows } from './smoothed-selector.ts';
import { firstAfter, isStaleSample } from './staleness.ts';

/** The times a selector looks at: from after `fromMs` to `toMs`. */
export function instantRange(plan: SelectorPlan, grid: Grid, lookbackMs: number): { minMs: number; maxMs: number } {
  const first = (plan.atMs ?? grid.startMs) - plan.offsetMs;
  const last = (plan.atMs ?? gridEnd(grid)) - plan.offsetMs;
  // The sample exactly one lookback ago is out of sight.
  return { minMs: first - lookbackMs + 1, maxMs: plan.extension === 'smoothed' ? last + lookbackMs : last };
}

/** The rows of an instant selector: at each step the latest sample within the lookback. */
export function selectorRows(context: EvaluationContext, plan: SelectorPlan, grid: Grid, visit: (row: Row) => void): void {
  const { minMs, maxMs } = instantRange(plan, grid, context.options.lookbackMs);
  const allSeries = context.select(plan, minMs, maxMs);
  if (plan.extension === 'smoothed') {
    smoothedRows(context, plan, grid, allSeries, visit);
    return;
  }
  const row = createRow(grid.count);
  for (const series of allSeries) {
    context.tick();
    row.labels = series.labels;
    row.dropName = false;
    const samples = fillInstant(series, plan, grid, context.options.lookbackMs, row);
    if (samples === 0) continue;
    context.totalSamples += samples;
    context.hold(samples);
    visit(row);
  }
}

/** What to put into a float cell: the sample's value, or its time or start time in ms. */
export type CellContent = 'value' | 'timestamp' | 'startTimestamp';

/**
 * Fills a row with one series' samples as seen from each step; returns their number weighed as upstream does,
 * 0 when there are none. With other contents than the value, histograms count as floats.
 */
export function fillInstant(
  series: SeriesSamples, plan: { offsetMs: number; atMs: number | undefined }, grid: Grid, lookbackMs: number, row: Row,
  content: CellContent = 'value',
): number {
  const { timestamps, values, length, histograms } = series;
  const source = content === 'startTimestamp' ? series.startTimestamps : timestamps;
  const { present } = row;
  const cells = row.values;
  const fixed = plan.atMs === undefined ? undefined : plan.atMs - plan.offsetMs;
  let position = firstAfter(timestamps, length, fixed ?? grid.startMs - plan.offsetMs);
  let samples = 0;
  row.histograms = undefined;
  for (let s = 0; s < grid.count; s++) {
    const at = fixed ?? stepTime(grid, s) - plan.offsetMs;
    while (position < length && timestamps[position]! <= at) position++;
    const i = position - 1;
    if (i < 0 || timestamps[i]! <= at - lookbackMs) {
      present[s] = ABSENT;
      continue;
    }
    const histogram = histograms === undefined ? undefined : histograms[i];
    const value = values[i]!;
    // Only a NaN can be a stale marker, and a histogram says so itself.
    if ((histogram !== undefined || value !== value) && isStaleSample(series, i)) {
      present[s] = ABSENT;
      continue;
    }
    if (content !== 'value') {
      present[s] = FLOAT;
      cells[s] = source?.[i] ?? 0;
      samples++;
    } else if (histogram === undefined) {
      present[s] = FLOAT;
      cells[s] = value;
      samples++;
    } else {
      present[s] = HISTOGRAM;
      row.histograms ??= [];
      row.histograms[s] = histogram;
      samples += histogramWeight(histogram);
    }
  }
  return samples;
}
