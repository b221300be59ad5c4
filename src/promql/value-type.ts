import type { Expr, ValueType } from './ast.ts';
import { functionSignatures } from './function-signatures.ts';

/** The type of an expression's value. An unknown function counts as a vector. */
export function valueTypeOf(expr: Expr): ValueType {
  switch (expr.type) {
    case 'numberLiteral': return 'scalar';
    case 'stringLiteral': return 'string';
    case 'vectorSelector':
    case 'aggregation': return 'vector';
    case 'matrixSelector':
    case 'subquery': return 'matrix';
    case 'parenExpr':
    case 'unaryExpr': return valueTypeOf(expr.expr);
    case 'call': return functionSignatures.get(expr.func)?.returnType ?? 'vector';
    case 'binaryExpr':
      if (expr.matching !== undefined) return 'vector';
      return valueTypeOf(expr.rhs) === 'scalar' && valueTypeOf(expr.lhs) === 'scalar' ? 'scalar' : 'vector';
  }
}

/** A value type in the words of the documentation and of error messages. */
export function documentedType(type: ValueType): string {
  if (type === 'vector') return 'instant vector';
  return type === 'matrix' ? 'range vector' : type;
}
