import { scanNumber, scanned } from './number-scan.ts';
import { isNameStart, scanName } from './token.ts';

/** What {@link scanFast} found; meaningful only after it returned true. */
export const fastLine: { seriesEnd: number; value: number; timestampMs: number | undefined; end: number } = {
  seriesEnd: 0,
  value: 0,
  timestampMs: undefined,
  end: 0,
};

/**
 * Splits an ordinary sample line (`name{…} number [timestamp]`) without looking into the labels.
 * That is safe only for series text which was parsed exactly before: the same bytes end at the same place again.
 * Returns false for everything unusual (exemplars, odd spacing, special floats), which the exact parser then decides.
 */
export function scanFast(text: string, from: number, isOpenMetrics: boolean): boolean {
  if (!isNameStart(text.charCodeAt(from))) return false;
  let i = scanName(text, from);
  if (text.charCodeAt(i) === 123) {
    i = scanBraces(text, i + 1);
    if (i < 0) return false;
  }
  fastLine.seriesEnd = i;
  if (text.charCodeAt(i) !== 32) return false;
  i = scanNumber(text, i + 1);
  if (i < 0) return false;
  fastLine.value = scanned.value;
  fastLine.timestampMs = undefined;
  let code = text.charCodeAt(i);
  if (code === 32) {
    const start = i + 1;
    i = isOpenMetrics ? scanNumber(text, start) : scanDigits(text, start);
    if (i < 0) return false;
    fastLine.timestampMs = isOpenMetrics ? Math.trunc(scanned.value * 1000) : scanned.value;
    code = text.charCodeAt(i);
  }
  if (code !== 10) return false;
  fastLine.end = i + 1;
  return true;
}

/** The end of the braces whose inside begins at `from`, quotes respected; -1 when they do not end. */
function scanBraces(text: string, from: number): number {
  let isQuoted = false;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) isQuoted = !isQuoted;
    else if (code === 92 && isQuoted) i++;
    else if (!isQuoted && (code === 125 || code === 10)) return code === 125 ? i + 1 : -1;
  }
  return -1;
}

function scanDigits(text: string, from: number): number {
  let i = from;
  let value = 0;
  for (let code = text.charCodeAt(i); code >= 48 && code <= 57; code = text.charCodeAt(++i)) value = value * 10 + (code - 48);
  if (i === from || i - from > 15) return -1;
  scanned.value = value;
  return i;
}
