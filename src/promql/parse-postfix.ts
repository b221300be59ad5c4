import type { AtModifier, Duration, Expr, MatrixSelector, VectorSelector } from './ast.ts';
import { isNumberNext, parseNumber } from './parse-literal.ts';
import { parseOffsetDuration, parsePositiveDuration } from './parse-duration-expr.ts';
import type { ParseState } from './parse-state.ts';
import { token } from './token.ts';

const maxInt64 = 2 ** 63;

/** Ranges, subqueries, `offset`, `@`, `anchored` and `smoothed` behind an operand; they bind tighter than any operator. */
export function parsePostfix(state: ParseState, operand: Expr): Expr {
  let expr = operand;
  for (;;) {
    const { height } = state;
    switch (state.peek()) {
      case token.leftBracket:
        expr = parseBrackets(state, expr);
        state.setHeight(height + 1);
        continue;
      case token.offset: expr = parseOffset(state, expr); break;
      case token.at: expr = parseAt(state, expr); break;
      case token.anchored: expr = parseExtension(state, expr, 'anchored'); break;
      case token.smoothed: expr = parseExtension(state, expr, 'smoothed'); break;
      default: return expr;
    }
    state.height = height;
  }
}

/** Parses with another context for "unexpected …". */
function withContext<T>(state: ParseState, context: string, parse: () => T): T {
  const outer = state.context;
  state.context = context;
  const result = parse();
  state.context = outer;
  return result;
}

function expectedDuration(state: ParseState, ending = ''): string {
  if (ending === '') return state.isExperimental ? 'number, duration, step(), or range()' : 'number or duration';
  return state.isExperimental ? `number, duration, step(), range(), or ${ending}` : `number or duration or ${ending}`;
}

function parseBrackets(state: ParseState, expr: Expr): Expr {
  const { start } = state.tokenRange();
  state.advance();
  const place = state.isExperimental ? 'subquery or range selector' : 'subquery selector';
  const window = withContext(state, ` in ${place}, expected ${expectedDuration(state)}`, () => parsePositiveDuration(state));
  if (state.accept(token.rightBracket)) return toMatrix(state, expr, window, start);
  if (!state.accept(token.colon)) {
    state.failUnexpected(' in subquery or range, expected ":" or "]"');
    return toSubquery(state, expr, window, undefined);
  }
  if (state.accept(token.rightBracket)) return toSubquery(state, expr, window, undefined);
  const context = ` in subquery selector, expected ${expectedDuration(state, '"]"')}`;
  const step = withContext(state, context, () => parsePositiveDuration(state));
  state.expect(token.rightBracket, ' in subquery selector, expected "]"');
  return toSubquery(state, expr, window, step);
}

function toSubquery(state: ParseState, expr: Expr, window: Duration, step: Duration | undefined): Expr {
  const range = { start: expr.range.start, end: state.previousEnd };
  return { type: 'subquery', expr, window, step, offset: { ms: 0 }, at: undefined, range };
}

function toMatrix(state: ParseState, expr: Expr, window: Duration, bracketStart: number): MatrixSelector {
  const problem = rangeProblem(state, expr);
  if (problem !== undefined) state.report({ start: bracketStart, end: state.previousEnd }, problem);
  const selector: VectorSelector = expr.type === 'vectorSelector' ? expr : {
    type: 'vectorSelector', name: '', matchers: [], offset: { ms: 0 }, at: undefined, extension: undefined, range: expr.range,
  };
  return { type: 'matrixSelector', selector, window, range: { start: expr.range.start, end: state.previousEnd } };
}

function rangeProblem(state: ParseState, expr: Expr): string | undefined {
  if (expr.type !== 'vectorSelector') return 'ranges only allowed for vector selectors';
  const { offset, at } = expr;
  if ('ms' in offset ? offset.ms !== 0 : state.isExperimental) return 'no offset modifiers allowed before range';
  // Prometheus 3.5 overlooks start() and end() here.
  if (at !== undefined && (state.isExperimental || at.kind === 'timestamp')) return 'no @ modifiers allowed before range';
  return undefined;
}

