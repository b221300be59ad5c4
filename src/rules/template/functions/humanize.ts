import { parseGoFloat } from '../../../base/go-float.ts';
import { formatGeneral } from '../format-verb.ts';
import { goTypeName, TemplateFailure, type GoValue } from '../go-value.ts';
import type { TemplateFunction, TemplateFunctions } from '../template-function.ts';
import { goTime } from './time.ts';

const LARGE = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const SMALL = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];
const BINARY = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];
const OVERFLOW = 2 ** 63;

const ofNumber = (format: (value: number) => string): TemplateFunction => ({ parameters: ['any'], call: ([value]) => format(toFloat(value)) });

/** Numbers for people (prometheus/template: humanize and its kin). */
export const HUMANIZE_FUNCTIONS: TemplateFunctions = {
  humanize: ofNumber(humanize),
  humanize1024: ofNumber((value) => (Math.abs(value) <= 1 || !Number.isFinite(value) ? formatGeneral(value, 4) : scaled(value, BINARY, 1024))),
  humanizeDuration: ofNumber(humanizeDuration),
  humanizePercentage: ofNumber((value) => `${formatGeneral(value * 100, 4)}%`),
  humanizeTimestamp: ofNumber((value) => (Number.isFinite(value) ? goTime(toTimeMs(value)).text : formatGeneral(value, 4))),
};

/** A number, or the text of one, as a float. */
export function toFloat(value: GoValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    const parsed = parseGoFloat(value);
    if (!parsed.ok) throw new TemplateFailure(parsed.error);
    return parsed.value;
  }
  if (typeof value === 'object' && value.kind === 'object' && value.typeName === '*time.Duration') return value.number ?? 0;
  throw new TemplateFailure(`can't convert ${goTypeName(value)} to float`);
}

/** Seconds as ms since the epoch, which is as fine as Prometheus's own times are. */
export function toTimeMs(seconds: number): number {
  const nano = seconds * 1e9;
  if (!(nano < OVERFLOW && nano >= -OVERFLOW)) {
    const text = Math.abs(seconds) >= 1e21 || Math.abs(seconds) < 1e-4 ? String(seconds) : seconds.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
    throw new TemplateFailure(`${text} cannot be represented as a nanoseconds timestamp since it overflows int64`);
  }
  return Math.trunc(Math.trunc(nano) / 1e6);
}

function scaled(value: number, prefixes: readonly string[], base: number): string {
  let rest = value;
  let prefix = '';
  for (const candidate of prefixes) {
    if (Math.abs(rest) < base) break;
    prefix = candidate;
    rest /= base;
  }
  return formatGeneral(rest, 4) + prefix;
}

function small(value: number): string {
  let rest = value;
  let prefix = '';
  for (const candidate of SMALL) {
    if (Math.abs(rest) >= 1) break;
    prefix = candidate;
    rest *= 1000;
  }
  return formatGeneral(rest, 4) + prefix;
}

function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return formatGeneral(value, 4);
  return Math.abs(value) >= 1 ? scaled(value, LARGE, 1000) : small(value);
}

function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return formatGeneral(value, 4);
  if (value === 0) return `${formatGeneral(value, 4)}s`;
  if (Math.abs(value) < 1) return `${small(value)}s`;
  const sign = value < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(value));
  const seconds = whole % 60;
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600) % 24;
  const days = Math.floor(whole / 86_400);
  if (days !== 0) return `${sign}${days}d ${hours}h ${minutes}m ${seconds}s`;
  if (hours !== 0) return `${sign}${hours}h ${minutes}m ${seconds}s`;
  if (minutes !== 0) return `${sign}${minutes}m ${seconds}s`;
  return `${sign}${formatGeneral(Math.abs(value), 4)}s`;
}
