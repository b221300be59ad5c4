const UNIT_NANO: Readonly<Record<string, number>> = { ns: 1, us: 1e3, 'µs': 1e3, 'μs': 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Go's Duration counts nanoseconds in an int64. */
const LONGEST_NANO = 2 ** 63;

/**
 * Reads a duration as Go's time.ParseDuration does (`1h30m`, `1.5s`, `-250ms`, `0`); nanoseconds. Undefined when it is none.
 * Days, weeks and years are Prometheus's (see prometheus-duration.ts), not Go's.
 */
export function parseGoDurationNano(text: string): number | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(text);
  if (!match) return undefined;
  let total = 0;
  for (const [, number, unit] of match[2]!.matchAll(/(\d+\.?\d*|\.\d+)([a-zµμ]+)/g)) total += Number(number) * UNIT_NANO[unit!]!;
  if (total >= LONGEST_NANO) return undefined;
  return match[1] === '-' ? -total : total;
}
