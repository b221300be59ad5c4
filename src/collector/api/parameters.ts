import { quoteGoString } from '../../base/go-quote.ts';
import { parsePrometheusDuration } from '../../base/prometheus-duration.ts';
import { fail, ok, type Result } from '../../base/result.ts';

/** The largest and smallest times the Prometheus API accepts as text for "the end" and "the beginning" of time, ms. */
const MAX_TIME_MS = 9_223_309_901_257_974;
const MIN_TIME_MS = -9_223_309_901_257_974;

/** Prometheus's own spelling of those two times. */
const MIN_TIME_TEXT = '-292273086-05-16T16:47:06Z';
const MAX_TIME_TEXT = '292277025-08-18T07:12:54.999999999Z';

/** Go counts durations as nanoseconds in an int64; ms. */
const LONGEST_DURATION_MS = 2 ** 63 / 1e6;

/**
 * Reads a time: Unix seconds with decimals or RFC 3339; ms (prometheus/web/api/v1: parseTime). Infinite times and those that no
 * int64 of ms holds are errors here; upstream lets them overflow.
 */
export function parseTimeMs(text: string): Result<number, string> {
  const seconds = parseApiFloat(text);
  const timeMs = seconds === undefined ? (parseRfc3339Ms(text) ?? boundaryMs(text)) : unixMs(seconds);
  return timeMs !== undefined && Math.abs(timeMs) < 2 ** 63 ? ok(timeMs) : fail(`cannot parse ${quoteGoString(text)} to a valid timestamp`);
}

/** Unix seconds as ms: rounded to ms, then cut where the way over nanoseconds lost a little, as upstream does. */
function unixMs(seconds: number): number {
  const whole = Math.trunc(seconds);
  const fraction = seconds - whole;
  const thousandths = Math.sign(fraction) * Math.round(Math.abs(fraction) * 1000);
  return whole * 1000 + Math.trunc(Math.trunc((thousandths / 1000) * 1e9) / 1e6);
}

function boundaryMs(text: string): number | undefined {
  return text === MIN_TIME_TEXT ? MIN_TIME_MS : text === MAX_TIME_TEXT ? MAX_TIME_MS : undefined;
}

// Go's reader takes a comma as well, and one digit for the hour.
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

function parseRfc3339Ms(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const [fraction = '', sign, zoneHour = '0', zoneMinute = '0'] = match.slice(7);
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59 || Number(zoneHour) > 24 || Number(zoneMinute) > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // A day that the month does not have would run over into the next.
  if (date.getUTCDate() !== day) return undefined;
  const zoneMs = (sign === '-' ? -1 : 1) * (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0')) - zoneMs;
}

/** Reads a duration: seconds with decimals or Prometheus's `1h30m`; ms, with decimals down to the nanosecond. */
export function parseDurationMs(text: string): Result<number, string> {
  const seconds = parseApiFloat(text);
  if (seconds !== undefined) {
    if (Math.abs(seconds * 1000) > LONGEST_DURATION_MS) return fail(`cannot parse ${quoteGoString(text)} to a valid duration. It overflows int64`);
    return ok(Number.isNaN(seconds) ? -LONGEST_DURATION_MS : Math.trunc(seconds * 1e9) / 1e6);
  }
  const duration = parsePrometheusDuration(text);
  return duration.ok ? duration : fail(`cannot parse ${quoteGoString(text)} to a valid duration`);
}

/** A float as Go reads it, without hexadecimal ones. */
function parseApiFloat(text: string): number | undefined {
  if (/^[+-]?(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d+)?$/.test(text)) {
    const value = Number(text.replaceAll('_', ''));
    return Number.isFinite(value) ? value : undefined;
  }
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^nan$/i.test(text) ? NaN : undefined;
}

const MAX_INT64 = 2n ** 63n - 1n;

/** Reads a whole number as Go's strconv.Atoi does, with its error. */
export function parseInteger(text: string): Result<number, string> {
  const problem = (what: string): Result<number, string> => fail(`strconv.Atoi: parsing ${quoteGoString(text)}: ${what}`);
  if (!/^[+-]?\d+$/.test(text)) return problem('invalid syntax');
  const value = BigInt(text.replace(/^\+/, ''));
  return value > MAX_INT64 || value < -MAX_INT64 - 1n ? problem('value out of range') : ok(Number(value));
}
