import type { ValueType } from './ast.ts';

/** What a function takes and gives. */
export interface FunctionSignature {
  readonly name: string;
  readonly argTypes: readonly ValueType[];
  /**
   * 0: exactly the arguments listed. n: the last argument may be left out, and there may be up to n of it.
   * -1: the last argument may be left out or come any number of times.
   */
  readonly variadic: number;
  readonly returnType: ValueType;
  /** stable: in Prometheus 3.5; experimental: there behind a feature flag; newer: not in 3.5 at all. */
  readonly maturity: 'stable' | 'experimental' | 'newer';
}

type Shape = readonly [argTypes: readonly ValueType[], returnType: ValueType, variadic?: number];

const vectorToVector: Shape = [['vector'], 'vector'];
const optionalVectorToVector: Shape = [['vector'], 'vector', 1];
const matrixToVector: Shape = [['matrix'], 'vector'];
const nothingToScalar: Shape = [[], 'scalar'];

const stable: readonly (readonly [Shape, readonly string[]])[] = [
  [vectorToVector, [
    'abs', 'absent', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'deg', 'exp', 'floor', 'histogram_avg',
    'histogram_count', 'histogram_stddev', 'histogram_stdvar', 'histogram_sum', 'ln', 'log10', 'log2', 'rad', 'sgn', 'sin', 'sinh', 'sort',
    'sort_desc', 'sqrt', 'tan', 'tanh', 'timestamp',
  ]],
  [optionalVectorToVector, ['day_of_month', 'day_of_week', 'day_of_year', 'days_in_month', 'hour', 'minute', 'month', 'year']],
  [matrixToVector, [
    'absent_over_time', 'avg_over_time', 'changes', 'count_over_time', 'delta', 'deriv', 'idelta', 'increase', 'irate', 'last_over_time',
    'max_over_time', 'min_over_time', 'present_over_time', 'rate', 'resets', 'stddev_over_time', 'stdvar_over_time', 'sum_over_time',
  ]],
  [nothingToScalar, ['pi', 'time']],
  [[['vector'], 'scalar'], ['scalar']],
  [[['scalar'], 'vector'], ['vector']],
  [[['vector', 'scalar'], 'vector'], ['clamp_max', 'clamp_min']],
  [[['vector', 'scalar', 'scalar'], 'vector'], ['clamp']],
  [[['vector', 'scalar'], 'vector', 1], ['round']],
  [[['matrix', 'scalar'], 'vector'], ['predict_linear']],
  [[['scalar', 'matrix'], 'vector'], ['quantile_over_time']],
  [[['scalar', 'vector'], 'vector'], ['histogram_quantile']],
  [[['scalar', 'scalar', 'vector'], 'vector'], ['histogram_fraction']],
  [[['vector', 'string', 'string', 'string', 'string'], 'vector'], ['label_replace']],
  [[['vector', 'string', 'string', 'string'], 'vector', -1], ['label_join']],
];

const experimental: readonly (readonly [Shape, readonly string[]])[] = [
  [matrixToVector, ['mad_over_time', 'ts_of_last_over_time', 'ts_of_max_over_time', 'ts_of_min_over_time']],
  [[['matrix', 'scalar', 'scalar'], 'vector'], ['double_exponential_smoothing']],
  [[['vector', 'vector'], 'vector', 1], ['info']],
  [[['vector', 'string'], 'vector', -1], ['sort_by_label', 'sort_by_label_desc']],
];

const newer: readonly (readonly [Shape, readonly string[]])[] = [
  [matrixToVector, ['first_over_time', 'ts_of_first_over_time']],
  [vectorToVector, ['start_timestamp']],
  [nothingToScalar, ['start', 'end', 'step', 'range']],
  [[['scalar', 'scalar'], 'scalar'], ['max_of', 'min_of']],
  [[['vector', 'string', 'scalar', 'scalar'], 'vector', 9], ['histogram_quantiles']],
];

/** Every function of PromQL by name: those of Prometheus 3.5 and the newer ones (promql/parser/functions.go). */
export const functionSignatures: ReadonlyMap<string, FunctionSignature> = buildTable();

function buildTable(): Map<string, FunctionSignature> {
  const table = new Map<string, FunctionSignature>();
  for (const [maturity, groups] of [['stable', stable], ['experimental', experimental], ['newer', newer]] as const) {
    for (const [[argTypes, returnType, variadic = 0], names] of groups) {
      for (const name of names) table.set(name, { name, argTypes, variadic, returnType, maturity });
    }
  }
  return table;
}
