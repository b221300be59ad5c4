import { histogramWeight } from '../../model/histogram-arithmetic.ts';
import type { SeriesSamples } from '../../model/series-source.ts';
import { gridEnd, stepTime, type Grid, type SelectorPlan } from '../plan.ts';
import { ABSENT, createRow, FLOAT, HISTOGRAM, type Row } from './block.ts';
import type { EvaluationContext } from './context.ts';
import { areSameTimes } from './same-times.ts';
import { countCellsByStep } from './sample-counts.ts';
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
  const filler = new InstantFiller(plan, grid, context.options.lookbackMs);
  for (const series of allSeries) {
    context.tick();
    row.labels = series.labels;
    row.dropName = false;
    const samples = filler.fill(series, row);
    if (samples === 0) continue;
    context.totalSamples += samples;
    countCellsByStep(context, row, grid.count);
    context.hold(samples);
    visit(row);
  }
}

/** What to put into a float cell: the sample's value, or its time or start time in ms. */
export type CellContent = 'value' | 'timestamp' | 'startTimestamp';

/**
 * Fills rows with series as seen from each step. Which sample each step sees depends on the times alone, and is kept for
 * the next series with the same times.
 */
export class InstantFiller {
  readonly #plan: { readonly offsetMs: number; readonly atMs: number | undefined };
  readonly #grid: Grid;
  readonly #lookbackMs: number;
  readonly #content: CellContent;
  #times: Float64Array | undefined;
  #length = 0;
  #seenCount = 0;
  /** By step: the position of the sample seen, -1 for none. */
  readonly #seen: Int32Array;
  readonly #present: Uint8Array;

  constructor(
    plan: { readonly offsetMs: number; readonly atMs: number | undefined }, grid: Grid, lookbackMs: number, content: CellContent = 'value',
  ) {
    this.#plan = plan;
    this.#grid = grid;
    this.#lookbackMs = lookbackMs;
    this.#content = content;
    this.#seen = new Int32Array(grid.count);
    this.#present = new Uint8Array(grid.count);
  }

  /**
   * Fills a row; returns the number of samples seen, weighed as upstream does, 0 when there are none.
   * With other contents than the value, histograms count as floats.
   */
  fill(series: SeriesSamples, row: Row): number {
    const { timestamps, length } = series;
    if (this.#times === undefined || length !== this.#length || !areSameTimes(timestamps, this.#times, length, this.#seen.length)) this.#layOut(timestamps, length);
    row.histograms = undefined;
    if (this.#seenCount === 0) return 0;
    row.present.set(this.#present);
    if (this.#content !== 'value') return this.#fillTimes(series, row);
    return series.histograms === undefined ? this.#fillFloats(series, row) : this.#fillMixed(series, series.histograms, row);
  }

  #layOut(timestamps: Float64Array, length: number): void {
    const fixed = this.#plan.atMs === undefined ? undefined : this.#plan.atMs - this.#plan.offsetMs;
    let position = firstAfter(timestamps, length, fixed ?? this.#grid.startMs - this.#plan.offsetMs);
    this.#seenCount = 0;
    for (let s = 0; s < this.#grid.count; s++) {
      const at = fixed ?? stepTime(this.#grid, s) - this.#plan.offsetMs;
      while (position < length && timestamps[position]! <= at) position++;
      const isSeen = position > 0 && timestamps[position - 1]! > at - this.#lookbackMs;
      this.#seen[s] = isSeen ? position - 1 : -1;
      this.#present[s] = isSeen ? FLOAT : ABSENT;
      if (isSeen) this.#seenCount++;
    }
    this.#times = timestamps;
    this.#length = length;
  }

  #fillFloats(series: SeriesSamples, row: Row): number {
    const { values } = series;
    const seen = this.#seen;
    const cells = row.values;
    let samples = this.#seenCount;
    for (let s = 0; s < seen.length; s++) {
      const i = seen[s]!;
      if (i < 0) continue;
      const value = values[i]!;
      cells[s] = value;
      // Only a NaN can be a stale marker.
      if (value !== value && isStaleSample(series, i)) {
        row.present[s] = ABSENT;
        samples--;
      }
    }
    return samples;
  }

  #fillMixed(series: SeriesSamples, histograms: NonNullable<SeriesSamples['histograms']>, row: Row): number {
    let samples = 0;
    for (let s = 0; s < this.#seen.length; s++) {
      const i = this.#seen[s]!;
      if (i < 0) continue;
      const histogram = histograms[i];
      if (isStaleSample(series, i)) row.present[s] = ABSENT;
      else if (histogram === undefined) {
        row.values[s] = series.values[i]!;
        samples++;
      } else {
        row.present[s] = HISTOGRAM;
        row.histograms ??= [];
        row.histograms[s] = histogram;
        samples += histogramWeight(histogram);
      }
    }
    return samples;
  }

  #fillTimes(series: SeriesSamples, row: Row): number {
    const source = this.#content === 'startTimestamp' ? series.startTimestamps : series.timestamps;
    let samples = 0;
    for (let s = 0; s < this.#seen.length; s++) {
      const i = this.#seen[s]!;
      if (i < 0) continue;
      if (isStaleSample(series, i)) row.present[s] = ABSENT;
      else {
        row.values[s] = source?.[i] ?? 0;
        samples++;
      }
    }
    return samples;
  }
}
