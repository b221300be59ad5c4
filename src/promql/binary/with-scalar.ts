import { ABSENT, FLOAT, HISTOGRAM, isEmptyRow, type Row } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { scalarColumn } from '../eval/range-call.ts';
import { visitRenamed } from '../eval/renamed.ts';
import type { BinaryPlan, Grid } from '../plan.ts';
import { CellOperation } from './cell-operation.ts';
import { arithmeticOf, changesMetric, comparisonOf } from './float-operators.ts';

/** The rows of an operation between a vector and a scalar, either way round. */
export function vectorScalarRows(context: EvaluationContext, plan: BinaryPlan, grid: Grid, visit: (row: Row) => void): void {
  const isSwapped = plan.lhs.type === 'scalar';
  const vector = isSwapped ? plan.rhs : plan.lhs;
  const scalars = scalarColumn(context, isSwapped ? plan.lhs : plan.rhs, grid);
  const operation = new CellOperation(plan.op, plan.position, (annotation) => context.annotate(annotation), context.options.isNewer);
  const dropsName = changesMetric(plan.op) || plan.returnBool;
  const operate = (row: Row, next: (row: Row) => void): void => {
    if (row.histograms === undefined && plan.op !== '</' && plan.op !== '>/') operateOnFloats(plan, row, scalars, isSwapped);
    else operateOnCells(plan, operation, row, scalars, isSwapped);
    if (!isEmptyRow(row.present, row.offset, grid.count)) next(row);
  };
  if (dropsName) visitRenamed(context, vector, grid, visit, operate);
  else context.evaluate.rows(vector, grid, (row) => operate(row, visit));
}

function operateOnFloats(plan: BinaryPlan, row: Row, scalars: Float64Array, isSwapped: boolean): void {
  const { values, present, offset } = row;
  const compute = arithmeticOf(plan.op);
  const compare = comparisonOf(plan.op);
  for (let s = 0; s < scalars.length; s++) {
    const cell = offset + s;
    if (present[cell] === ABSENT) continue;
    const left = isSwapped ? scalars[s]! : values[cell]!;
    const right = isSwapped ? values[cell]! : scalars[s]!;
    if (compute !== undefined) values[cell] = compute(left, right);
    else {
      const isKept = compare!(left, right);
      if (plan.returnBool) values[cell] = isKept ? 1 : 0;
      else if (!isKept) present[cell] = ABSENT;
    }
  }
}

function operateOnCells(plan: BinaryPlan, operation: CellOperation, row: Row, scalars: Float64Array, isSwapped: boolean): void {
  const { values, present, offset, histograms } = row;
  for (let s = 0; s < scalars.length; s++) {
    const cell = offset + s;
    const kind = present[cell]!;
    if (kind === ABSENT) continue;
    const histogram = kind === HISTOGRAM ? histograms![cell] : undefined;
    const value = values[cell]!;
    const scalar = scalars[s]!;
    const hasResult = isSwapped ? operation.mixed(scalar, undefined, value, histogram) : operation.mixed(value, histogram, scalar, undefined);
    if (!hasResult || (!operation.isKept && !plan.returnBool)) {
      present[cell] = ABSENT;
      continue;
    }
    if (plan.returnBool) {
      values[cell] = operation.isKept ? 1 : 0;
      present[cell] = FLOAT;
    } else if (operation.histogram !== undefined) {
      histograms![cell] = operation.histogram;
      present[cell] = HISTOGRAM;
    } else if (!isSwapped || comparisonOf(plan.op) === undefined) {
      // A comparison keeps the vector's value, also when the vector stands on the right.
      values[cell] = operation.value;
      present[cell] = FLOAT;
    }
  }
}

/** The column of an operation between two scalars. */
export function scalarScalarColumn(
  context: EvaluationContext, plan: BinaryPlan, grid: Grid, operate: (a: number, b: number) => number,
): Float64Array {
  const left = scalarColumn(context, plan.lhs, grid);
  const right = scalarColumn(context, plan.rhs, grid);
  for (let s = 0; s < grid.count; s++) left[s] = operate(left[s]!, right[s]!);
  return left;
}
