import { labelsFromRecord, labelValue, type Labels } from '../../../src/model/labels.ts';
import { parsePromql } from '../../../src/promql/parse.ts';
import type { InstantSample, QueryFunction } from '../../../src/health/query.ts';

/** A series that is there now: a gauge's value, or what `rate` would give. */
export interface FakeSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Answers the handful of expression shapes that the health layer writes, from a list of series.
 * Anything else throws, so that a new shape cannot pass unnoticed; so does what the real parser does not take.
 */
export function fakeMetrics(initial: readonly FakeSeries[] = []): {
  series: readonly FakeSeries[];
  readonly asked: string[];
  /** Expressions that contain one of these reject. */
  readonly broken: Set<string>;
  readonly query: QueryFunction;
  readonly metricNames: () => Promise<Iterable<string>>;
} {
  const fake = {
    series: initial,
    asked: [] as string[],
    broken: new Set<string>(),
    query: (expr: string): Promise<readonly InstantSample[]> => {
      fake.asked.push(expr);
      for (const text of fake.broken) if (expr.includes(text)) return Promise.reject(new Error(`no answer to ${text}`));
      return Promise.resolve(evaluate(expr, fake.series));
    },
    metricNames: () => Promise.resolve(new Set(fake.series.map(({ name }) => name))),
  };
  return fake;
}

function evaluate(expr: string, series: readonly FakeSeries[]): readonly InstantSample[] {
  const [error] = parsePromql(expr).errors;
  if (error) throw new Error(`${expr}: ${error.message}`);
  if (/^count\(count_over_time\(.* offset \d+s\)\)$/.test(expr)) return [];
  const count = /^count\((.*)\)$/.exec(expr);
  if (count) {
    const rows = select(count[1]!, series);
    return rows.length > 0 ? [{ labels: [], value: rows.length }] : [];
  }
  const match = /^(sum|min|max|count) by \((.*?)\) \((?:rate\((.*)\[\d+s\]\)|(.*))\)$/.exec(expr);
  if (!match) throw new Error(`the fake does not know ${expr}`);
  const by = match[2] === '' ? [] : match[2]!.split(', ').map((label) => label.replace(/^"|"$/g, ''));
  const groups = new Map<string, { labels: Labels; values: number[] }>();
  for (const { labels, value } of select(match[3] ?? match[4]!, series)) {
    const group = labelsFromRecord(Object.fromEntries(by.map((label) => [label, labels[label] ?? ''])));
    const key = group.join('\uffff');
    const known = groups.get(key) ?? { labels: group, values: [] };
    known.values.push(value);
    groups.set(key, known);
  }
  const reduce: Record<string, (values: number[]) => number> = {
    sum: (values) => values.reduce((total, value) => total + value, 0),
    min: (values) => Math.min(...values),
    max: (values) => Math.max(...values),
    count: (values) => values.length,
  };
  return [...groups.values()].map(({ labels, values }) => ({ labels, value: reduce[match[1]!]!(values) }));
}

function select(text: string, series: readonly FakeSeries[]): readonly FakeSeries[] {
  const parts = /^([\w:]*)(?:\{(.*)\})?$/.exec(text);
  if (!parts) throw new Error(`the fake does not know the selector ${text}`);
  let name = parts[1]!;
  const tests: ((labels: Labels) => boolean)[] = [];
  for (const [, quoted, label, operator, value] of (parts[2] ?? '').matchAll(/(?:"((?:[^"\\]|\\.)*)"(?=,|$))|(?:"?([\w.]+)"?(=~|!~|!=|=)"((?:[^"\\]|\\.)*)")/g)) {
    if (quoted !== undefined) name = quoted;
    else {
      const wanted = value!.replaceAll('\\\\', '\\');
      const matches = (actual: string): boolean => (operator!.includes('~') ? new RegExp(`^(?:${wanted})$`).test(actual) : actual === wanted);
      tests.push((labels) => matches(labelValue(labels, label!)) !== operator!.startsWith('!'));
    }
  }
  return series.filter((one) => one.name === name && tests.every((holds) => holds(labelsFromRecord(one.labels))));
}
