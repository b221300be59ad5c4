import type { ParseResult } from './ast.ts';
import { checkTypes } from './check-types.ts';
import { ExprParser } from './parse-expr.ts';
import { ParseState } from './parse-state.ts';
import { token } from './token.ts';

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
