import { parsePrometheusDuration } from '../../base/prometheus-duration.ts';
import { parsePromql } from '../../promql/parse.ts';
import type { RuleOutline } from './rule-outline.ts';
import { bareExpr } from './walk-expr.ts';

/** A duration that stands in a rule, in ms; 0 when it is not there or none. */
export function durationOf(rule: RuleOutline, field: 'for' | 'keep_firing_for'): number {
  const read = parsePrometheusDuration(rule.fields.get(field)?.value?.text ?? '');
  return read.ok ? read.value : 0;
}

/** The expression of a rule; '' when it has none. */
export function exprTextOf(rule: RuleOutline): string {
  return rule.fields.get('expr')?.value?.text.trim() ?? '';
}

/** What an alert watches: the side of its comparison that moves, and the threshold when that is a number. */
export interface WatchedValue {
  readonly expr: string;
  readonly operator: string | undefined;
  readonly threshold: number | undefined;
}

/** Takes a comparison apart; any other expression is watched as it is. */
export function watchedValue(text: string): WatchedValue {
  const { expr, errors } = parsePromql(text, { experimental: true });
  const bare = expr === undefined || errors.length > 0 ? undefined : bareExpr(expr);
  if (bare?.type !== 'binaryExpr' || !/^(?:[<>]=?|[!=]=)$/.test(bare.op)) return { expr: text, operator: undefined, threshold: undefined };
  const limit = bareExpr(bare.rhs);
  const number = limit.type === 'numberLiteral' ? limit.value : limit.type === 'unaryExpr' && limit.op === '-' && limit.expr.type === 'numberLiteral' ? -limit.expr.value : undefined;
  return { expr: text.slice(bare.lhs.range.start, bare.lhs.range.end), operator: bare.op, threshold: number };
}
