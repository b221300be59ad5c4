import { annotate } from '../annotations.ts';
import { ABSENT, Block, HISTOGRAM } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { scalarColumn } from '../eval/range-call.ts';
import { formatGoGeneral } from '../go-general.ts';
import type { AggregatePlan, Grid } from '../plan.ts';
import { QueryError } from '../query-error.ts';
import { GroupIndex } from './groups.ts';
import { isSampled, samplingOffset } from './sampling.ts';
import { TopHeap } from './top-heap.ts';

const INT64_LIMIT = 2 ** 63;

/** The result of topk, bottomk, limitk or limit_ratio: some of the input's cells, under the input's labels. */
export function selectingBlock(context: EvaluationContext, plan: AggregatePlan, grid: Grid): Block {
  const params = scalarColumn(context, plan.param!, grid);
  const input = context.evaluate.block(plan.expr, grid);
  const out = new Block(grid.count, Math.max(1, input.rowCount));
  if (!checkParams(context, plan, params)) return out;
  const groups = new GroupIndex(plan);
  const members: number[][] = [];
  for (let r = 0; r < input.rowCount; r++) {
    const group = groups.of(input.labels[r]!);
    if (group === members.length) members.push([]);
    members[group]!.push(r);
  }
  const choose = chooserOf(context, plan, input);
  if (grid.count > 1) for (let r = 0; r < input.rowCount; r++) out.addRow(input.labels[r]!, input.dropNames[r]!);
  for (let s = 0; s < grid.count; s++) {
    context.tick();
    if (!context.options.isNewer && plan.op !== 'limit_ratio') checkStep(input, s, params[s]!);
    for (const rows of members) {
      for (const r of choose(rows, s, params[s]!)) {
        // An instant result keeps the order of choice.
        const target = grid.count > 1 ? r * grid.count : out.addRow(input.labels[r]!, input.dropNames[r]!);
        copyCell(input, r * grid.count + s, out, target + s);
      }
    }
  }
  return out;
}

/** Up to 3.5 a parameter is looked at where there is something to choose from, step by step. */
function checkStep(input: Block, s: number, param: number): void {
  if (param > -INT64_LIMIT && param < INT64_LIMIT) return;
  for (let r = 0; r < input.rowCount; r++) {
    if (input.present[r * input.steps + s] !== ABSENT) throw new QueryError('execution', `Scalar value ${formatGoGeneral(param)} overflows int64`);
  }
}

function copyCell(from: Block, source: number, to: Block, target: number): void {
  if (from.present[source] === HISTOGRAM) to.setHistogram(target, from.histograms![source]!);
  else to.setFloat(target, from.values[source]!);
}

/** False when nothing can be chosen at any step; throws for impossible parameters. */
function checkParams(context: EvaluationContext, plan: AggregatePlan, params: Float64Array): boolean {
  // NaN when any of them is.
  const max = params.reduce((a, b) => Math.max(a, b));
  const min = params.reduce((a, b) => Math.min(a, b));
  if (plan.op === 'limit_ratio') {
    if (max === 0 && min === 0) return false;
    if (Number.isNaN(max) && context.options.isNewer) throw new QueryError('execution', 'Ratio value is NaN');
    if (max > 1) context.annotate(annotate.invalidRatio(max, 1, plan.param!.position));
    if (min < -1) context.annotate(annotate.invalidRatio(min, -1, plan.param!.position));
    return true;
  }
  if (max < 1) return false;
  if (!context.options.isNewer) return true;
  if (Number.isNaN(max)) throw new QueryError('execution', 'Parameter value is NaN');
  if (min <= -INT64_LIMIT) throw new QueryError('execution', `Scalar value ${formatGoGeneral(min)} underflows int64`);
  if (max >= INT64_LIMIT) throw new QueryError('execution', `Scalar value ${formatGoGeneral(max)} overflows int64`);
  return true;
}

/** Chooses rows of one group at a step. */
type Chooser = (rows: readonly number[], step: number, param: number) => readonly number[];

function chooserOf(context: EvaluationContext, plan: AggregatePlan, input: Block): Chooser {
  const { steps } = input;
  const kindOf = (r: number, s: number): number => input.present[r * steps + s]!;
  switch (plan.op) {
    case 'limit_ratio': {
      const offsets = input.labels.map((labels) => samplingOffset(labels));
      return (rows, s, param) => {
        const ratio = Math.max(-1, Math.min(1, param));
        return rows.filter((r) => kindOf(r, s) !== ABSENT && isSampled(ratio, offsets[r]!));
      };
    }
    case 'limitk':
      return (rows, s, param) => {
        const k = Math.trunc(param);
        const chosen: number[] = [];
        for (const r of rows) {
          if (chosen.length >= k) break;
          if (kindOf(r, s) !== ABSENT) chosen.push(r);
        }
        return chosen;
      };
    default: {
      const heap = new TopHeap(plan.op === 'topk');
      return (rows, s, param) => {
        const k = Math.min(Math.trunc(param), input.rowCount);
        heap.clear();
        if (k < 1) return [];
        for (const r of rows) {
          const kind = kindOf(r, s);
          if (kind === HISTOGRAM) context.annotate(annotate.histogramIgnoredInAggregation(plan.op, plan.position));
          else if (kind !== ABSENT) heap.push(input.values[r * steps + s]!, r, k);
        }
        return heap.sortedRows();
      };
    }
  }
}
