/** Where a scan for a number or duration ended, and what it found. */
export interface NumberScan {
  readonly kind: 'number' | 'duration' | 'invalid';
  readonly end: number;
}

const underscore = 95;
const dot = 46;

/** Whether a code unit is a letter, a digit or an underscore of ASCII. */
export function isAlphaNumeric(code: number): boolean {
  return isAlpha(code) || isDigit(code);
}

/** Whether a code unit is an ASCII letter or an underscore. */
export function isAlpha(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === underscore;
}

/** Whether a code unit is 0 to 9. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}

function isExponentLetter(code: number): boolean {
  return code === 101 || code === 69;
}

function isUnit(code: number): boolean {
  // The units s, m, h, d, w; only the first of a duration may be y.
  return code === 115 || code === 109 || code === 104 || code === 100 || code === 119;
}

/**
 * Scans a number or duration as Prometheus's lexer does. It decides only where the token ends: whether it is well formed is for
 * those who read it. `end` of an invalid one includes the character that broke it, as the error message shows it.
 */
export function scanNumberOrDuration(text: string, start: number): NumberScan {
  const number = scanNumber(text, start);
  if (number.isNumber) return { kind: 'number', end: number.end };
  return scanDurationRest(text, number.end);
}

function scanNumber(text: string, start: number): { isNumber: boolean; end: number } {
  let at = start;
  let isDigitHere = isDigit;
  const code = (): number => (at < text.length ? text.charCodeAt(at) : -1);
  if (code() === 48) {
    at++;
    if (code() === 120 || code() === 88) {
      at++;
      if (code() === underscore) at++;
      isDigitHere = isHexDigit;
    }
  }
  const isHex = isDigitHere === isHexDigit;
  if (code() === dot) at++;
  if (isDigitHere(code())) at++;
  let hasDot = false;
  let hasExponent = false;
  for (;;) {
    const here = code();
    if (here === dot) {
      at++;
      if (hasDot) return { isNumber: false, end: at };
      hasDot = true;
      if (code() === underscore || code() === dot) return { isNumber: false, end: at + 1 };
      if (isHex) return { isNumber: false, end: at };
    } else if (isExponentLetter(here)) {
      // In a hexadecimal number this also takes the digit e for an exponent; Prometheus does the same.
      at++;
      if (hasExponent) return { isNumber: false, end: at };
      hasExponent = true;
      if (code() === 43 || code() === 45) at++;
      if (isAntiPattern(code())) return { isNumber: false, end: at + 1 };
      if (code() === -1) return { isNumber: false, end: at };
    } else if (here === underscore) {
      at++;
      if (isAntiPattern(code())) return { isNumber: false, end: at + 1 };
      if (code() === -1) return { isNumber: false, end: at };
    } else if (isDigitHere(here)) {
      at++;
    } else {
      break;
    }
  }
  return { isNumber: at > start && !isAlphaNumeric(code()), end: at };
}

function isAntiPattern(code: number): boolean {
  return code === dot || code === underscore || isExponentLetter(code);
}

function scanDurationRest(text: string, start: number): NumberScan {
  let at = start;
  const code = (): number => (at < text.length ? text.charCodeAt(at) : -1);
  if (!isUnit(code()) && code() !== 121) return { kind: 'invalid', end: at };
  at++;
  if (code() === 115) at++;
  while (isDigit(code())) {
    while (isDigit(code())) at++;
    if (!isUnit(code())) return { kind: 'invalid', end: at };
    at++;
    if (code() === 115) at++;
  }
  return isAlphaNumeric(code()) ? { kind: 'invalid', end: at + 1 } : { kind: 'duration', end: at };
}
