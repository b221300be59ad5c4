import type { FloatHistogram } from '../../model/histogram.ts';
import { labelValue, METRIC_NAME, type Labels } from '../../model/labels.ts';
import { annotate, type Annotation } from '../annotations.ts';
import { fractionOfBuckets, quantileOfBuckets, type ClassicBuckets, type ClassicQuantile } from '../classic-quantile.ts';
import { MonotonicityNotes } from './monotonicity-notes.ts';
import { MergingBlock, type Block } from '../eval/block.ts';
import { withoutName, type EvaluationContext } from '../eval/context.ts';
import { setLabel } from '../eval/label-sets.ts';
import { scalarColumn } from '../eval/range-call.ts';
import { formatOpenMetricsFloat } from '../go-general.ts';
import { fractionOfHistogram, quantileOfHistogram, type HistogramEstimate } from '../histogram-quantile.ts';
import { stepTime, type CallPlan, type Grid } from '../plan.ts';
import { gatherBuckets, histogramGroups, nameFor, nativeRowAt, type HistogramGroup } from './histogram-groups.ts';
import { stringArgument } from './labels.ts';

/** Whether a function estimates something from classic and native histograms. */
export function isHistogramEstimate(func: string): boolean {
  return func === 'histogram_quantile' || func === 'histogram_quantiles' || func === 'histogram_fraction';
}

/** How to estimate a value at a step; the labels it goes under are those of the histogram with `suffix` set. */
interface Estimator {
  readonly native: (histogram: FloatHistogram, step: number, name: string) => number;
  readonly classic: (buckets: ClassicBuckets, step: number, name: string) => number;
  readonly relabel: (labels: Labels, step: number) => Labels;
  /** Called when all arguments have been evaluated. */
  readonly begin: () => void;
  /** Called after the last step of a group. */
  readonly endGroup: (name: string) => void;
}

/** The result of histogram_quantile, histogram_quantiles or histogram_fraction. */
export function histogramEstimateBlock(context: EvaluationContext, plan: CallPlan, grid: Grid): Block {
  const vectorIndex = plan.args.findIndex((argument) => argument.type === 'vector');
  const position = plan.args[vectorIndex]!.position;
  const estimators = estimatorsOf(context, plan, grid, position);
  const input = context.evaluate.block(plan.args[vectorIndex]!, grid);
  // What is wrong with the quantiles is said after what the vector has to say, as upstream.
  for (const estimator of estimators) estimator.begin();
  const groups = histogramGroups(context, input, position);
  const result = new MergingBlock(grid.count, groups.length);
  const buckets: ClassicBuckets = { bounds: new Float64Array(64), counts: new Float64Array(64), length: 0 };
  for (const group of groups) {
    context.tick();
    for (const estimator of estimators) estimateGroup(context, estimator, input, group, buckets, result, position);
  }
  return result.block;
}

function estimateGroup(
  context: EvaluationContext, estimator: Estimator, input: Block, group: HistogramGroup, buckets: ClassicBuckets,
  result: MergingBlock, position: number,
): void {
  const base = context.options.delayedNameRemoval ? group.labels : withoutName(group.labels);
  const classicName = nameFor(context, group.labels);
  const nativeName = labelValue(base, METRIC_NAME);
  let previous: Labels | undefined;
  let offset = -1;
  let isFirst = true;
  for (let s = 0; s < input.steps; s++) {
    const native = nativeRowAt(input, group, s);
    gatherBuckets(input, group, s, buckets);
    if (native < 0 && buckets.length === 0) continue;
    if (native >= 0 && buckets.length > 0) {
      context.annotate(annotate.mixedClassicNative(classicName, position, !context.options.isNewer));
      continue;
    }
    const value = native >= 0
      ? estimator.native(input.histograms![native * input.steps + s]!, s, nativeName)
      : estimator.classic(buckets, s, isFirst ? classicName : '');
    // Up to 3.5, only the first step of a group still knows its name.
    if (native < 0) isFirst = context.options.isNewer || context.options.delayedNameRemoval;
    const labels = estimator.relabel(base, s);
    if (labels !== previous) {
      offset = result.rowFor(labels, true);
      previous = labels;
    }
    result.claim(offset + s);
    result.block.setFloat(offset + s, value);
  }
  estimator.endGroup(classicName);
}

