import { fail, ok, type Result } from '../../base/result.ts';
import { unquotePromqlString } from '../../promql/go-unquote.ts';
import type { GoValue } from './go-value.ts';
import type { TemplateToken } from './lex-template.ts';

/** Reads a number, character or string literal of a template. Whole numbers, `1.0` and `1e3` among them when they fit an int in Go, are ints. */
export function readConstant({ type, text }: TemplateToken): Result<GoValue, string> {
  if (type === 'number') return readNumber(text);
  if (type === 'char') {
    // Unquoted as a string, because escapes are the same but for the quote.
    const unquoted = unquotePromqlString(text);
    const runes = Array.from(unquoted.value);
    if (unquoted.problem !== undefined || runes.length !== 1) return fail(`malformed character constant: ${text}`);
    return ok(BigInt(runes[0]!.codePointAt(0)!));
  }
  const unquoted = unquotePromqlString(text);
  return unquoted.problem === undefined ? ok(unquoted.value) : fail(unquoted.problem);
}

function readNumber(text: string): Result<GoValue, string> {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '');
  if (/^0[xX][\da-fA-F]+$|^0[bB][01]+$|^0[oO][0-7]+$/.test(digits)) return ok(BigInt(digits) * BigInt(sign));
  if (/^0[0-7]+$/.test(digits)) return ok(BigInt(`0o${digits.slice(1)}`) * BigInt(sign));
  if (/^\d+$/.test(digits)) return ok(BigInt(digits) * BigInt(sign));
  const value = Number(digits);
  return Number.isFinite(value) ? ok(sign * value) : fail(`bad number syntax: ${JSON.stringify(text)}`);
}
