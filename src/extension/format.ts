/** Numbers for people: three significant digits, always with the unit. */

const NARROW_SPACE = '\u202f';
const FIGURE_SPACE = '\u2007';

/** `12.3`, `0.042`, `1,230`: three significant digits, without an exponent. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '-∞' : 'no value';
  if (value !== 0 && Math.abs(value) < 0.0005) return value > 0 ? '<0.001' : '>-0.001';
  return value.toLocaleString('en-US', Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}

/** Seconds as `640 ms`, `1.9 s`, `3.2 min`. */
export function formatSeconds(seconds: number): string {
  // The limits are where three digits round up to the next unit.
  if (seconds < 0.0009995) return `${formatNumber(seconds * 1e6)}${NARROW_SPACE}µs`;
  if (seconds < 0.9995) return `${formatNumber(seconds * 1e3)}${NARROW_SPACE}ms`;
  if (seconds < 119.5) return `${formatNumber(seconds)}${NARROW_SPACE}s`;
  return `${formatNumber(seconds / 60)}${NARROW_SPACE}min`;
}

/** A ratio of 0 … 1 as `71 %`, `99.9 %`. Never rounds up to 100 what is not all. */
export function formatPercent(ratio: number): string {
  const percent = ratio * 100;
  const shown = percent > 99.95 && percent < 100 ? (Math.floor(percent * 100) / 100).toFixed(2) : formatNumber(percent);
  return `${shown}${NARROW_SPACE}%`;
}

/** Requests per second as `12 req/s`. */
export const formatRequestRate = (perSecond: number): string => `${formatNumber(perSecond)}${NARROW_SPACE}req/s`;

/** Events per second as `0.4/s`. */
export const formatRate = (perSecond: number): string => `${formatNumber(perSecond)}/s`;

/** Bytes as `12 KiB`, `1.4 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${formatNumber(value)}${NARROW_SPACE}${units[unit] ?? 'B'}`;
}

/** A time span in whole units: `3 s`, `2 min`, `5 h`, `4 d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}${NARROW_SPACE}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NARROW_SPACE}min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}${NARROW_SPACE}h`;
  return `${Math.floor(seconds / 86_400)}${NARROW_SPACE}d`;
}

/** Fills up on the left with spaces as wide as a digit, so that what stands behind does not move. */
export const padFigures = (text: string, length: number): string => text.padStart(length, FIGURE_SPACE);

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** Values as a line of block characters from zero to the largest; a gap stays a space. */
export function sparkline(values: readonly (number | null)[]): string {
  const top = Math.max(0, ...values.map((value) => value ?? 0));
  return values
    .map((value) => {
      if (value === null) return ' ';
      const index = top > 0 ? Math.round((value / top) * (BLOCKS.length - 1)) : 0;
      return BLOCKS[Math.min(BLOCKS.length - 1, Math.max(0, index))] ?? ' ';
    })
    .join('');
}
