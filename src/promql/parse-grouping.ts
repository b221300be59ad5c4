import { goQuote } from './go-quote.ts';
import { takeString } from './parse-literal.ts';
import type { ParseState } from './parse-state.ts';
import { isGroupingLabel, token } from './token.ts';

/** The labels in parentheses behind `by`, `on` and their like. */
export function parseGroupingLabels(state: ParseState): string[] {
  const labels: string[] = [];
  if (!state.accept(token.leftParen)) {
    state.failUnexpected(' in grouping opts, expected "("');
    return labels;
  }
  while (!state.accept(token.rightParen)) {
    const label = parseLabel(state);
    if (label === undefined) return labels;
    labels.push(label);
    if (state.accept(token.comma)) continue;
    state.expect(token.rightParen, ' in grouping opts, expected "," or ")"');
    return labels;
  }
  return labels;
}

function parseLabel(state: ParseState): string | undefined {
  const type = state.peek();
  if (type === token.string) {
    const range = state.tokenRange();
    const { value, isValidUtf8 } = takeString(state);
    if (value === '' || !isValidUtf8) state.report(range, `invalid label name for grouping: ${goQuote(value)}`);
    return value;
  }
  if (isGroupingLabel[type] !== 1) {
    state.failUnexpected(' in grouping opts, expected label');
    return undefined;
  }
  const label = state.tokenText();
  state.advance();
  return label;
}
