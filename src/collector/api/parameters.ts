import { fail, ok, type Result } from '../../base/result.ts';

/** The largest and smallest times the Prometheus API accepts as text for "the end" and "the beginning" of time, ms. */
const MAX_TIME_MS = 9_223_309_901_257_974;
const MIN_TIME_MS = -9_223_309_901_257_974;

/** Prometheus's own spelling of those two times. */
const MIN_TIME_TEXT = '-292273086-05-16T16:47:06Z';
const MAX_TIME_TEXT = '292277025-08-18T07:12:54.999999999Z';

/** Reads a time: Unix seconds with decimals or RFC 3339; ms. */
export function parseTimeMs(text: string): Result<number, string> {
  const seconds = parseFloatStrictly(text);
  if (seconds !== undefined && Number.isFinite(seconds)) return ok(Math.round(seconds * 1000));
  if (/^[+-]?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) {
    if (text === MIN_TIME_TEXT) return ok(MIN_TIME_MS);
    if (text === MAX_TIME_TEXT) return ok(MAX_TIME_MS);
    const timeMs = Date.parse(text);
    if (!Number.isNaN(timeMs)) return ok(timeMs);
  }
  return fail(`cannot parse ${JSON.stringify(text)} to a valid timestamp`);
}

const UNITS_MS: Readonly<Record<string, number>> = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Reads a duration: seconds with decimals or Prometheus's `1h30m`; ms. */
export function parseDurationMs(text: string): Result<number, string> {
  const seconds = parseFloatStrictly(text);
  if (seconds !== undefined) {
    const ms = seconds * 1000;
    if (!(Math.abs(ms) <= Number.MAX_SAFE_INTEGER)) return fail(`cannot parse ${JSON.stringify(text)} to a valid duration. It overflows int64`);
    return ok(Math.round(ms));
  }
  const match = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (!match || text === '') return fail(`cannot parse ${JSON.stringify(text)} to a valid duration`);
  const names = ['y', 'w', 'd', 'h', 'm', 's', 'ms'];
  return ok(names.reduce((sum, name, i) => sum + Number(match[i + 1] ?? 0) * UNITS_MS[name]!, 0));
}

function parseFloatStrictly(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