function parseOffset(state: ParseState, expr: Expr): Expr {
  state.advance();
  const context = ` in offset, expected ${expectedDuration(state)}`;
  const offset = withContext(state, context, () => parseOffsetDuration(state));
  const range = { start: expr.range.start, end: state.previousEnd };
  const current = modifiable(expr)?.offset;
  if (current === undefined) {
    state.report(expr.range, 'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery');
    return expr;
  }
  if (!('ms' in current) || current.ms !== 0) state.report(expr.range, 'offset may not be set multiple times');
  if (expr.type === 'matrixSelector') return { ...expr, selector: { ...expr.selector, offset }, range };
  return expr.type === 'vectorSelector' || expr.type === 'subquery' ? { ...expr, offset, range } : expr;
}

function modifiable(expr: Expr): { readonly offset: Duration; readonly at: AtModifier | undefined } | undefined {
  if (expr.type === 'matrixSelector') return expr.selector;
  return expr.type === 'vectorSelector' || expr.type === 'subquery' ? expr : undefined;
}

function parseAt(state: ParseState, expr: Expr): Expr {
  state.advance();
  const at = withContext(state, ' in @, expected timestamp', () => parseAtModifier(state, expr));
  if (at === undefined) return expr;
  const range = { start: expr.range.start, end: state.previousEnd };
  const target = modifiable(expr);
  if (target === undefined) {
    state.report(expr.range, '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery');
    return expr;
  }
  if (target.at !== undefined) {
    state.report(expr.range, '@ <timestamp> may not be set multiple times');
    return expr;
  }
  if (expr.type === 'matrixSelector') return { ...expr, selector: { ...expr.selector, at }, range };
  return expr.type === 'vectorSelector' || expr.type === 'subquery' ? { ...expr, at, range } : expr;
}

function parseAtModifier(state: ParseState, expr: Expr): AtModifier | undefined {
  const type = state.peek();
  if (type === token.start || type === token.finish) {
    state.advance();
    state.expect(token.leftParen);
    state.expect(token.rightParen);
    return { kind: type === token.start ? 'start' : 'end' };
  }
  if (type === token.add || type === token.subtract) state.advance();
  if (!isNumberNext(state)) {
    state.failUnexpected();
    return undefined;
  }
  const { value } = parseNumber(state);
  const seconds = type === token.subtract ? -value : value;
  if (!(Math.abs(seconds) < maxInt64)) state.report(expr.range, `timestamp out of bounds for @ modifier: ${formatSeconds(seconds)}`);
  return { kind: 'timestamp', timestampMs: toTimestampMs(seconds) };
}

/** Go rounds halves away from zero, and what does not fit an int64 becomes its least value. */
function toTimestampMs(seconds: number): number {
  const size = Math.round(Math.abs(seconds) * 1000);
  // Not a number either.
  if (!(size < maxInt64)) return -maxInt64;
  return seconds < 0 && size > 0 ? -size : size;
}

/** As Go's `%f`. */
function formatSeconds(seconds: number): string {
  if (Number.isNaN(seconds)) return 'NaN';
  if (!Number.isFinite(seconds)) return seconds > 0 ? '+Inf' : '-Inf';
  return `${BigInt(seconds).toString()}.000000`;
}

function parseExtension(state: ParseState, expr: Expr, extension: 'anchored' | 'smoothed'): Expr {
  state.advance();
  const range = { start: expr.range.start, end: state.previousEnd };
  const selector = expr.type === 'matrixSelector' ? expr.selector : expr;
  if (selector.type === 'subquery') {
    state.report(expr.range, `${extension} modifier is not supported for subqueries`);
    return expr;
  }
  if (selector.type !== 'vectorSelector') {
    state.report(expr.range, `${extension} modifier not implemented`);
    return expr;
  }
  if (selector.extension !== undefined && selector.extension !== extension) state.report(expr.range, 'anchored and smoothed modifiers cannot be used together');
  if (expr.type === 'matrixSelector') return { ...expr, selector: { ...selector, extension }, range };
  return { ...selector, extension, range };
}
