import { ABSENT, Block, FLOAT, type Row } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { setLabel } from '../eval/label-sets.ts';
import { rangeCallRows, scalarColumn } from '../eval/range-call.ts';
import type { Labels } from '../../model/labels.ts';
import { stepTime, type CallPlan, type Grid, type Plan } from '../plan.ts';
import { DATE_FUNCTIONS } from './dates.ts';
import { goMax, goMin } from './pointwise.ts';

/** A scalar's values as a block: one row without labels. */
export function scalarBlock(values: Float64Array): Block {
  const block = new Block(values.length, 1);
  block.addRow([], false);
  block.values.set(values);
  block.present.fill(FLOAT, 0, values.length);
  return block;
}

/** Functions that give one row without labels from times and scalars; undefined for other functions. */
export function singleRowBlock(context: EvaluationContext, plan: CallPlan, grid: Grid): Block | undefined {
  const [first, second] = plan.args;
  switch (plan.func) {
    case 'time': return scalarBlock(new Float64Array(grid.count).map((_, s) => stepTime(grid, s) / 1000));
    case 'pi': return scalarBlock(new Float64Array(grid.count).fill(Math.PI));
    case 'vector': return scalarBlock(scalarColumn(context, first!, grid));
    case 'scalar': return scalarBlock(scalarOfVector(context, first!, grid));
    case 'max_of': return scalarBlock(combined(context, first!, second!, grid, goMax));
    case 'min_of': return scalarBlock(combined(context, first!, second!, grid, goMin));
    case 'absent': return absentBlock(grid, labelsOfAbsent(first!), (visit) => context.evaluate.rows(first!, grid, visit));
    case 'absent_over_time': return absentBlock(grid, labelsOfAbsent(first!), (visit) => rangeCallRows(context, plan, grid, visit));
    default: {
      const date = plan.args.length === 0 ? DATE_FUNCTIONS[plan.func] : undefined;
      if (date === undefined) return undefined;
      return scalarBlock(new Float64Array(grid.count).map((_, s) => date(Math.trunc(stepTime(grid, s) / 1000))));
    }
  }
}

function combined(context: EvaluationContext, a: Plan, b: Plan, grid: Grid, pick: (a: number, b: number) => number): Float64Array {
  const left = scalarColumn(context, a, grid);
  const right = scalarColumn(context, b, grid);
  return left.map((value, s) => pick(value, right[s]!));
}

/** The only float of a vector at each step, NaN when there is none or more than one. */
function scalarOfVector(context: EvaluationContext, vector: Plan, grid: Grid): Float64Array {
  const values = new Float64Array(grid.count).fill(NaN);
  const counts = new Uint32Array(grid.count);
  context.evaluate.rows(vector, grid, (row) => {
    for (let s = 0; s < grid.count; s++) {
      if (row.present[row.offset + s] !== FLOAT) continue;
      values[s] = counts[s] === 0 ? row.values[row.offset + s]! : NaN;
      counts[s]!++;
    }
  });
  return values;
}

/** 1 at the steps at which no row has a cell. */
function absentBlock(grid: Grid, labels: Labels, forEachRow: (visit: (row: Row) => void) => void): Block {
  const isThere = new Uint8Array(grid.count);
  forEachRow((row) => {
    for (let s = 0; s < grid.count; s++) if (row.present[row.offset + s] !== ABSENT) isThere[s] = 1;
  });
  const block = new Block(grid.count, 1);
  block.addRow(labels, false);
  for (let s = 0; s < grid.count; s++) if (isThere[s] === 0) block.setFloat(s, 1);
  return block;
}

/** The labels that an expression's matchers fix: those given by exactly one `=`. */
function labelsOfAbsent(plan: Plan): Labels {
  const inner = plan.kind === 'invariant' ? plan.expr : plan;
  const selector = inner.kind === 'matrix' ? inner.selector : inner;
  if (selector.kind !== 'selector') return [];
  let labels: Labels = [];
  const seen = new Set<string>();
  for (const matcher of selector.labelMatchers) {
    if (matcher.name === '__name__') continue;
    const isFirst = matcher.type === '=' && !seen.has(matcher.name);
    if (isFirst) seen.add(matcher.name);
    labels = setLabel(labels, matcher.name, isFirst ? matcher.value : '');
  }
  return labels;
}
