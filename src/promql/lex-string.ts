import { goUnicode } from './go-quote.ts';

/** Where a string literal ends, or why it is none (in the words of Prometheus's lexer). */
export interface StringScan {
  readonly end: number;
  readonly problem: string | undefined;
}

/** Finds the end of the string literal whose opening quote is at `start`. */
export function scanString(text: string, start: number): StringScan {
  const quote = text.charCodeAt(start);
  const isRaw = quote === 96;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return { end: at + 1, problem: undefined };
    if (code === 92 && !isRaw) {
      const escape = scanEscape(text, at + 1, quote);
      if (escape.problem !== undefined) return escape;
      at = escape.end - 1;
    } else if (code === 10 && !isRaw) {
      return { end: at, problem: 'unterminated quoted string' };
    } else if (code >= 0xd800 && isInvalidAt(text, at, code)) {
      return { end: at, problem: 'invalid UTF-8 rune' };
    } else if (code >= 0xd800 && code <= 0xdbff) {
      at++;
    }
  }
  return { end: text.length, problem: isRaw ? 'unterminated raw string' : 'unterminated quoted string' };
}

/** Go cannot tell U+FFFD from bytes that are no UTF-8 and refuses both; a lone surrogate has no UTF-8 at all. */
function isInvalidAt(text: string, at: number, code: number): boolean {
  if (code === 0xfffd) return true;
  if (code > 0xdfff) return false;
  const next = text.charCodeAt(at + 1);
  return !(code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff);
}

const digitCounts: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Looks at an escape behind its backslash. */
function scanEscape(text: string, start: number, quote: number): StringScan {
  const letter = runeAt(text, start);
  if (letter === undefined) return { end: start, problem: 'escape sequence not terminated' };
  if ('abfnrtv\\'.includes(letter) || text.charCodeAt(start) === quote) return { end: start + 1, problem: undefined };
  const isOctal = letter >= '0' && letter <= '7';
  const count = isOctal ? 3 : digitCounts[letter];
  if (count === undefined) return { end: start, problem: `unknown escape sequence ${goUnicode(letter)}` };
  const base = isOctal ? 8 : 16;
  let at = isOctal ? start : start + 1;
  let value = 0;
  for (let left = count; left > 0; left--) {
    const digit = runeAt(text, at);
    if (digit === undefined) return { end: at, problem: 'escape sequence not terminated' };
    const amount = Number.parseInt(digit, 16);
    if (Number.isNaN(amount) || amount >= base) return { end: at, problem: `illegal character ${goUnicode(digit)} in escape sequence` };
    value = value * base + amount;
    at++;
  }
  const max = letter === 'u' || letter === 'U' ? 0x10ffff : 255;
  const isSurrogate = value >= 0xd800 && value < 0xe000;
  return { end: at, problem: value > max || isSurrogate ? 'escape sequence is an invalid Unicode code point' : undefined };
}

function runeAt(text: string, at: number): string | undefined {
  const code = text.codePointAt(at);
  return code === undefined ? undefined : String.fromCodePoint(code);
}
