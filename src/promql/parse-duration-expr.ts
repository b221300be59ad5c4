import type { Duration, DurationExpr, TextRange } from './ast.ts';
import { isNumberNext, parseNumber } from './parse-literal.ts';
import type { ParseState } from './parse-state.ts';
import { multiplyPrecedence, powerPrecedence, precedence, token } from './token.ts';

type DurationNumber = Extract<DurationExpr, { type: 'durationNumber' }>;
type DurationOperator = Extract<DurationExpr, { type: 'durationBinary' }>['op'];

const operators: ReadonlyMap<number, DurationOperator> = new Map<number, DurationOperator>([
  [token.add, '+'], [token.subtract, '-'], [token.multiply, '*'], [token.divide, '/'], [token.modulo, '%'], [token.power, '^'],
]);

/** Go holds durations in 64-bit nanoseconds. */
const maxSeconds = 2 ** 63 / 1e9;

/** A duration that must be more than nothing, as inside brackets. */
export function parsePositiveDuration(state: ParseState): Duration {
  const expr = parseDurationExpr(state, 1);
  // The operator that could follow has been looked at by now.
  if (expr.type === 'durationNumber' && expr.seconds <= 0) state.report(expr.range, 'duration must be greater than 0');
  return toDuration(expr);
}

/**
 * The duration behind `offset`. A plain number, a signed one, and step() take no operator: `x offset -2^2` is `(x offset -2)^2`.
 */
export function parseOffsetDuration(state: ParseState): Duration {
  if (isOperandWithoutParens(state)) return toDuration(parseOperand(state));
  const type = state.peek();
  if (type !== token.add && type !== token.subtract) return toDuration(parseDurationExpr(state, 1));
  const sign = state.tokenRange();
  state.advance();
  if (isOperandWithoutParens(state) || (state.isExperimental && state.peek() === token.leftParen)) {
    const isCall = !isNumberNext(state) && state.peek() !== token.leftParen;
    const signed = applySign(state, sign, type === token.subtract, parseOperand(state), isCall);
    return toDuration(signed);
  }
  const operand = parseDurationExpr(state, multiplyPrecedence + 1);
  return toDuration(parseOperators(state, applySign(state, sign, type === token.subtract, operand, false), 1));
}

function isOperandWithoutParens(state: ParseState): boolean {
  const type = state.peek();
  return isNumberNext(state) || type === token.step || type === token.range || type === token.maxOf || type === token.minOf;
}

function parseDurationExpr(state: ParseState, minPrecedence: number): DurationExpr {
  return state.nested(
    () => parseOperators(state, parseUnary(state), minPrecedence),
    () => nothing(state),
  );
}

function parseOperators(state: ParseState, first: DurationExpr, minPrecedence: number): DurationExpr {
  let lhs = first;
  for (;;) {
    const type = state.peek();
    const op = operators.get(type);
    const level = precedence[type]!;
    if (op === undefined || level < minPrecedence) return lhs;
    const opRange = state.tokenRange();
    state.advance();
    const height = state.height;
    const rhs = parseDurationExpr(state, level === powerPrecedence ? level : level + 1);
    state.setHeight(Math.max(height, state.height) + 1);
    lhs = combine(state, lhs, op, opRange, rhs);
  }
}

function combine(state: ParseState, lhs: DurationExpr, op: DurationOperator, opRange: TextRange, rhs: DurationExpr): DurationExpr {
  requireEnabled(state, lhs.range);
  if ((op === '/' || op === '%') && rhs.type === 'durationNumber' && rhs.seconds === 0) {
    state.report(opRange, op === '/' ? 'division by zero' : 'modulo by zero');
    return { ...nothing(state), range: { start: lhs.range.start, end: rhs.range.end } };
  }
  return { type: 'durationBinary', op, lhs, rhs, wrapped: false, range: { start: lhs.range.start, end: rhs.range.end } };
}

function parseUnary(state: ParseState): DurationExpr {
  const type = state.peek();
  if (type !== token.add && type !== token.subtract) return parseOperand(state);
  const sign = state.tokenRange();
  state.advance();
  // A sign binds like `*`, so only `^` goes before it.
  const operand = parseDurationExpr(state, multiplyPrecedence + 1);
  return applySign(state, sign, type === token.subtract, operand, false);
}

