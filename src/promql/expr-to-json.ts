import type { AtModifier, Duration, DurationExpr, Expr, LabelMatcher, VectorMatching } from './ast.ts';
import { functionSignatures } from './function-signatures.ts';
import { formatGoFloat } from './go-number.ts';

/** Plain JSON. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The tree that Prometheus's `/api/v1/parse_query` answers with (web/api/v1/translate_ast.go of 3.5). What 3.5 does not have (arithmetic
 * on durations, fill, anchored, smoothed) is added under the names that later versions use, only where it occurs.
 */
export function exprToJson(expr: Expr): JsonValue {
  switch (expr.type) {
    case 'numberLiteral': return { type: expr.type, val: formatGoFloat(expr.value) };
    case 'stringLiteral': return { type: expr.type, val: expr.value };
    case 'parenExpr': return { type: expr.type, expr: exprToJson(expr.expr) };
    case 'unaryExpr': return { type: expr.type, op: expr.op, expr: exprToJson(expr.expr) };
    case 'aggregation': return {
      type: expr.type, op: expr.op, expr: exprToJson(expr.expr), param: expr.param === undefined ? null : exprToJson(expr.param),
      grouping: expr.grouping, without: expr.without,
    };
    case 'binaryExpr': return {
      type: expr.type, op: expr.op, lhs: exprToJson(expr.lhs), rhs: exprToJson(expr.rhs),
      matching: expr.matching === undefined ? null : matchingToJson(expr.matching), bool: expr.returnBool,
    };
    case 'call': return { type: expr.type, func: functionToJson(expr.func), args: expr.args.map(exprToJson) };
    case 'vectorSelector': {
      const { name, matchers, offset, at, extension } = expr;
      return {
        type: expr.type, name, ...durationToJson('offset', offset), matchers: matchers.map(matcherToJson), ...atToJson(at),
        ...extensionToJson(extension),
      };
    }
    case 'matrixSelector': {
      const { name, matchers, offset, at, extension } = expr.selector;
      return {
        type: expr.type, name, ...durationToJson('range', expr.window), ...durationToJson('offset', offset),
        matchers: matchers.map(matcherToJson), ...atToJson(at), ...extensionToJson(extension),
      };
    }
    case 'subquery': return {
      type: expr.type, expr: exprToJson(expr.expr), ...durationToJson('range', expr.window), ...durationToJson('offset', expr.offset),
      ...durationToJson('step', expr.step ?? { ms: 0 }), ...atToJson(expr.at),
    };
  }
}

function matcherToJson({ name, type, value }: LabelMatcher): JsonValue {
  return { name, value, type };
}

function matchingToJson({ card, labels, on, include, fillLeft, fillRight }: VectorMatching): JsonValue {
  const plain = { card, labels, on, include };
  if (fillLeft === undefined && fillRight === undefined) return plain;
  return { ...plain, fillValues: { lhs: fillLeft ?? null, rhs: fillRight ?? null } };
}

function functionToJson(name: string): JsonValue {
  const { argTypes = [], variadic = 0, returnType = 'vector' } = functionSignatures.get(name) ?? {};
  return { name, argTypes, variadic, returnType };
}

function atToJson(at: AtModifier | undefined): { timestamp: number | null; startOrEnd: string | null } {
  if (at?.kind === 'timestamp') return { timestamp: at.timestampMs, startOrEnd: null };
  return { timestamp: null, startOrEnd: at?.kind ?? null };
}

function extensionToJson(extension: 'anchored' | 'smoothed' | undefined): { readonly [key: string]: JsonValue } {
  return extension === undefined ? {} : { anchored: extension === 'anchored', smoothed: extension === 'smoothed' };
}

function durationToJson(key: string, duration: Duration): { readonly [key: string]: JsonValue } {
  return 'ms' in duration ? { [key]: duration.ms } : { [key]: 0, [`${key}Expr`]: durationExprToJson(duration.expr) };
}

function durationExprToJson(expr: DurationExpr): JsonValue {
  const node = (op: string, lhs: JsonValue, rhs: JsonValue, wrapped = false): JsonValue => ({ type: 'durationExpr', op, lhs, rhs, wrapped });
  switch (expr.type) {
    case 'durationNumber': return { type: 'numberLiteral', val: formatGoFloat(expr.seconds), duration: expr.isDuration };
    case 'durationStep': return node('step', null, null);
    case 'durationRange': return node('range', null, null);
    case 'durationUnary': return node(expr.op, null, durationExprToJson(expr.expr));
    case 'durationBinary': return node(expr.op, durationExprToJson(expr.lhs), durationExprToJson(expr.rhs), expr.wrapped);
    case 'durationMinMax': return node(`${expr.op}_of`, durationExprToJson(expr.lhs), durationExprToJson(expr.rhs));
    case 'durationParen': {
      // Upstream marks the node in parentheses; only a number, which has no mark, gets a node of its own.
      const inner = durationExprToJson(expr.expr);
      return expr.expr.type === 'durationNumber' ? node('+', null, inner, true) : { ...(inner as object), wrapped: true };
    }
  }
}
