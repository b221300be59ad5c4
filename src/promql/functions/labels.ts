import { RE2JS } from 're2js';
import { labelValue, METRIC_NAME, type Labels } from '../../model/labels.ts';
import { MergingBlock, type Block } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { setLabel } from '../eval/label-sets.ts';
import type { CallPlan, Grid, Plan } from '../plan.ts';
import { QueryError } from '../query-error.ts';
import { expandTemplate } from './expand-template.ts';

/** The value of a string argument. */
export function stringArgument(plan: Plan | undefined): string {
  return plan?.kind === 'string' ? plan.value : '';
}

/** `label_replace(v, dst, replacement, src, regex)`. */
export function labelReplaceBlock(context: EvaluationContext, plan: CallPlan, grid: Grid): Block {
  const [target, replacement, source, pattern] = plan.args.slice(1).map(stringArgument) as [string, string, string, string];
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch {
    throw new QueryError('execution', `invalid regular expression in label_replace(): ${pattern}`);
  }
  if (!isLabelName(target)) throw new QueryError('execution', `invalid destination label name in label_replace(): ${target}`);
  return relabelled(context, plan.args[0]!, grid, target, (labels) => {
    const matcher = regex.matcher(labelValue(labels, source));
    if (!matcher.matches()) return undefined;
    return expandTemplate(replacement, (group) => groupText(matcher, regex, group));
  });
}

function groupText(matcher: ReturnType<RE2JS['matcher']>, regex: RE2JS, group: string): string {
  if (/^[0-9]+$/.test(group)) {
    const index = Number(group);
    return index <= regex.groupCount() ? matcher.group(index) ?? '' : '';
  }
  return Object.hasOwn(regex.namedGroups(), group) ? matcher.group(group) ?? '' : '';
}

/** `label_join(v, dst, separator, src...)`. */
export function labelJoinBlock(context: EvaluationContext, plan: CallPlan, grid: Grid): Block {
  const [target = '', separator = '', ...sources] = plan.args.slice(1).map(stringArgument);
  for (const source of sources) {
    if (!isLabelName(source)) throw new QueryError('execution', `invalid source label name in label_join(): ${source}`);
  }
  if (!isLabelName(target)) throw new QueryError('execution', `invalid destination label name in label_join(): ${target}`);
  return relabelled(context, plan.args[0]!, grid, target, (labels) => sources.map((source) => labelValue(labels, source)).join(separator));
}

/** Any UTF-8 text but the empty one is a label name; bytes that were not UTF-8 have become U+FFFD when the query was read. */
function isLabelName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !name.includes('\ufffd');
}

/** Sets one label of every row; rows that become equal are laid over each other. */
function relabelled(
  context: EvaluationContext, vector: Plan, grid: Grid, target: string, valueOf: (labels: Labels) => string | undefined,
): Block {
  const merging = new MergingBlock(grid.count);
  context.evaluate.rows(vector, grid, (row) => {
    const value = valueOf(row.labels);
    if (value !== undefined) {
      row.labels = setLabel(row.labels, target, value);
      // A name that was just given stays.
      if (target === METRIC_NAME) row.dropName = false;
    }
    merging.add(row);
  });
  return merging.block;
}
