import type { Duration, DurationExpr } from './ast.ts';
import { QueryError } from './query-error.ts';

/** What `step()` and `range()` mean in a duration, in seconds. */
export interface DurationContext {
  readonly stepSeconds: number;
  readonly rangeSeconds: number;
}

const LARGEST_SECONDS = 2 ** 63 / 1e9;

/**
 * A duration in ms. Throws a QueryError with Prometheus's text when an expression gives no usable duration
 * (prometheus/promql: durationVisitor).
 */
export function resolveDuration(duration: Duration, context: DurationContext, canBeNegative: boolean): number {
  if ('ms' in duration) return duration.ms;
  const { expr } = duration;
  const seconds = evaluate(expr, context);
  if (!Number.isFinite(seconds)) throw problem(expr, 'duration is NaN or infinite');
  if (seconds <= 0 && !canBeNegative) throw problem(expr, 'duration must be greater than 0');
  if (seconds > LARGEST_SECONDS || seconds < -LARGEST_SECONDS) throw problem(expr, 'duration is out of range');
  return Math.trunc(seconds * 1000);
}

function problem(expr: DurationExpr, text: string): QueryError {
  return new QueryError('bad_data', `${expr.range.start}:${expr.range.end}: ${text}`);
}

function evaluate(expr: DurationExpr, context: DurationContext): number {
  switch (expr.type) {
    case 'durationNumber': return expr.seconds;
    case 'durationStep': return context.stepSeconds;
    case 'durationRange': return context.rangeSeconds;
    case 'durationParen': return evaluate(expr.expr, context);
    case 'durationUnary': return expr.op === '-' ? -evaluate(expr.expr, context) : evaluate(expr.expr, context);
    case 'durationMinMax': {
      const pick = expr.op === 'min' ? Math.min : Math.max;
      return pick(evaluate(expr.lhs, context), evaluate(expr.rhs, context));
    }
    case 'durationBinary': return evaluateBinary(expr, context);
  }
}

function evaluateBinary(expr: DurationExpr & { type: 'durationBinary' }, context: DurationContext): number {
  const lhs = evaluate(expr.lhs, context);
  const rhs = evaluate(expr.rhs, context);
  switch (expr.op) {
    case '+': return lhs + rhs;
    case '-': return lhs - rhs;
    case '*': return lhs * rhs;
    case '^': return lhs ** rhs;
    case '/':
      if (rhs === 0) throw problem(expr, 'division by zero');
      return lhs / rhs;
    case '%':
      if (rhs === 0) throw problem(expr, 'modulo by zero');
      return lhs % rhs;
  }
}
