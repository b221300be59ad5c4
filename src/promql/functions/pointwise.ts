import { ABSENT, FLOAT, HISTOGRAM, isEmptyRow, type Row } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { scalarColumn } from '../eval/range-call.ts';
import { visitRenamed } from '../eval/renamed.ts';
import type { CallPlan, Grid, Plan } from '../plan.ts';
import { DATE_FUNCTIONS } from './dates.ts';

const sign = (value: number): number => (value < 0 ? -1 : value > 0 ? 1 : value);

/** Functions from one float to another. */
const MATH_FUNCTIONS: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs, ceil: Math.ceil, floor: Math.floor, exp: Math.exp, sqrt: Math.sqrt,
  ln: Math.log, log2: Math.log2, log10: Math.log10, sgn: sign,
  sin: Math.sin, cos: Math.cos, tan: Math.tan, asin: Math.asin, acos: Math.acos, atan: Math.atan,
  sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, asinh: Math.asinh, acosh: Math.acosh, atanh: Math.atanh,
  deg: (value) => (value * 180) / Math.PI,
  rad: (value) => (value * Math.PI) / 180,
  ...DATE_FUNCTIONS,
};

/** Go's math.Max and math.Min: an infinity on the winning side beats NaN. */
export function goMax(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}

export function goMin(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b);
}

/** Functions from one float and scalars at a step to another float; undefined: no sample. */
const SCALED_FUNCTIONS: Readonly<Record<string, (value: number, a: number, b: number) => number | undefined>> = {
  clamp: (value, min, max) => (max < min ? undefined : goMax(min, goMin(max, value))),
  clamp_min: (value, min) => (Infinity < min ? undefined : goMax(min, goMin(Infinity, value))),
  clamp_max: (value, max) => (max < -Infinity ? undefined : goMax(-Infinity, goMin(max, value))),
  round: (value, nearest) => {
    const inverse = 1 / nearest;
    return Math.floor(value * inverse + 0.5) / inverse;
  },
};

/** Whether a function maps each float of a vector by itself. */
export function isPointwise(func: string): boolean {
  return func in MATH_FUNCTIONS || func in SCALED_FUNCTIONS;
}

/** The rows of a pointwise function; histograms have no result. */
export function pointwiseRows(context: EvaluationContext, plan: CallPlan, grid: Grid, visit: (row: Row) => void): void {
  const vector = plan.args[0]!;
  const compute = MATH_FUNCTIONS[plan.func];
  if (compute !== undefined) {
    mapFloats(context, vector, grid, visit, (row) => {
      const { values, present, offset } = row;
      for (let cell = offset; cell < offset + grid.count; cell++) if (present[cell] === FLOAT) values[cell] = compute(values[cell]!);
    });
    return;
  }
  const scaled = SCALED_FUNCTIONS[plan.func]!;
  const first = plan.args[1] === undefined ? new Float64Array(grid.count).fill(1) : scalarColumn(context, plan.args[1], grid);
  const second = plan.args[2] === undefined ? first : scalarColumn(context, plan.args[2], grid);
  mapFloats(context, vector, grid, visit, (row) => {
    for (let s = 0; s < grid.count; s++) {
      const cell = row.offset + s;
      if (row.present[cell] !== FLOAT) continue;
      const value = scaled(row.values[cell]!, first[s]!, second[s]!);
      if (value === undefined) row.present[cell] = ABSENT;
      else row.values[cell] = value;
    }
  });
}

/** Changes the float cells of a vector's rows and drops the others. */
function mapFloats(context: EvaluationContext, vector: Plan, grid: Grid, visit: (row: Row) => void, change: (row: Row) => void): void {
  visitRenamed(context, vector, grid, visit, (row, next) => {
    if (row.histograms !== undefined) {
      for (let cell = row.offset; cell < row.offset + grid.count; cell++) if (row.present[cell] === HISTOGRAM) row.present[cell] = ABSENT;
      row.histograms = undefined;
    }
    change(row);
    if (!isEmptyRow(row.present, row.offset, grid.count)) next(row);
  });
}