function estimatorsOf(context: EvaluationContext, plan: CallPlan, grid: Grid, position: number): Estimator[] {
  if (plan.func === 'histogram_fraction') return [fractionEstimator(context, plan, grid, position)];
  if (plan.func === 'histogram_quantile') {
    return [quantileEstimator(context, scalarColumn(context, plan.args[0]!, grid), grid, plan.args[0]!.position, position, (labels) => labels)];
  }
  const label = stringArgument(plan.args[1]);
  return plan.args.slice(2).map((argument) => {
    const column = scalarColumn(context, argument, grid);
    const cache = new Map<Labels, Map<number, Labels>>();
    return quantileEstimator(context, column, grid, argument.position, position, (labels, s) => {
      const byValue = cache.get(labels) ?? new Map<number, Labels>();
      cache.set(labels, byValue);
      const known = byValue.get(column[s]!) ?? setLabel(labels, label, formatOpenMetricsFloat(column[s]!));
      byValue.set(column[s]!, known);
      return known;
    });
  });
}

function fractionEstimator(context: EvaluationContext, plan: CallPlan, grid: Grid, position: number): Estimator {
  const lower = scalarColumn(context, plan.args[0]!, grid);
  const upper = scalarColumn(context, plan.args[1]!, grid);
  return {
    native: (histogram, s, name) => noted(context, fractionOfHistogram(lower[s]!, upper[s]!, histogram, context.options.isNewer), name, position),
    classic: (buckets, s) => fractionOfBuckets(lower[s]!, upper[s]!, buckets, context.options.isNewer),
    relabel: (labels) => labels,
    begin: () => undefined,
    endGroup: () => undefined,
  };
}

function quantileEstimator(
  context: EvaluationContext, quantiles: Float64Array, grid: Grid, quantilePosition: number, position: number, relabel: Estimator['relabel'],
): Estimator {
  const result: ClassicQuantile = { value: 0, fix: undefined };
  const notes = new MonotonicityNotes();
  let forced: { readonly name: string; readonly annotation: Annotation } | undefined;
  return {
    native: (histogram, s, name) => noted(context, quantileOfHistogram(quantiles[s]!, histogram), name, position),
    classic: (buckets, s, name) => {
      quantileOfBuckets(quantiles[s]!, buckets, result);
      if (result.fix !== undefined && context.options.isNewer) notes.add(stepTime(grid, s), result.fix);
      else if (result.fix !== undefined) {
        if (forced?.name !== name) forced = { name, annotation: annotate.forcedMonotonicity(name, position, undefined) };
        context.annotate(forced.annotation);
      }
      return result.value;
    },
    relabel,
    begin: () => {
      for (const quantile of quantiles) {
        if (!(quantile >= 0 && quantile <= 1)) context.annotate(annotate.invalidQuantile(quantile, quantilePosition));
      }
    },
    endGroup: (name) => {
      const detail = notes.take();
      if (detail !== undefined) context.annotate(annotate.forcedMonotonicity(name, position, detail));
    },
  };
}

function noted(context: EvaluationContext, estimate: HistogramEstimate, name: string, position: number): number {
  if (estimate.note === 'nan-result') context.annotate(annotate.quantileNaNResult(name, position));
  if (estimate.note === 'nan-skew') context.annotate(annotate.quantileNaNSkew(name, position));
  if (estimate.note === 'nan-excluded') context.annotate(annotate.fractionNaNs(name, position));
  return estimate.value;
}
