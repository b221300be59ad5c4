import type { Labels } from '../model/labels.ts';

/** One element of an instant vector. */
export interface InstantSample {
  readonly labels: Labels;
  readonly value: number;
}

/** One series of a range query: `values[i]` is at start + i * step, null where it has no value. */
export interface RangeSeries {
  readonly labels: Labels;
  readonly values: readonly (number | null)[];
}

/** Evaluates PromQL at one time, ms since the epoch. Rejects with a text for people. */
export type QueryFunction = (expr: string, timeMs: number) => Promise<readonly InstantSample[]>;

/** Evaluates PromQL on a grid, all in ms; both ends belong to it. */
export type QueryRangeFunction = (expr: string, startMs: number, endMs: number, stepMs: number) => Promise<readonly RangeSeries[]>;

const PLAIN_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A selector of the metric; names outside the classic alphabet are quoted (Prometheus 3 UTF-8 syntax). */
export function selector(metric: string, matchers: readonly string[] = []): string {
  const inBraces = PLAIN_METRIC.test(metric) ? matchers : [quote(metric), ...matchers];
  return `${PLAIN_METRIC.test(metric) ? metric : ''}${inBraces.length > 0 ? `{${inBraces.join(',')}}` : ''}`;
}

/** `label=~"a|b"` for exactly these values. */
export function oneOf(label: string, values: readonly string[]): string {
  return `${labelName(label)}=~${quote(values.map(escapeRegExp).join('|'))}`;
}

/** A matcher with the operator as given. */
export const matcher = (label: string, operator: '=' | '!=' | '=~' | '!~', value: string): string => `${labelName(label)}${operator}${quote(value)}`;

/** `AGGREGATION by (labels) (expr)`. */
export const aggregateBy = (aggregation: 'sum' | 'min' | 'max' | 'count', labels: readonly string[], expr: string): string =>
  `${aggregation} by (${labels.map(labelName).join(', ')}) (${expr})`;

/** The per-second rate over the window, summed by the labels. */
export function sumOfRates(metric: string, matchers: readonly string[], labels: readonly string[], windowMs: number): string {
  return aggregateBy('sum', labels, `rate(${selector(metric, matchers)}[${windowMs / 1000}s])`);
}

const labelName = (name: string): string => (PLAIN_LABEL.test(name) ? name : quote(name));

const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
