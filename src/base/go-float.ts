import { fail, ok, type Result } from './result.ts';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL = /^(?:([+-]?)inf(?:inity)?|nan)$/i;

/**
 * Reads a float as Go's strconv.ParseFloat does, without hexadecimal floats and digit separators
 * (the exposition formats forbid both). Errors are in Go's words.
 */
export function parseGoFloat(text: string): Result<number, string> {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return ok(value);
    return fail(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: value out of range`);
  }
  const special = SPECIAL.exec(text);
  if (special?.[1] === undefined) {
    if (special) return ok(Number.NaN);
    return fail(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return ok(special[1] === '-' ? -Infinity : Infinity);
}

/** A float as strconv.FormatFloat(value, style, -1, 64): shortest digits; `f` never has an exponent, `g` has one below 1e-4 and from 1e6 on. */
export function formatGoFloat(value: number, style: 'f' | 'g'): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const sign = value < 0 ? '-' : '';
  const [mantissa, exponentText] = Math.abs(value).toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  const digits = mantissa.replace('.', '');
  if (style === 'g' && (exponent < -4 || exponent >= 6)) {
    const magnitude = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${magnitude}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0');
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** A float as OpenMetrics writes `le` and `quantile`: like Go's %g, and `1.0` rather than `1`. */
export function formatOpenMetricsFloat(value: number): string {
  const text = formatGoFloat(value, 'g');
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
