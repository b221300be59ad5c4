import { parseAttributeCondition, type AttributeConditionText } from '../../../src/protocol/attribute-condition.ts';
import type { TraceFilterParams } from '../../../src/protocol/traces.ts';
import type { TracesFilter } from '../../../src/protocol/traces-panel.ts';

/** A filter as the collector takes it, and what of it could not be read. */
export interface ReadFilter {
  readonly params: TraceFilterParams;
  /** For the user; '' when all is well. */
  readonly problem: string;
}

/** Reads what was typed. `nowMs` is the end of "the last 15 minutes". */
export function readFilter(filter: TracesFilter, nowMs: number): ReadFilter {
  const query = readQuery(filter.query);
  const problems = [query.problem];
  const duration = (text: string, what: string): number | undefined => {
    if (text.trim() === '') return undefined;
    const value = parseDurationNano(text);
    if (value === undefined) problems.push(`${what}: ${text.trim()} is not a duration such as 250ms or 1.5s`);
    return value;
  };
  const min = duration(filter.minDuration, 'Longer than');
  const max = duration(filter.maxDuration, 'Shorter than');
  if (min !== undefined && max !== undefined && min > max) problems.push('No span is longer than the one and shorter than the other');
  return {
    params: {
      ...query.params,
      ...(filter.service === '' ? {} : { services: [filter.service] }),
      ...(filter.operation === '' ? {} : { operations: [filter.operation] }),
      ...(filter.onlyErrors ? { status: 'error' as const } : {}),
      ...(min === undefined ? {} : { minDurationNano: min }),
      ...(max === undefined ? {} : { maxDurationNano: max }),
      ...(filter.lastMs > 0 ? { from: (BigInt(Math.round(nowMs - filter.lastMs)) * 1_000_000n).toString() } : {}),
    },
    problem: problems.filter((problem) => problem !== '').join('. '),
  };
}

/**
 * Reads the search field: `key=value`, `key>5` and the like are conditions, `has:key` and `!key` ask for presence,
 * 32 hex digits are a trace id, a UUID or `req-…` is a request id, and other words are text. `"…"` holds words together.
 */
export function readQuery(query: string): ReadFilter {
  const attributes: AttributeConditionText[] = [];
  const words: string[] = [];
  const ids: { traceId?: string; requestId?: string } = {};
  let problem = '';
  for (const token of splitQuery(query)) {
    const isCondition = /^[^"\s]+?(=|!=|=~|!~|<|>)/.test(token) || /^!\S/.test(token);
    if (isCondition || token.startsWith('has:')) {
      const parsed = parseAttributeCondition(token.startsWith('has:') ? token.slice(4) : token);
      if (parsed.ok) attributes.push(parsed.value);
      else problem = parsed.error;
    } else if (/^[\da-f]{32}$/i.test(token)) ids.traceId = token.toLowerCase();
    else if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$|^req[-_]\S+$/i.test(token)) ids.requestId = token;
    else words.push(token.replaceAll('"', ''));
  }
  const text = words.filter((word) => word !== '').join(' ');
  return { params: { ...ids, ...(attributes.length > 0 ? { attributes } : {}), ...(text === '' ? {} : { text }) }, problem };
}

/** Splits at spaces outside of double quotes. */
export function splitQuery(query: string): string[] {
  return query.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
}

/** `250ms`, `1.5 s`, `2m`, `300us`; a bare number is milliseconds. Nanoseconds, or undefined when it is none. */
export function parseDurationNano(text: string): number | undefined {
  const match = /^(\d+(?:[.,]\d+)?)\s*(ns|us|µs|ms|s|min|m|h)?$/i.exec(text.trim());
  if (!match) return undefined;
  const unit = UNITS_NANO[(match[2] ?? 'ms').toLowerCase()];
  return unit === undefined ? undefined : Math.round(Number(match[1]!.replace(',', '.')) * unit);
}

/** `query` with a condition added, once. */
export function addToQuery(query: string, condition: string): string {
  return splitQuery(query).includes(condition) ? query : `${query.trim()} ${condition}`.trim();
}

const UNITS_NANO: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, min: 60e9, h: 3_600e9 };
