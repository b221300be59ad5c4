import type { BinaryOperator } from '../ast.ts';

/** Operators between numbers; comparisons are apart because they filter. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';

const arithmetic: Readonly<Record<ArithmeticOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': power,
  'atan2': (a, b) => Math.atan2(a, b),
};

const comparisons: Readonly<Record<ComparisonOperator, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
};

/** Go's math.Pow, which differs from JavaScript's for a base of ±1. */
export function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && Math.abs(exponent) === Infinity) return 1;
  return base ** exponent;
}

/** The function of an arithmetic operator; undefined for other operators. */
export function arithmeticOf(op: BinaryOperator): ((a: number, b: number) => number) | undefined {
  return op in arithmetic ? arithmetic[op as ArithmeticOperator] : undefined;
}

/** The test of a comparison operator; undefined for other operators. */
export function comparisonOf(op: BinaryOperator): ((a: number, b: number) => boolean) | undefined {
  return op in comparisons ? comparisons[op as ComparisonOperator] : undefined;
}

/** The value of an operator between two scalars; a comparison gives 1 or 0. */
export function scalarOperation(op: BinaryOperator, a: number, b: number): number {
  const compute = arithmeticOf(op);
  if (compute !== undefined) return compute(a, b);
  return comparisonOf(op)?.(a, b) === true ? 1 : 0;
}

/** Whether the result is another metric than the operand, and so loses its name. */
export function changesMetric(op: BinaryOperator): boolean {
  return op in arithmetic;
}
