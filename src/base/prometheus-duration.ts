import { fail, ok, type Result } from './result.ts';

const UNITS_MS = [365 * 86_400_000, 7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000, 1] as const;
const PATTERN = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
// Go's Duration counts nanoseconds in an int64.
const LONGEST_MS = 9_223_372_036_854;

/** Reads a duration of Prometheus's files (`15s`, `1h30m`, `0`) as ms; errors are in Prometheus's words (common/model: ParseDuration). */
export function parsePrometheusDuration(text: string): Result<number, string> {
  if (text === '0') return ok(0);
  if (text === '') return fail('empty duration string');
  const match = PATTERN.exec(text);
  if (!match) return fail(`not a valid duration string: ${JSON.stringify(text)}`);
  let total = 0;
  UNITS_MS.forEach((unitMs, i) => {
    total += Number(match[i + 1] ?? 0) * unitMs;
  });
  return total > LONGEST_MS ? fail('duration out of range') : ok(total);
}

/** Writes whole ms as Prometheus does (common/model: Duration.String): years and weeks only when nothing is left over. */
export function formatPrometheusDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  let rest = Math.abs(durationMs);
  let text = durationMs < 0 ? '-' : '';
  ['y', 'w', 'd', 'h', 'm', 's', 'ms'].forEach((unit, i) => {
    const unitMs = UNITS_MS[i]!;
    if (i < 2 && rest % unitMs !== 0) return;
    const count = Math.floor(rest / unitMs);
    if (count === 0) return;
    text += `${count}${unit}`;
    rest -= count * unitMs;
  });
  return text;
}
