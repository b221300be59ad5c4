import { formatOpenMetricsFloat, parseGoFloat } from '../../base/go-float.ts';
import { decodeUtf8Bytes, quoteGoString } from '../../base/go-quote.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { METRIC_NAME, type Labels } from '../../model/labels.ts';
import type { MetricType } from '../../model/metric.ts';

/**
 * Builds labels from the raw (byte per char, still escaped) name and name/value pairs of one series.
 * Empty values go; `le` and `quantile` are written as OpenMetrics does, so that both formats give one series.
 * Fails on duplicate names and on names that are not UTF-8, in Prometheus's words.
 */
export function buildSeriesLabels(rawName: string, rawPairs: readonly string[], type: MetricType | undefined): Result<Labels, string> {
  const name = decodeUtf8Bytes(unescapeLabel(rawName));
  if (name === '') return fail('missing metric name (__name__ label)');
  if (name === undefined) return fail(invalidNames(rawName));
  const entries: [string, string][] = [[METRIC_NAME, name]];
  for (let i = 0; i < rawPairs.length; i += 2) {
    const label = decodeUtf8Bytes(unescapeLabel(rawPairs[i]!));
    if (label === undefined || label === '') return fail(invalidNames(rawName));
    // The parser has proved that values are UTF-8.
    const value = decodeUtf8Bytes(unescapeLabel(rawPairs[i + 1]!)) ?? '';
    entries.push([label, normalizeBound(type, label, value)]);
  }
  entries.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const labels: string[] = [];
  for (let i = 0; i < entries.length; i++) {
    const [label, value] = entries[i]!;
    if (i > 0 && entries[i - 1]![0] === label) return fail(`label name ${quoteGoString(label)} is not unique: invalid sample`);
    if (value !== '') labels.push(label, value);
  }
  return ok(labels);
}

/** Exemplar labels: pairs as they stand, escapes included (Prometheus does not resolve them here either). */
export function buildExemplarLabels(rawPairs: readonly string[]): Labels {
  const entries: [string, string][] = [];
  for (let i = 0; i < rawPairs.length; i += 2) entries.push([decodeUtf8Bytes(rawPairs[i]!) ?? rawPairs[i]!, decodeUtf8Bytes(rawPairs[i + 1]!) ?? '']);
  entries.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  return entries.flat();
}

/** Resolves \\ \" and \n; any other backslash stays. */
export function unescapeLabel(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["\\n])/g, (_, char: string) => (char === 'n' ? '\n' : char)) : text;
}

/** Resolves \\ and \n, the only escapes in a 0.0.4 help text. */
export function unescapeHelp(text: string): string {
  return text.includes('\\') ? text.replace(/\\([\\n])/g, (_, char: string) => (char === 'n' ? '\n' : char)) : text;
}

function normalizeBound(type: MetricType | undefined, label: string, value: string): string {
  const isBound = (type === 'histogram' && label === 'le') || (type === 'summary' && label === 'quantile');
  if (!isBound) return value;
  const parsed = parseGoFloat(value);
  return parsed.ok ? formatOpenMetricsFloat(parsed.value) : value;
}

function invalidNames(rawName: string): string {
  return `invalid metric name or label names: ${rawName}`;
}
