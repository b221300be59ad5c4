import type { NumberLiteral, StringLiteral, TextRange } from './ast.ts';
import { parsePrometheusDuration } from './duration-text.ts';
import { parseGoNumber } from './go-number.ts';
import { goQuote } from './go-quote.ts';
import { unquotePromqlString } from './go-unquote.ts';
import type { Unquoted } from './go-unquote.ts';
import type { ParseState } from './parse-state.ts';
import { token } from './token.ts';

/** Takes a number or a duration; the token here is one. */
export function parseNumber(state: ParseState): NumberLiteral {
  const range = state.tokenRange();
  const text = state.tokenText();
  const isDuration = state.peek() === token.duration;
  state.advance();
  state.height = 1;
  if (isDuration) {
    const { ms, problem } = parsePrometheusDuration(text);
    if (problem !== undefined) state.report(range, problem);
    return { type: 'numberLiteral', value: ms / 1000, isDuration, range };
  }
  const { value, problem } = parseGoNumber(text);
  if (problem !== undefined) state.report(range, `error parsing number: ${problem}`);
  return { type: 'numberLiteral', value, isDuration, range };
}

/** Takes a string; the token here is one. */
export function parseString(state: ParseState): StringLiteral {
  const range = state.tokenRange();
  state.height = 1;
  return { type: 'stringLiteral', value: takeString(state).value, range };
}

/** Takes the string here without its quotes. */
export function takeString(state: ParseState): Unquoted {
  const range: TextRange = state.tokenRange();
  const text = state.tokenText();
  state.advance();
  const unquoted = unquotePromqlString(text);
  if (unquoted.problem !== undefined) state.report(range, `error unquoting string ${goQuote(text)}: ${unquoted.problem}`);
  return unquoted;
}

/** Whether the token here is a number or a duration. */
export function isNumberNext(state: ParseState): boolean {
  const type = state.peek();
  return type === token.number || type === token.duration;
}
