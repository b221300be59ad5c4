import type { ParseError, ParseResult, VectorSelector } from './ast.ts';
import { checkTypes } from './check-types.ts';
import { ExprParser } from './parse-expr.ts';
import { parseSelector } from './parse-selector.ts';
import { ParseState } from './parse-state.ts';
import { isMetricName, token } from './token.ts';

/** How to parse. */
export interface ParseOptions {
  /** Also take what Prometheus 3.5 hides behind feature flags, and the syntax of later versions. Default false. */
  readonly experimental?: boolean;
}

/**
 * Parses a PromQL expression and checks its types. Never throws. Without `experimental` it accepts what Prometheus 3.5 accepts, and the
 * first error is the one that Prometheus gives, in its words and at its position.
 */
export function parsePromql(text: string, options: ParseOptions = {}): ParseResult {
  const state = new ParseState(text, options.experimental ?? false);
  if (state.peek() === token.end && !state.hasFailed) {
    state.fail({ start: 0, end: 0 }, 'no expression found in input');
    return { expr: undefined, errors: state.errors };
  }
  const parser = new ExprParser(state);
  const expr = parser.parse();
  state.expect(token.end);
  if (state.errors.length === 0) checkTypes(state, expr, parser.droppedMatchings);
  return { expr, errors: state.errors };
}

/** A selector, usable only when there are no errors. */
export interface SelectorParseResult {
  readonly selector: VectorSelector;
  readonly errors: readonly ParseError[];
}

/**
 * Parses what `match[]` of the HTTP API holds: a selector without range, offset or `@`. As upstream it may match everything; the API
 * refuses that in words of its own.
 */
export function parseMetricSelector(text: string, options: ParseOptions = {}): SelectorParseResult {
  const state = new ParseState(text, options.experimental ?? false);
  const { start } = state.tokenRange();
  const type = state.peek();
  let name = '';
  if (isMetricName[type] === 1) {
    name = state.tokenText();
    state.advance();
  } else if (type !== token.leftBrace) {
    state.failUnexpected();
  }
  const selector = parseSelector(state, name, start);
  state.expect(token.end);
  return { selector, errors: state.errors };
}
