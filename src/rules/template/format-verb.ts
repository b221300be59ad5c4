import { formatGoFloat } from '../../base/go-float.ts';
import { quoteGoString } from '../../base/go-quote.ts';
import { goTypeName, printGoValue, type GoValue } from './go-value.ts';

const VERB = /%([-+# 0]*)(\d+)?(?:\.(\d*))?(.)/gsu;

/** `fmt.Sprintf` for the values that templates have. */
export function formatVerbs(format: string, args: readonly GoValue[]): string {
  let next = 0;
  const text = format.replace(VERB, (_, flags: string, width: string | undefined, precisionText: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (next >= args.length) return `%!${verb}(MISSING)`;
    const value = args[next++];
    const precision = precisionText === undefined ? undefined : Number(precisionText);
    return pad(formatOne(verb, value, precision, flags), Math.min(Number(width ?? 0), 10_000), flags, typeof value === 'number' || typeof value === 'bigint');
  });
  const extra = args.slice(next);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.map((value) => `${goTypeName(value)}=${printGoValue(value, '<nil>')}`).join(', ')})`;
}

function formatOne(verb: string, value: GoValue, precision: number | undefined, flags: string): string {
  const sign = flags.includes('+') && (typeof value === 'number' || typeof value === 'bigint') && value >= 0 ? '+' : flags.includes(' ') && (typeof value === 'number' || typeof value === 'bigint') && value >= 0 ? ' ' : '';
  const formatted = formatUnsigned(verb, value, precision);
  return formatted === undefined ? `%!${verb}(${goTypeName(value)}=${printGoValue(value, '<nil>')})` : sign + formatted;
}

function formatUnsigned(verb: string, value: GoValue, precision: number | undefined): string | undefined {
  if (verb === 'v') return typeof value === 'number' && precision !== undefined ? formatGeneral(value, precision) : printGoValue(value, '<nil>');
  if (verb === 'T') return goTypeName(value);
  if (typeof value === 'number') return formatFloat(verb, value, precision);
  if (typeof value === 'bigint') return formatInteger(verb, value);
  if (verb === 't' && typeof value === 'boolean') return String(value);
  if (typeof value === 'boolean' || value === undefined) return undefined;
  const text = printGoValue(value, '<nil>');
  if (verb === 's') return precision === undefined ? text : Array.from(text).slice(0, precision).join('');
  if (verb === 'q') return quoteGoString(text);
  if (verb === 'x' || verb === 'X') {
    const hex = Buffer.from(text).toString('hex');
    return verb === 'X' ? hex.toUpperCase() : hex;
  }
  return undefined;
}

function formatInteger(verb: string, value: bigint): string | undefined {
  switch (verb) {
    case 'd': return value.toString();
    case 'b': return value.toString(2);
    case 'o': return value.toString(8);
    case 'x': return value.toString(16);
    case 'X': return value.toString(16).toUpperCase();
    case 'c': return value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : '\ufffd';
    default: return undefined;
  }
}

function formatFloat(verb: string, value: number, precision: number | undefined): string | undefined {
  if (!'eEfFgG'.includes(verb)) return undefined;
  if (!Number.isFinite(value)) return formatGoFloat(value, 'g');
  const digits = Math.min(precision ?? 6, 100);
  if (verb === 'f' || verb === 'F') return toFixedExactly(value, digits);
  if (verb === 'e' || verb === 'E') {
    const text = value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
    return verb === 'E' ? text.toUpperCase() : text;
  }
  const text = precision === undefined ? formatGoFloat(value, 'g') : formatGeneral(value, digits);
  return verb === 'G' ? text.toUpperCase() : text;
}

/** `toFixed` without its switch to exponents from 1e21 on. */
function toFixedExactly(value: number, digits: number): string {
  return Math.abs(value) < 1e21 ? value.toFixed(digits) : BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
}

/** A float as Go's `%.Ng`: at most so many significant digits, no zeros at the end. */
export function formatGeneral(value: number, precision: number): string {
  if (!Number.isFinite(value)) return formatGoFloat(value, 'g');
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const digits = Math.min(Math.max(precision, 1), 100);
  const [mantissa = '', exponentText = '0'] = value.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < digits) return stripZeros(value.toFixed(Math.min(100, digits - 1 - exponent)));
  return `${stripZeros(mantissa)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function stripZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function pad(text: string, width: number, flags: string, isNumber: boolean): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || !isNumber) return text.padStart(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}
