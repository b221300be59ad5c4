import { labelValue } from '../../model/labels.ts';
import { annotate } from '../annotations.ts';
import { ABSENT, Block, FLOAT, HISTOGRAM, type Row } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { compareLabels } from '../eval/label-sets.ts';
import type { CallPlan, Grid } from '../plan.ts';
import { stringArgument } from './labels.ts';

/** Whether a function only orders its argument. */
export function isSorting(func: string): boolean {
  return func === 'sort' || func === 'sort_desc' || func === 'sort_by_label' || func === 'sort_by_label_desc';
}

/** The result of sort and its like. Over a range the order means nothing, which is said. */
export function sortBlock(context: EvaluationContext, plan: CallPlan, grid: Grid): Block {
  const isByLabel = plan.func.startsWith('sort_by_label');
  if (grid.count > 1 && context.options.isNewer) context.annotate(annotate.sortInRangeQuery(plan.position));
  const input = context.evaluate.block(plan.args[0]!, grid);
  const rows: Row[] = [];
  input.forEachRow((row) => {
    if (!isByLabel) dropHistograms(row, grid.count);
    rows.push({ ...row });
  });
  if (grid.count === 1) {
    const kept = isByLabel ? rows : rows.filter((row) => row.present[row.offset] === FLOAT);
    return copied(kept.sort(isByLabel ? byLabels(plan) : byValue(plan.func === 'sort_desc')), grid);
  }
  return copied(rows, grid);
}

function dropHistograms(row: Row, count: number): void {
  for (let cell = row.offset; cell < row.offset + count; cell++) if (row.present[cell] === HISTOGRAM) row.present[cell] = ABSENT;
}

function copied(rows: readonly Row[], grid: Grid): Block {
  const block = new Block(grid.count, Math.max(1, rows.length));
  for (const row of rows) block.addCopy(row);
  return block;
}

/** NaN goes last either way. */
function byValue(isDescending: boolean): (a: Row, b: Row) => number {
  return (a, b) => {
    const left = a.values[a.offset]!;
    const right = b.values[b.offset]!;
    if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
    return isDescending ? right - left || 0 : left - right || 0;
  };
}

function byLabels(plan: CallPlan): (a: Row, b: Row) => number {
  const names = plan.args.slice(1).map(stringArgument);
  const direction = plan.func === 'sort_by_label_desc' ? -1 : 1;
  return (a, b) => {
    for (const name of names) {
      const left = labelValue(a.labels, name);
      const right = labelValue(b.labels, name);
      if (left !== right) return direction * (isNaturallyBefore(left, right) ? -1 : 1);
    }
    return direction * compareLabels(a.labels, b.labels);
  };
}

/** Orders `item2` before `item10`: runs of digits compare as numbers. */
export function isNaturallyBefore(a: string, b: string): boolean {
  const left = a.match(/\d+|\D+/g) ?? [''];
  const right = b.match(/\d+|\D+/g) ?? [''];
  for (let i = 0; i < left.length; i++) {
    const x = left[i]!;
    const y = right[i];
    if (y === undefined) return false;
    const areNumbers = /^\d+$/.test(x) && /^\d+$/.test(y);
    if (areNumbers ? Number(x) === Number(y) : x === y) {
      if (i === left.length - 1) return true;
      if (i === right.length - 1) return false;
      continue;
    }
    return areNumbers ? Number(x) < Number(y) : x < y;
  }
  return false;
}
