import type { LabelMatcher, MatchType, VectorSelector } from './ast.ts';
import { checkRegex } from './matcher.ts';
import { takeString } from './parse-literal.ts';
import type { ParseState } from './parse-state.ts';
import { token } from './token.ts';

const matchTypes: ReadonlyMap<number, MatchType> = new Map<number, MatchType>([
  [token.assign, '='], [token.notEqual, '!='], [token.regexMatch, '=~'], [token.regexNotMatch, '!~'],
]);

/** A selector whose name, if it has one, was taken already; `start` is where it began. */
export function parseSelector(state: ParseState, name: string, start: number): VectorSelector {
  const matchers: LabelMatcher[] = [];
  if (state.peek() === token.leftBrace) parseMatchers(state, matchers);
  if (name !== '') matchers.push({ name: '__name__', type: '=', value: name });
  state.height = 1;
  return {
    type: 'vectorSelector', name, matchers, offset: { ms: 0 }, at: undefined, extension: undefined, range: { start, end: state.previousEnd },
  };
}

function parseMatchers(state: ParseState, matchers: LabelMatcher[]): void {
  state.advance();
  if (state.accept(token.rightBrace)) return;
  for (;;) {
    const matcher = parseMatcher(state);
    if (matcher !== undefined) matchers.push(matcher);
    if (state.accept(token.rightBrace)) return;
    if (!state.accept(token.comma)) {
      state.failUnexpected(' in label matching, expected "," or "}"');
      return;
    }
    if (state.accept(token.rightBrace)) return;
  }
}

function parseMatcher(state: ParseState): LabelMatcher | undefined {
  const { start } = state.tokenRange();
  const isQuoted = state.peek() === token.string;
  if (!isQuoted && state.peek() !== token.identifier) {
    state.failUnexpected(' in label matching, expected identifier or "}"');
    return undefined;
  }
  const name = isQuoted ? takeString(state).value : takeName(state);
  const type = matchTypes.get(state.peek());
  if (type === undefined) {
    // A string alone is the metric's name.
    if (isQuoted) return { name: '__name__', type: '=', value: name };
    state.failUnexpected(' in label matching, expected label matching operator');
    return undefined;
  }
  state.advance();
  if (state.peek() !== token.string) {
    state.failUnexpected(' in label matching, expected string');
    return undefined;
  }
  const { value } = takeString(state);
  const problem = type === '=~' || type === '!~' ? checkRegex(value) : undefined;
  if (problem !== undefined) state.report({ start, end: state.previousEnd }, problem);
  return { name, type, value };
}

function takeName(state: ParseState): string {
  const name = state.tokenText();
  state.advance();
  return name;
}
