import { RE2JS } from 're2js';

/** A pattern of `|~`, ready to run: RE2 (linear time), anywhere in the line. One that is wrong matches nothing. */
export function createLinePattern(pattern: string): { matches(text: string): boolean } {
  const regex = compile(pattern);
  return { matches: typeof regex === 'string' ? () => false : (text) => regex.test(text) };
}

/** What is wrong with a pattern of `|~`; undefined when nothing is. */
export function checkLinePattern(pattern: string): string | undefined {
  const regex = compile(pattern);
  return typeof regex === 'string' ? regex : undefined;
}

function compile(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
