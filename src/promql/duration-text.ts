import { goQuote } from './go-quote.ts';

/** A Prometheus duration in ms; `problem` is Prometheus's error text. */
export interface ParsedDuration {
  readonly ms: number;
  readonly problem: string | undefined;
}

const second = 1000;
const day = 86_400 * second;
/** Units from the largest to the smallest, which is the order a duration must keep. */
const units: readonly { readonly name: string; readonly ms: number }[] = [
  { name: 'y', ms: 365 * day },
  { name: 'w', ms: 7 * day },
  { name: 'd', ms: day },
  { name: 'h', ms: 3600 * second },
  { name: 'm', ms: 60 * second },
  { name: 's', ms: second },
  { name: 'ms', ms: 1 },
];
/** Go counts durations in 64-bit nanoseconds. */
const maxDurationMs = Math.floor(Number((1n << 63n) - 1n) / 1e6);

/** Reads a duration such as `1h30m` (prometheus/common model.ParseDuration). */
export function parsePrometheusDuration(text: string): ParsedDuration {
  if (text === '0') return { ms: 0, problem: undefined };
  if (text === '') return { ms: 0, problem: 'empty duration string' };
  const invalid: ParsedDuration = { ms: 0, problem: `not a valid duration string: ${goQuote(text)}` };
  const part = /([0-9]*)([^0-9]*)/y;
  let ms = 0;
  let lastUnit = -1;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    const amount = match?.[1] ?? '';
    const unitName = match?.[2] ?? '';
    if (amount === '' || unitName === '' || Number(amount) > 18446744073709551615) return invalid;
    const unit = units.findIndex(({ name }) => name === unitName);
    if (unit < 0) return { ms: 0, problem: `unknown unit ${goQuote(unitName)} in duration ${goQuote(text)}` };
    if (unit <= lastUnit) return invalid;
    lastUnit = unit;
    ms += Number(amount) * units[unit]!.ms;
    if (ms > maxDurationMs) return { ms: 0, problem: 'duration out of range' };
  }
  return { ms, problem: undefined };
}

/** Writes a duration (whole ms, not negative) as `model.Duration.String` does: `1h30m`; years and weeks only when nothing is left over. */
export function formatPrometheusDuration(durationMs: number): string {
  let rest = Math.trunc(durationMs);
  if (rest === 0) return '0s';
  let text = '';
  for (const { name, ms } of units) {
    const isExactOnly = name === 'y' || name === 'w';
    if (isExactOnly && rest % ms !== 0) continue;
    const amount = Math.floor(rest / ms);
    if (amount <= 0) continue;
    text += `${String(amount)}${name}`;
    rest -= amount * ms;
  }
  return text;
}
