import { goQuote } from './go-quote.ts';

/** A number as Go reads it; `problem` is Go's error text. */
export interface GoNumber {
  readonly value: number;
  readonly problem: string | undefined;
}

const smallDecimal = /^(?:0|[1-9][0-9]{0,14})$/;
const prefixedInteger = /^(?:0[xX](?:_?[0-9a-fA-F])+|0(?:_?[0-7])+|[1-9](?:_?[0-9])*|0)$/;
const decimalFloat = /^(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?$/;
const looseUnderscore = /(?<![0-9])_|_(?![0-9])/;
const maxInt64 = (1n << 63n) - 1n;

/**
 * Reads a PromQL number: first as `strconv.ParseInt(text, 0, 64)` (so 010 is eight and 1_000 a thousand), then as
 * `strconv.ParseFloat`, which also takes Inf and NaN. The text has no sign.
 */
export function parseGoNumber(text: string): GoNumber {
  if (smallDecimal.test(text)) return { value: Number(text), problem: undefined };
  const integer = parsePrefixedInteger(text);
  if (integer !== undefined) return { value: integer, problem: undefined };
  const word = text.toLowerCase();
  if (word === 'inf') return { value: Infinity, problem: undefined };
  if (word === 'nan') return { value: NaN, problem: undefined };
  if (!decimalFloat.test(text) || looseUnderscore.test(text)) return { value: 0, problem: `strconv.ParseFloat: parsing ${goQuote(text)}: invalid syntax` };
  const value = Number(text.replaceAll('_', ''));
  return { value, problem: Number.isFinite(value) ? undefined : `strconv.ParseFloat: parsing ${goQuote(text)}: value out of range` };
}

function parsePrefixedInteger(text: string): number | undefined {
  if (!prefixedInteger.test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  const isOctal = digits.length > 1 && digits.startsWith('0') && !/^0[xX]/.test(digits);
  const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
  return value > maxInt64 ? undefined : Number(value);
}

/** A float as `strconv.FormatFloat(value, 'f', -1, 64)` writes it: shortest digits, never an exponent. */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  const exponentAt = text.indexOf('e');
  if (exponentAt < 0) return text;
  const { sign, digits, pointAt } = splitExponent(text, exponentAt);
  if (pointAt <= 0) return `${sign}0.${'0'.repeat(-pointAt)}${digits}`;
  return `${sign}${digits.padEnd(pointAt, '0')}`;
}

function splitExponent(text: string, exponentAt: number): { sign: string; digits: string; pointAt: number } {
  const sign = text.startsWith('-') ? '-' : '';
  const mantissa = text.slice(sign.length, exponentAt);
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { sign, digits: whole + fraction, pointAt: whole.length + Number(text.slice(exponentAt + 1)) };
}
