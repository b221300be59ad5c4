import type { Expr } from './ast.ts';
import { utf8Length } from './parse-error.ts';
import { printAggregator, printExpr, printOperator, printSubquerySuffix } from './print-expr.ts';

/** How to lay out. */
export interface FormatOptions {
  /** Longer expressions are split over lines; in bytes of UTF-8. Default 100, as upstream. */
  readonly maxLineBytes?: number;
}

/** An expression laid out over lines, as Prometheus's `/api/v1/format_query` does (promql/parser/prettier.go). */
export function formatExpr(expr: Expr, { maxLineBytes = 100 }: FormatOptions = {}): string {
  return new Formatter(maxLineBytes).format(expr, 0);
}

function indent(level: number): string {
  return '  '.repeat(level);
}

class Formatter {
  readonly #maxLineBytes: number;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  format(expr: Expr, level: number): string {
    const start = indent(level);
    if (expr.type === 'unaryExpr') return start + expr.op + this.format(expr.expr, level).trim();
    const line = printExpr(expr);
    // Upstream forgets the indentation of a short subquery.
    if (utf8Length(line) <= this.#maxLineBytes) return expr.type === 'subquery' ? line : start + line;
    switch (expr.type) {
      case 'aggregation': {
        const param = expr.param === undefined ? '' : `${this.format(expr.param, level + 1)},\n`;
        return `${start}${printAggregator(expr)}(\n${param}${this.format(expr.expr, level + 1)}\n${start})`;
      }
      case 'binaryExpr': return `${this.format(expr.lhs, level + 1)}\n${start}${printOperator(expr)}\n${this.format(expr.rhs, level + 1)}`;
      case 'call': return `${start}${expr.func}(\n${expr.args.map((arg) => this.format(arg, level + 1)).join(',\n')}\n${start})`;
      case 'parenExpr': return `${start}(\n${this.format(expr.expr, level + 1)}\n${start})`;
      case 'subquery': return this.format(expr.expr, level) + printSubquerySuffix(expr);
      default: return start + line;
    }
  }
}