function applySign(state: ParseState, sign: TextRange, isNegative: boolean, operand: DurationExpr, keepsPlus: boolean): DurationExpr {
  const range: TextRange = { start: sign.start, end: operand.range.end };
  if (operand.type === 'durationNumber') {
    const signed: DurationNumber = { ...operand, range, seconds: isNegative ? -operand.seconds : operand.seconds, text: state.text.slice(range.start, range.end) };
    return checkRange(state, signed, sign);
  }
  return isNegative || keepsPlus ? { type: 'durationUnary', op: isNegative ? '-' : '+', expr: operand, range } : operand;
}

function parseOperand(state: ParseState): DurationExpr {
  const start = state.tokenRange().start;
  const type = state.peek();
  if (isNumberNext(state)) return parseDurationNumber(state);
  if (type === token.leftParen) return parseParens(state, start);
  if (type === token.step || type === token.range) {
    state.advance();
    state.expect(token.leftParen);
    state.expect(token.rightParen);
    state.height = 1;
    return { type: type === token.step ? 'durationStep' : 'durationRange', range: { start, end: state.previousEnd } };
  }
  if (type === token.maxOf || type === token.minOf) {
    state.advance();
    state.expect(token.leftParen);
    const lhs = parseDurationExpr(state, 1);
    const height = state.height;
    state.expect(token.comma);
    const rhs = parseDurationExpr(state, 1);
    state.expect(token.rightParen);
    state.setHeight(Math.max(height, state.height) + 1);
    return { type: 'durationMinMax', op: type === token.maxOf ? 'max' : 'min', lhs, rhs, range: { start, end: state.previousEnd } };
  }
  state.failUnexpected();
  return nothing(state);
}

function parseDurationNumber(state: ParseState): DurationExpr {
  const text = state.tokenText();
  const literal = parseNumber(state);
  const { range } = literal;
  return checkRange(state, { type: 'durationNumber', seconds: literal.value, isDuration: literal.isDuration, range, text }, range);
}

function checkRange(state: ParseState, number: DurationNumber, reportAt: TextRange): DurationNumber {
  if (Math.abs(number.seconds) <= maxSeconds || Number.isNaN(number.seconds)) return number;
  state.report(reportAt, 'duration out of range');
  return { ...number, seconds: 0 };
}

function parseParens(state: ParseState, start: number): DurationExpr {
  state.advance();
  const expr = parseDurationExpr(state, 1);
  state.expect(token.rightParen);
  state.setHeight(state.height + 1);
  requireEnabled(state, expr.range);
  const range: TextRange = { start, end: state.previousEnd };
  if (expr.type === 'durationBinary') return { ...expr, wrapped: true };
  if (expr.type === 'durationParen') return expr;
  return state.isExperimental ? { type: 'durationParen', expr, range } : expr;
}

function requireEnabled(state: ParseState, range: TextRange): void {
  if (!state.isExperimental) state.report(range, 'experimental duration expression is not enabled');
}

function nothing(state: ParseState): DurationNumber {
  state.height = 1;
  return { type: 'durationNumber', seconds: 0, isDuration: true, range: { start: state.previousEnd, end: state.previousEnd }, text: '0' };
}

function toDuration(expr: DurationExpr): Duration {
  return expr.type === 'durationNumber' ? { ms: secondsToMs(expr.seconds) } : { expr };
}

/** Whole ms, by way of whole nanoseconds as in Go. */
function secondsToMs(seconds: number): number {
  const nanoseconds = Math.sign(seconds) * Math.round(Math.abs(seconds) * 1e9);
  if (!Number.isFinite(nanoseconds)) return 0;
  // Adding 0 turns -0 into 0.
  return Math.abs(nanoseconds) < Number.MAX_SAFE_INTEGER ? Math.trunc(nanoseconds / 1e6) + 0 : Number(BigInt(nanoseconds) / 1_000_000n);
}
