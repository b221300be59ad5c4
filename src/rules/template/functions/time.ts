import { asObject, asString } from '../template-function.ts';
import { goTypeName, NO_VALUES, TemplateFailure, type GoObject, type GoValue } from '../go-value.ts';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const LAYOUT = /January|Jan|Monday|Mon|MST|2006|Z07:00|Z0700|-07:00|-0700|-07|002|01|02|03|04|05|06|15|PM|pm|_2|[.,](?:0+|9+)(?!\d)|1|2|3|4|5/g;

/** A time (ms since the epoch, UTC) as templates see it, with the methods of Go's time.Time that people use. */
export function goTime(timeMs: number): GoObject {
  const date = new Date(timeMs);
  const method = (read: (args: readonly GoValue[]) => GoValue) => read;
  return {
    kind: 'object', typeName: '*time.Time', fields: NO_VALUES, number: timeMs,
    text: formatGoTime(date, '2006-01-02 15:04:05.999999999 -0700 MST'),
    methods: new Map(Object.entries({
      Format: method(([layout]) => formatGoTime(date, asString(layout))),
      String: method(() => formatGoTime(date, '2006-01-02 15:04:05.999999999 -0700 MST')),
      UTC: method(() => goTime(timeMs)),
      Local: method(() => goTime(timeMs)),
      Add: method(([duration]) => goTime(timeMs + durationSeconds(duration) * 1000)),
      Sub: method(([other]) => goDuration((timeMs - (asObject(other).number ?? 0)) / 1000)),
      Before: method(([other]) => timeMs < (asObject(other).number ?? 0)),
      After: method(([other]) => timeMs > (asObject(other).number ?? 0)),
      Equal: method(([other]) => timeMs === asObject(other).number),
      AddDate: method(([years, months, days]) => goTime(Date.UTC(date.getUTCFullYear() + Number(years), date.getUTCMonth() + Number(months), date.getUTCDate() + Number(days)) + (timeMs - Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate())))),
      Unix: method(() => BigInt(Math.floor(timeMs / 1000))),
      UnixMilli: method(() => BigInt(Math.floor(timeMs))),
      UnixMicro: method(() => BigInt(Math.floor(timeMs)) * 1000n),
      UnixNano: method(() => BigInt(Math.floor(timeMs)) * 1_000_000n),
      Year: method(() => BigInt(date.getUTCFullYear())),
      Month: method(() => MONTHS[date.getUTCMonth()]!),
      Day: method(() => BigInt(date.getUTCDate())),
      Hour: method(() => BigInt(date.getUTCHours())),
      Minute: method(() => BigInt(date.getUTCMinutes())),
      Second: method(() => BigInt(date.getUTCSeconds())),
      Weekday: method(() => DAYS[date.getUTCDay()]!),
      YearDay: method(() => BigInt(yearDay(date))),
    })),
  };
}

/** A duration as templates see it, with the methods of Go's time.Duration. */
export function goDuration(seconds: number): GoObject {
  const text = formatGoDuration(seconds);
  return {
    kind: 'object', typeName: '*time.Duration', fields: NO_VALUES, number: seconds, text,
    methods: new Map<string, () => GoValue>(Object.entries({
      String: () => text,
      Hours: () => seconds / 3600,
      Minutes: () => seconds / 60,
      Seconds: () => seconds,
      Milliseconds: () => BigInt(Math.trunc(seconds * 1e3)),
      Microseconds: () => BigInt(Math.trunc(seconds * 1e6)),
      Nanoseconds: () => BigInt(Math.trunc(seconds * 1e9)),
      Abs: () => goDuration(Math.abs(seconds)),
    })),
  };
}

/** Go's Duration.String: `1h2m3.5s`, `250ms`. */
function formatGoDuration(seconds: number): string {
  if (seconds === 0) return '0s';
  const nano = Math.round(Math.abs(seconds) * 1e9);
  const sign = seconds < 0 ? '-' : '';
  if (nano < 1e3) return `${sign}${nano}ns`;
  if (nano < 1e6) return `${sign}${nano / 1e3}µs`;
  if (nano < 1e9) return `${sign}${nano / 1e6}ms`;
  const whole = Math.floor(nano / 1e9);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const fraction = String(nano % 1e9).padStart(9, '0').replace(/0+$/, '');
  const rest = `${whole % 60}${fraction === '' ? '' : `.${fraction}`}s`;
  return sign + (hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : '') + rest;
}

function durationSeconds(value: GoValue): number {
  const object = typeof value === 'object' && value.kind === 'object' && value.typeName === '*time.Duration' ? value : undefined;
  if (!object) throw new TemplateFailure(`wrong type for value; expected time.Duration; got ${goTypeName(value)}`);
  return object.number ?? 0;
}

function yearDay(date: Date): number {
  return Math.floor((Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

/** Writes a time in UTC by a layout of Go's package time. */
function formatGoTime(date: Date, layout: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const hour12 = date.getUTCHours() % 12 === 0 ? 12 : date.getUTCHours() % 12;
  const parts: Readonly<Record<string, () => string>> = {
    'January': () => MONTHS[date.getUTCMonth()]!, 'Jan': () => MONTHS[date.getUTCMonth()]!.slice(0, 3),
    'Monday': () => DAYS[date.getUTCDay()]!, 'Mon': () => DAYS[date.getUTCDay()]!.slice(0, 3),
    'MST': () => 'UTC', 'Z07:00': () => 'Z', 'Z0700': () => 'Z', '-07:00': () => '+00:00', '-0700': () => '+0000', '-07': () => '+00',
    '2006': () => String(date.getUTCFullYear()).padStart(4, '0'), '06': () => two(date.getUTCFullYear() % 100),
    '01': () => two(date.getUTCMonth() + 1), '1': () => String(date.getUTCMonth() + 1),
    '02': () => two(date.getUTCDate()), '_2': () => String(date.getUTCDate()).padStart(2), '2': () => String(date.getUTCDate()), '002': () => String(yearDay(date)).padStart(3, '0'),
    '15': () => two(date.getUTCHours()), '03': () => two(hour12), '3': () => String(hour12),
    '04': () => two(date.getUTCMinutes()), '4': () => String(date.getUTCMinutes()),
    '05': () => two(date.getUTCSeconds()), '5': () => String(date.getUTCSeconds()),
    'PM': () => (date.getUTCHours() >= 12 ? 'PM' : 'AM'), 'pm': () => (date.getUTCHours() >= 12 ? 'pm' : 'am'),
  };
  return layout.replace(LAYOUT, (part) => {
    const write = parts[part];
    if (write) return write();
    const digits = String(date.getUTCMilliseconds()).padStart(3, '0').padEnd(part.length - 1, '0').slice(0, part.length - 1);
    if (part[1] === '0') return part[0]! + digits;
    const trimmed = digits.replace(/0+$/, '');
    return trimmed === '' ? '' : part[0]! + trimmed;
  });
}
