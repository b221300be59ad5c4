const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between ticks that people read as round. */
const TICK_STEPS_MS: readonly number[] = [
  SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
  MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
  DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY,
]; // prettier-ignore

/** A mark on the time axis. */
export interface TimeTick {
  readonly atMs: number;
  readonly label: string;
}

/** How the axis tells local time; handed in so that tests do not depend on the machine's zone. */
export interface TimeFormat {
  readonly locale: string | undefined;
  /** IANA zone; undefined is the machine's own. */
  readonly timeZone: string | undefined;
}

/** Ticks at round local times, at most `maxCount`, none so close to the ends that its label would be cut. */
export function timeTicks(startMs: number, endMs: number, maxCount: number, format: TimeFormat): TimeTick[] {
  const span = endMs - startMs;
  if (!(span > 0) || maxCount < 1) return [];
  const step = TICK_STEPS_MS.find((candidate) => span / candidate <= maxCount) ?? Math.ceil(span / maxCount / (28 * DAY)) * 28 * DAY;
  const ticks: TimeTick[] = [];
  const offset = zoneOffsetMs(startMs, format.timeZone);
  const margin = span * 0.02;
  for (let at = Math.ceil((startMs + offset) / step) * step - offset; at <= endMs; at += step) {
    if (at - startMs < margin || endMs - at < margin) continue;
    ticks.push({ atMs: at, label: tickLabel(at, step, format) });
  }
  return ticks;
}

/** A moment in full, for read-outs and tables: time with seconds, with the date when it is not today. */
export function formatMoment(atMs: number, nowMs: number, format: TimeFormat): string {
  const time = dateFormat('moment', format, { hour: hourStyle(format.locale), minute: '2-digit', second: '2-digit' }).format(atMs);
  const day = dateFormat('day', format, { day: 'numeric', month: 'short' });
  return day.format(atMs) === day.format(nowMs) ? time : `${day.format(atMs)}, ${time}`;
}

/** A duration as the range picker names it: `15 min`, `1 h 30 min`, `45 s`. */
export function formatDuration(durationMs: number): string {
  const units: readonly (readonly [number, string])[] = [[DAY, 'd'], [HOUR, 'h'], [MINUTE, 'min'], [SECOND, 's']]; // prettier-ignore
  const parts: string[] = [];
  let rest = Math.round(durationMs / SECOND) * SECOND;
  for (const [size, name] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${String(count)}\u00a0${name}`);
    rest -= count * size;
    if (parts.length === 2) break;
  }
  return parts.join(' ') || '0\u00a0s';
}

/** How long ago, coarse: `2 s ago`, `3 min ago`. Under one second it is `now`. */
export function formatAge(ageMs: number): string {
  if (ageMs < SECOND) return 'now';
  const size = ageMs < MINUTE ? SECOND : ageMs < HOUR ? MINUTE : HOUR;
  return `${formatDuration(Math.floor(ageMs / size) * size)} ago`;
}

function tickLabel(atMs: number, stepMs: number, format: TimeFormat): string {
  if (stepMs < MINUTE) return dateFormat('seconds', format, { hour: hourStyle(format.locale), minute: '2-digit', second: '2-digit' }).format(atMs);
  const isMidnight = (atMs + zoneOffsetMs(atMs, format.timeZone)) % DAY === 0;
  if (stepMs >= DAY || isMidnight) return dateFormat('day', format, { day: 'numeric', month: 'short' }).format(atMs);
  return dateFormat('minutes', format, { hour: hourStyle(format.locale), minute: '2-digit' }).format(atMs);
}

/** `3:40 PM` but `03:40`: the leading zero belongs to clocks of 24 hours. */
function hourStyle(locale: string | undefined): 'numeric' | '2-digit' {
  const { hourCycle } = dateFormat('cycle', { locale, timeZone: undefined }, { hour: 'numeric' }).resolvedOptions();
  return hourCycle === 'h12' || hourCycle === 'h11' ? 'numeric' : '2-digit';
}

/** Local time minus UTC. */
function zoneOffsetMs(atMs: number, timeZone: string | undefined): number {
  if (timeZone === undefined) return -new Date(atMs).getTimezoneOffset() * MINUTE;
  const format = dateFormat('offset', { locale: 'en-US', timeZone }, { timeZoneName: 'longOffset' });
  const name = format.formatToParts(atMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /([+-])(\d\d):(\d\d)/.exec(name);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * HOUR + Number(match[3]) * MINUTE);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(kind: string, { locale, timeZone }: TimeFormat, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${kind}|${locale ?? ''}|${timeZone ?? ''}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.DateTimeFormat(locale, { ...options, ...(timeZone === undefined ? {} : { timeZone }) })));
  return format;
}
