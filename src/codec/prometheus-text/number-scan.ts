const POWERS_OF_TEN = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

/** What {@link scanNumber} found: read `value` only when the end it returned is not negative. */
export const scanned = { value: 0 };

/**
 * Reads a plain decimal at `from` without making a string: up to 15 digits and an exponent within 22, where one
 * division or multiplication of doubles is exact (Clinger 1990, "How to read floating point numbers accurately").
 * Returns the end, or -1 when the text there is anything else; the result is in {@link scanned}.
 */
export function scanNumber(text: string, from: number): number {
  let i = from;
  const isNegative = text.charCodeAt(i) === 45;
  if (isNegative) i++;
  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  let code = text.charCodeAt(i);
  for (; code >= 48 && code <= 57; code = text.charCodeAt(++i)) {
    mantissa = mantissa * 10 + (code - 48);
    digits++;
  }
  if (code === 46) {
    code = text.charCodeAt(++i);
    for (; code >= 48 && code <= 57; code = text.charCodeAt(++i)) {
      mantissa = mantissa * 10 + (code - 48);
      decimals++;
    }
    digits += decimals;
  }
  if (digits === 0 || digits > 15) return -1;
  let exponent = -decimals;
  if (code === 101 || code === 69) {
    code = text.charCodeAt(++i);
    const isExponentNegative = code === 45;
    if (isExponentNegative || code === 43) code = text.charCodeAt(++i);
    const exponentStart = i;
    let magnitude = 0;
    for (; code >= 48 && code <= 57; code = text.charCodeAt(++i)) magnitude = magnitude * 10 + (code - 48);
    if (i === exponentStart || i - exponentStart > 3) return -1;
    exponent += isExponentNegative ? -magnitude : magnitude;
  }
  if (exponent < -22 || exponent > 22) return -1;
  const value = exponent < 0 ? mantissa / POWERS_OF_TEN[-exponent]! : mantissa * POWERS_OF_TEN[exponent]!;
  scanned.value = isNegative ? -value : value;
  return i;
}
