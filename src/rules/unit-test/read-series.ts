import { fail, ok, type Result } from '../../base/result.ts';
import { addHistograms, subtractHistograms } from '../../model/histogram-arithmetic.ts';
import type { FloatHistogram } from '../../model/histogram.ts';
import { labelsFromRecord, METRIC_NAME, type Labels } from '../../model/labels.ts';
import { formatParseError } from '../../promql/parse-error.ts';
import { parseMetricSelector } from '../../promql/parse.ts';
import type { SeriesValue } from './memory-source.ts';
import { readHistogram } from './read-histogram.ts';

/** A list of values must not fill the memory. */
const MOST_VALUES = 1_000_000;
const NUMBER = '(?:[Ii]nf|NaN|nan|(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)';
const FLOAT = new RegExp(`^([+-]?${NUMBER})(?:(?:([+-]${NUMBER}))?x(\\d+))?$`);
const HISTOGRAM = /^\{\{([^}]*)\}\}(?:(?:([+-])\{\{([^}]*)\}\})?x(\d+))?$/;

/** Reads the name and labels of a series, `up{job="a"}`; the empty text is the empty set. The error is PromQL's. */
export function readSeriesLabels(text: string): Result<Labels, string> {
  if (text.trim() === '' || text.trim() === '{}') return ok([]);
  const { selector, errors: [first] } = parseMetricSelector(text);
  if (first) return fail(formatParseError(text, first));
  const record: Record<string, string> = {};
  for (const { name, type, value } of selector.matchers) {
    if (type !== '=') return fail(`${text}: a series has labels with =, not ${type}`);
    record[name] = value;
  }
  if (selector.name !== '') record[METRIC_NAME] = selector.name;
  return ok(labelsFromRecord(record));
}

/**
 * Reads the values of a series as promtool does: `1 2.5 _ stale`, `1+2x3` (1 3 5 7), `1x3` (four ones), `_x3` (three gaps) and the same
 * with histograms in double braces. Undefined stands for no sample.
 */
export function readSeriesValues(text: string): Result<readonly (SeriesValue | undefined)[], string> {
  const values: (SeriesValue | undefined)[] = [];
  for (const token of text.match(/(?:\{\{[^}]*\}\}|[^\s{])+/g) ?? []) {
    const problem = readToken(token, values);
    if (problem !== undefined) return fail(problem);
    if (values.length > MOST_VALUES) return fail(`a series may have ${MOST_VALUES} values`);
  }
  return ok(values);
}

function readToken(token: string, values: (SeriesValue | undefined)[]): string | undefined {
  const gap = /^_(?:x(\d+))?$/.exec(token);
  if (gap) {
    for (let i = 0; i < Math.min(Number(gap[1] ?? 1), MOST_VALUES + 1); i++) values.push(undefined);
    return undefined;
  }
  if (token === 'stale') {
    values.push('stale');
    return undefined;
  }
  const float = FLOAT.exec(token);
  if (float) {
    const step = readNumber(float[2] ?? '0');
    let value = readNumber(float[1]!);
    for (let i = 0; i <= Math.min(Number(float[3] ?? 0), MOST_VALUES); i++, value += step) values.push(value);
    return undefined;
  }
  const histogram = HISTOGRAM.exec(token);
  return histogram ? readHistograms(histogram, values) : `unexpected ${JSON.stringify(token.slice(0, 60))} in series values`;
}

function readHistograms([, firstText, sign, stepText, count]: RegExpExecArray, values: (SeriesValue | undefined)[]): string | undefined {
  const first = readHistogram(firstText!);
  if (!first.ok) return first.error;
  const step = stepText === undefined ? undefined : readHistogram(stepText);
  if (step && !step.ok) return step.error;
  let value: FloatHistogram = first.value;
  values.push(value);
  for (let i = 0; i < Math.min(Number(count ?? 0), MOST_VALUES); i++) {
    if (step?.ok) {
      const next = sign === '-' ? subtractHistograms(value, step.value) : addHistograms(value, step.value);
      if (!next) return 'histograms with exponential and custom buckets cannot be added';
      value = { ...next.histogram, counterReset: first.value.counterReset };
    }
    values.push(value);
  }
  return undefined;
}

/** A number as in series values: Go's words for infinity and NaN. */
function readNumber(text: string): number {
  if (/inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
