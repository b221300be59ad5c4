import { multiplyHistogram } from '../../model/histogram-arithmetic.ts';
import { aggregateBlock } from '../aggregate/aggregate.ts';
import { scalarOperation } from '../binary/float-operators.ts';
import { setOperationRows } from '../binary/set-operations.ts';
import { vectorVectorRows } from '../binary/vector-vector.ts';
import { scalarScalarColumn, vectorScalarRows } from '../binary/with-scalar.ts';
import { histogramEstimateBlock, isHistogramEstimate } from '../functions/histogram-estimates.ts';
import { isSimpleHistogramFunction, simpleHistogramRows } from '../functions/histogram-simple.ts';
import { infoBlock } from '../functions/info.ts';
import { labelJoinBlock, labelReplaceBlock } from '../functions/labels.ts';
import { isPointwise, pointwiseRows } from '../functions/pointwise.ts';
import { scalarBlock, singleRowBlock } from '../functions/scalars.ts';
import { isSorting, sortBlock } from '../functions/sorting.ts';
import { timestampRows } from '../functions/timestamps.ts';
import { firstStep, type BinaryPlan, type CallPlan, type Grid, type InvariantPlan, type NegatePlan, type Plan } from '../plan.ts';
import { QueryError } from '../query-error.ts';
import { ABSENT, Block, HISTOGRAM, type Row } from './block.ts';
import type { EvaluationContext, Evaluator, NodeStats } from './context.ts';
import { selectorRows } from './instant-selector.ts';
import { rangeCallRows } from './range-call.ts';
import { visitRenamed } from './renamed.ts';
import { countingAtEachStep } from './sample-counts.ts';

/** Puts the evaluator into a context. With `isExplained`, the context's stats are filled node by node. */
export function installEvaluator(context: EvaluationContext, isExplained: boolean): void {
  const evaluator: Evaluator = {
    block: (plan, grid) => collectBlock(context, plan, grid),
    rows: (plan, grid, visit) => visitRows(context, plan, grid, visit),
  };
  context.evaluate = isExplained ? explained(context, evaluator) : evaluator;
}

/** What a node gives: a block at once, or rows one by one. */
function collectBlock(context: EvaluationContext, plan: Plan, grid: Grid): Block {
  context.checkNow();
  context.checkSize(grid.count);
  const live = context.liveSamples;
  const block = wholeBlock(context, plan, grid) ?? collected(context, plan, grid);
  context.resetLiveSamples(live);
  context.hold(block.rowCount * block.steps);
  return block;
}

function collected(context: EvaluationContext, plan: Plan, grid: Grid): Block {
  const block = new Block(grid.count);
  visitRows(context, plan, grid, (row) => {
    block.addCopy(row);
    context.checkSize(block.rowCount * grid.count);
  });
  return block;
}

function visitRows(context: EvaluationContext, plan: Plan, grid: Grid, visit: (row: Row) => void): void {
  if (plan.kind === 'selector') selectorRows(context, plan, grid, visit);
  else if (plan.kind === 'negate') negatedRows(context, plan, grid, visit);
  else if (plan.kind === 'binary' && plan.type === 'vector') binaryRows(context, plan, grid, visit);
  else if (plan.kind !== 'call' || !callRows(context, plan, grid, visit)) {
    const block = wholeBlock(context, plan, grid);
    if (block === undefined) throw new QueryError('internal', `cannot evaluate ${plan.kind}`);
    block.forEachRow(visit);
  }
}

/** The result of nodes that need all their input before they give anything; undefined for the others. */
function wholeBlock(context: EvaluationContext, plan: Plan, grid: Grid): Block | undefined {
  switch (plan.kind) {
    case 'number': return scalarBlock(new Float64Array(grid.count).fill(plan.value));
    case 'aggregate': return aggregateBlock(context, plan, grid);
    case 'invariant': return repeatedBlock(context, plan, grid);
    case 'binary':
      if (plan.type !== 'scalar') return undefined;
      return scalarBlock(scalarScalarColumn(context, plan, grid, (a, b) => scalarOperation(plan.op, a, b)));
    case 'call': return callBlock(context, plan, grid);
    default: return undefined;
  }
}

