import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { Matcher } from '../model/series-source.ts';
import type { LabelMatcher } from './ast.ts';
import { literalsOf, matchesGlob, parseGlobs } from './regex-glob.ts';

/**
 * Makes a matcher ready to run. Regular expressions are RE2's (linear time), anchored at both ends, and `.` matches newlines, as in
 * Prometheus. One that is wrong (see `checkRegex`) matches nothing.
 */
export function createMatcher(matcher: LabelMatcher): Matcher {
  const { name, type, value } = matcher;
  switch (type) {
    case '=': return { name, type, value, matches: (text) => text === value, literals: undefined };
    case '!=': return { name, type, value, matches: (text) => text !== value, literals: undefined };
    case '=~': {
      const { test, literals } = compile(value);
      return { name, type, value, matches: test, literals };
    }
    case '!~': {
      const { test, problem } = compile(value);
      return { name, type, value, matches: problem === undefined ? (text) => !test(text) : test, literals: undefined };
    }
  }
}

/** What is wrong with a regular expression, in Go's words; undefined when nothing is. */
export function checkRegex(pattern: string): string | undefined {
  return compile(pattern).problem;
}

interface CompiledRegex {
  readonly test: (text: string) => boolean;
  readonly literals: readonly string[] | undefined;
  readonly problem: string | undefined;
}

/** Parsing, checking and running a query each ask for the same few patterns. */
const cache = new Map<string, CompiledRegex>();
const maxCached = 500;

function compile(pattern: string): CompiledRegex {
  const cached = cache.get(pattern);
  if (cached !== undefined) return cached;
  const compiled = compileGlobs(pattern) ?? compileRe2(pattern);
  if (cache.size >= maxCached) cache.clear();
  cache.set(pattern, compiled);
  return compiled;
}

function compileGlobs(pattern: string): CompiledRegex | undefined {
  const globs = parseGlobs(pattern);
  if (globs === undefined) return undefined;
  const literals = literalsOf(globs);
  if (literals !== undefined) {
    const set = new Set(literals);
    return { test: (text) => set.has(text), literals, problem: undefined };
  }
  const [first] = globs;
  if (globs.length === 1 && first !== undefined) return { test: (text) => matchesGlob(first, text), literals, problem: undefined };
  return { test: (text) => globs.some((glob) => matchesGlob(glob, text)), literals, problem: undefined };
}

function compileRe2(pattern: string, source = pattern): CompiledRegex {
  try {
    const regex = RE2JS.compile(source, RE2JS.DOTALL);
    return { test: (text) => regex.matches(text), literals: undefined, problem: undefined };
  } catch (error) {
    // Go lets two groups have one name, the library does not; nobody asks for groups here.
    if (isDuplicateName(error)) return compileRe2(pattern, source.replaceAll(/\(\?P?<\w+>/g, '('));
    return { test: () => false, literals: undefined, problem: describeProblem(pattern, source, error) };
  }
}

function isDuplicateName(error: unknown): boolean {
  return error instanceof RE2JSSyntaxException && error.error === 'duplicate capture group name';
}

function describeProblem(pattern: string, source: string, error: unknown): string {
  if (!(error instanceof RE2JSSyntaxException)) return `error parsing regexp: ${error instanceof Error ? error.message : String(error)}`;
  // The library writes the flag into the pattern; when the message shows all of it, show what the user wrote.
  const shown = error.input === `(?s)${source}` ? pattern : error.input ?? '';
  return `error parsing regexp: ${error.error}: \`${shown}\``;
}
