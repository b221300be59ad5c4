import type { Expr } from './ast.ts';
import { utf8Length } from './parse-error.ts';
import { printAggregator, printExpr, printOperator, printSubquerySuffix } from './print-expr.ts';

/** Longer expressions are split over lines; in bytes of UTF-8. */
const maxLineBytes = 100;

/** An expression laid out over lines, as Prometheus's `/api/v1/format_query` does (promql/parser/prettier.go). */
export function formatExpr(expr: Expr): string {
  return format(expr, 0);
}

function indent(level: number): string {
  return '  '.repeat(level);
}

function format(expr: Expr, level: number): string {
  const start = indent(level);
  if (expr.type === 'unaryExpr') return start + expr.op + trimGoSpace(format(expr.expr, level));
  const line = printExpr(expr);
  // Upstream forgets the indentation of a short subquery.
  if (utf8Length(line) <= maxLineBytes) return expr.type === 'subquery' ? line : start + line;
  switch (expr.type) {
    case 'aggregation': {
      const param = expr.param === undefined ? '' : `${format(expr.param, level + 1)},\n`;
      return `${start}${printAggregator(expr)}(\n${param}${format(expr.expr, level + 1)}\n${start})`;
    }
    case 'binaryExpr': return `${format(expr.lhs, level + 1)}\n${start}${printOperator(expr)}\n${format(expr.rhs, level + 1)}`;
    case 'call': return `${start}${expr.func}(\n${expr.args.map((arg) => format(arg, level + 1)).join(',\n')}\n${start})`;
    case 'parenExpr': return `${start}(\n${format(expr.expr, level + 1)}\n${start})`;
    case 'subquery': return format(expr.expr, level) + printSubquerySuffix(expr);
    default: return start + line;
  }
}

function trimGoSpace(text: string): string {
  return text.trim();
}