function callBlock(context: EvaluationContext, plan: CallPlan, grid: Grid): Block | undefined {
  if (plan.func === 'label_replace') return labelReplaceBlock(context, plan, grid);
  if (plan.func === 'label_join') return labelJoinBlock(context, plan, grid);
  if (plan.func === 'info') return infoBlock(context, plan, grid);
  if (isSorting(plan.func)) return sortBlock(context, plan, grid);
  if (isHistogramEstimate(plan.func)) return histogramEstimateBlock(context, plan, grid);
  return singleRowBlock(context, plan, grid);
}

/** Runs a function that works row by row; false when it is not one. */
function callRows(context: EvaluationContext, plan: CallPlan, grid: Grid, visit: (row: Row) => void): boolean {
  if (plan.func === 'absent_over_time') return false;
  if (plan.args.some((argument) => argument.type === 'matrix')) rangeCallRows(context, plan, grid, visit);
  else if (plan.func === 'timestamp' || plan.func === 'start_timestamp') timestampRows(context, plan, grid, visit);
  else if (plan.args.length > 0 && isPointwise(plan.func)) pointwiseRows(context, plan, grid, visit);
  else if (isSimpleHistogramFunction(plan.func)) simpleHistogramRows(context, plan, grid, visit);
  else return false;
  return true;
}

function binaryRows(context: EvaluationContext, plan: BinaryPlan, grid: Grid, visit: (row: Row) => void): void {
  if (plan.lhs.type === 'scalar' || plan.rhs.type === 'scalar') vectorScalarRows(context, plan, grid, visit);
  else if (plan.op === 'and' || plan.op === 'or' || plan.op === 'unless') setOperationRows(context, plan, grid, visit);
  else vectorVectorRows(context, plan, grid, visit);
}

function negatedRows(context: EvaluationContext, plan: NegatePlan, grid: Grid, visit: (row: Row) => void): void {
  visitRenamed(context, plan.expr, grid, visit, (row, next) => {
    for (let cell = row.offset; cell < row.offset + grid.count; cell++) {
      if (row.present[cell] === HISTOGRAM) row.histograms![cell] = multiplyHistogram(row.histograms![cell]!, -1);
      else if (row.present[cell] !== ABSENT) row.values[cell] = -row.values[cell]!;
    }
    next(row);
  });
}

/** Evaluates at the first step and repeats the result at all. */
function repeatedBlock(context: EvaluationContext, plan: InvariantPlan, grid: Grid): Block {
  const single = countingAtEachStep(context, grid.count, () => context.evaluate.block(plan.expr, firstStep(grid)));
  if (grid.count <= 1) return single;
  const block = new Block(grid.count, Math.max(1, single.rowCount));
  for (let r = 0; r < single.rowCount; r++) {
    const offset = block.addRow(single.labels[r]!, single.dropNames[r]!);
    const kind = single.present[r]!;
    block.present.fill(kind, offset, offset + grid.count);
    block.values.fill(single.values[r]!, offset, offset + grid.count);
    if (kind !== HISTOGRAM) continue;
    const cells = block.histogramCells();
    for (let s = 0; s < grid.count; s++) cells[offset + s] = single.histograms![r];
  }
  return block;
}

/** An evaluator that measures every node. */
function explained(context: EvaluationContext, inner: Evaluator): Evaluator {
  const measured = (plan: Plan, run: (stats: NodeStats) => void): void => {
    const stats = context.stats.get(plan) ?? { series: 0, samples: 0, timeMs: 0, calls: 0 };
    context.stats.set(plan, stats);
    const start = performance.now();
    const samples = context.totalSamples;
    run(stats);
    stats.calls++;
    stats.timeMs += performance.now() - start;
    stats.samples += context.totalSamples - samples;
  };
  return {
    block: (plan, grid) => {
      let block: Block | undefined;
      measured(plan, (stats) => {
        block = inner.block(plan, grid);
        stats.series += block.rowCount;
      });
      return block!;
    },
    rows: (plan, grid, visit) => measured(plan, (stats) => {
      inner.rows(plan, grid, (row) => {
        stats.series++;
        visit(row);
      });
    }),
  };
}
