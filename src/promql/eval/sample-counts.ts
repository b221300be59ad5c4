import { histogramWeight } from '../../model/histogram-arithmetic.ts';
import { HISTOGRAM, type Row } from './block.ts';
import type { EvaluationContext } from './context.ts';
import type { RangeSeries } from './range-series.ts';
import { firstAfter } from './staleness.ts';

/** Counts the cells of a selector's row for the steps they are at, if that is wanted; with `weight` 1 histograms count as floats. */
export function countCellsByStep(context: EvaluationContext, row: Row, steps: number, weight: 'weighed' | 'single' = 'weighed'): void {
  const { samplesPerStep } = context;
  if (samplesPerStep === undefined) return;
  for (let s = 0; s < steps; s++) {
    const kind = row.present[row.offset + s]!;
    if (kind === 0) continue;
    samplesPerStep[s]! += kind === HISTOGRAM && weight === 'weighed' ? histogramWeight(row.histograms![row.offset + s]!) : 1;
  }
}

/** Counts the samples of windows that begin after `starts` and end at `ends` for their steps, if that is wanted. */
export function countWindowsByStep(context: EvaluationContext, { t, n, ht, h, hn }: RangeSeries, starts: Float64Array, ends: Float64Array): void {
  const { samplesPerStep } = context;
  if (samplesPerStep === undefined) return;
  for (let s = 0; s < ends.length; s++) {
    samplesPerStep[s]! += Math.max(0, firstAfter(t, n, ends[s]!) - firstAfter(t, n, starts[s]!));
    const hi = firstAfter(ht, hn, ends[s]!);
    for (let i = firstAfter(ht, hn, starts[s]!); i < hi; i++) samplesPerStep[s]! += histogramWeight(h[i]!);
  }
}

/** Evaluates the inside of a subquery, whose samples do not count: what its windows pick of the result does (prometheus/promql: evalSubquery). */
export function withoutCounting<T>(context: EvaluationContext, evaluate: () => T): T {
  const { samplesPerStep, totalSamples } = context;
  context.samplesPerStep = undefined;
  const result = evaluate();
  context.samplesPerStep = samplesPerStep;
  context.totalSamples = totalSamples;
  return result;
}

/** Evaluates once what is the same at all steps; its samples count at each of them, as if they had been read again. */
export function countingAtEachStep<T>(context: EvaluationContext, steps: number, evaluate: () => T): T {
  const { samplesPerStep, totalSamples } = context;
  context.samplesPerStep = undefined;
  const result = evaluate();
  context.samplesPerStep = samplesPerStep;
  const samples = context.totalSamples - totalSamples;
  context.totalSamples = totalSamples + samples * steps;
  if (samplesPerStep !== undefined) for (let s = 0; s < steps; s++) samplesPerStep[s]! += samples;
  return result;
}
