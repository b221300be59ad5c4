import type { Expr } from '../../promql/ast.ts';

/** The direct parts of an expression, in the order of the text. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.type) {
    case 'numberLiteral': case 'stringLiteral': case 'vectorSelector': return [];
    case 'matrixSelector': return [expr.selector];
    case 'subquery': case 'parenExpr': case 'unaryExpr': return [expr.expr];
    case 'binaryExpr': return [expr.lhs, expr.rhs];
    case 'aggregation': return expr.param === undefined ? [expr.expr] : [expr.param, expr.expr];
    case 'call': return expr.args;
  }
}

/** Calls `visit` for an expression and all its parts, outside in. */
export function walkExpr(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const part of partsOf(expr)) walkExpr(part, visit);
}

/** The expressions that hold an offset, outside in. */
export function exprsAt(expr: Expr, offset: number): readonly Expr[] {
  if (offset < expr.range.start || offset > expr.range.end) return [];
  const inner = partsOf(expr).map((part) => exprsAt(part, offset)).find((list) => list.length > 0);
  return [expr, ...(inner ?? [])];
}

/** An expression without the parentheses around it. */
export function bareExpr(expr: Expr): Expr {
  return expr.type === 'parenExpr' ? bareExpr(expr.expr) : expr;
}
