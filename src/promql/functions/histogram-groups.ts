import { labelsKey, labelValue, METRIC_NAME, type Labels } from '../../model/labels.ts';
import { annotate } from '../annotations.ts';
import { appendBucket, reserveBuckets, type ClassicBuckets } from '../classic-quantile.ts';
import { FLOAT, HISTOGRAM, type Block } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { setLabel } from '../eval/label-sets.ts';

const BUCKET_LABEL = 'le';
const GO_FLOAT = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf|infinity)$/i;

/** The rows of a vector that make up one histogram: classic buckets by ascending bound, and native ones. */
export interface HistogramGroup {
  /** The labels without `le`. */
  readonly labels: Labels;
  dropName: boolean;
  readonly bucketRows: number[];
  readonly bounds: number[];
  readonly nativeRows: number[];
}

/**
 * Sorts a vector's rows into histograms (prometheus/promql: EvalNodeHelper.resetHistograms).
 * Warns of floats whose `le` is no number.
 */
export function histogramGroups(context: EvaluationContext, input: Block, position: number): HistogramGroup[] {
  const byKey = new Map<string, HistogramGroup>();
  const groupOf = (labels: Labels, dropName: boolean): HistogramGroup => {
    const key = labelsKey(labels);
    let group = byKey.get(key);
    if (group === undefined) {
      group = { labels, dropName, bucketRows: [], bounds: [], nativeRows: [] };
      byKey.set(key, group);
    }
    return group;
  };
  for (let r = 0; r < input.rowCount; r++) {
    const labels = input.labels[r]!;
    const kinds = kindsOf(input, r);
    if (kinds.hasHistogram) groupOf(labels, input.dropNames[r]!).nativeRows.push(r);
    if (!kinds.hasFloat) continue;
    const text = labelValue(labels, BUCKET_LABEL);
    if (!GO_FLOAT.test(text)) {
      context.annotate(annotate.badBucketLabel(nameFor(context, labels), text, position, !context.options.isNewer));
      continue;
    }
    const group = groupOf(setLabel(labels, BUCKET_LABEL, ''), input.dropNames[r]!);
    group.bucketRows.push(r);
    group.bounds.push(boundOf(text));
  }
  for (const group of byKey.values()) sortBuckets(group);
  return [...byKey.values()];
}

/** The metric name for an annotation: versions after 3.5 tell it only when names are kept to the end. */
export function nameFor(context: EvaluationContext, labels: Labels): string {
  return context.options.delayedNameRemoval || !context.options.isNewer ? labelValue(labels, METRIC_NAME) : '';
}

function boundOf(text: string): number {
  if (/inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}

function kindsOf(input: Block, r: number): { hasFloat: boolean; hasHistogram: boolean } {
  let hasFloat = false;
  let hasHistogram = false;
  for (let cell = r * input.steps; cell < (r + 1) * input.steps; cell++) {
    if (input.present[cell] === FLOAT) hasFloat = true;
    else if (input.present[cell] === HISTOGRAM) hasHistogram = true;
  }
  return { hasFloat, hasHistogram };
}

function sortBuckets(group: HistogramGroup): void {
  const order = group.bounds.map((_, i) => i).sort((a, b) => (group.bounds[a]! < group.bounds[b]! ? -1 : group.bounds[a]! > group.bounds[b]! ? 1 : 0));
  const rows = order.map((i) => group.bucketRows[i]!);
  const bounds = order.map((i) => group.bounds[i]!);
  group.bucketRows.splice(0, rows.length, ...rows);
  group.bounds.splice(0, bounds.length, ...bounds);
}

/** Gathers a group's classic buckets at a step; their number is `into.length`. */
export function gatherBuckets(input: Block, group: HistogramGroup, step: number, into: ClassicBuckets): void {
  into.length = 0;
  reserveBuckets(into, group.bucketRows.length);
  for (let i = 0; i < group.bucketRows.length; i++) {
    const cell = group.bucketRows[i]! * input.steps + step;
    if (input.present[cell] === FLOAT) appendBucket(into, group.bounds[i]!, input.values[cell]!);
  }
}

/** The row with a group's native histogram at a step, or -1. */
export function nativeRowAt(input: Block, group: HistogramGroup, step: number): number {
  for (const r of group.nativeRows) if (input.present[r * input.steps + step] === HISTOGRAM) return r;
  return -1;
}
