import { formatGoFloat } from '../base/go-float.ts';
import { quoteGoString } from '../base/go-quote.ts';
import * as v from 'valibot';

const Metric = v.record(v.string(), v.string());
const Point = v.tuple([v.number(), v.string()]);
const Bucket = v.tuple([v.number(), v.string(), v.string(), v.string()]);
const Histogram = v.tuple([v.number(), v.object({ count: v.string(), sum: v.string(), buckets: v.optional(v.array(Bucket), []) })]);
const Series = v.object({ metric: Metric, value: v.optional(Point), values: v.optional(v.array(Point)), histogram: v.optional(Histogram), histograms: v.optional(v.array(Histogram)) });
const Plan = v.array(v.string());
const Answer = v.variant('status', [
  v.object({
    status: v.literal('success'),
    data: v.variant('resultType', [
      v.object({ resultType: v.literal('scalar'), result: Point, explain: v.optional(Plan) }),
      v.object({ resultType: v.literal('string'), result: Point, explain: v.optional(Plan) }),
      v.object({ resultType: v.literal('vector'), result: v.array(Series), explain: v.optional(Plan) }),
      v.object({ resultType: v.literal('matrix'), result: v.array(Series), explain: v.optional(Plan) }),
    ]),
    warnings: v.optional(v.array(v.string())),
    infos: v.optional(v.array(v.string())),
  }),
  v.object({ status: v.literal('error'), errorType: v.string(), error: v.string() }),
]);

/** A query's answer as text for a person. */
export interface RenderedResult {
  readonly ok: boolean;
  readonly text: string;
  readonly warnings: readonly string[];
}

/** Renders the JSON of the query API in the form of `promtool query`: `name{labels} => value @[time]`. */
export function renderQueryResult(json: string): RenderedResult {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, text: `the answer is not JSON: ${json.slice(0, 200)}`, warnings: [] };
  }
  const parsed = v.safeParse(Answer, value);
  if (!parsed.success) return { ok: false, text: `the answer does not look like the Prometheus API's: ${json.slice(0, 200)}`, warnings: [] };
  const answer = parsed.output;
  if (answer.status === 'error') return { ok: false, text: `query error: ${answer.errorType}: ${answer.error}`, warnings: [] };
  const warnings = [...(answer.warnings ?? []), ...(answer.infos ?? [])];
  const { data } = answer;
  const plan = data.explain ? [...data.explain, ''] : [];
  const lines = data.resultType === 'vector' || data.resultType === 'matrix' ? data.result.map(renderSeries) : [data.resultType === 'scalar' ? `scalar: ${at(data.result)}` : `${data.result[1]} @[${String(data.result[0])}]`];
  return { ok: true, text: [...plan, ...lines].join('\n'), warnings };
}

function renderSeries(series: v.InferOutput<typeof Series>): string {
  const name = formatMetric(series.metric);
  if (series.value) return `${name} => ${at(series.value)}`;
  if (series.histogram) return `${name} => ${atHistogram(series.histogram)}`;
  return [`${name} =>`, ...(series.values ?? []).map(at), ...(series.histograms ?? []).map(atHistogram)].join('\n');
}

const at = ([seconds, value]: readonly [number, string]): string => `${plainNumber(value)} @[${plainNumber(String(seconds))}]`;

/** As prometheus/common/model writes histograms: all digits of bounds and counts of buckets, six of the count and the sum. */
function atHistogram([seconds, { count, sum, buckets }]: v.InferOutput<typeof Histogram>): string {
  return `Count: ${sixDecimals(count)}, Sum: ${sixDecimals(sum)}, Buckets: [${buckets.map(formatBucket).join(' ')}] @[${plainNumber(String(seconds))}]`;
}

/** The first number says which bounds belong to the bucket: 0 the upper, 1 the lower, 2 neither, 3 both. */
function formatBucket([inclusive, lower, upper, count]: v.InferOutput<typeof Bucket>): string {
  const open = inclusive === 1 || inclusive === 3 ? '[' : '(';
  const close = inclusive === 0 || inclusive === 3 ? ']' : ')';
  return `${open}${plainNumber(lower)},${plainNumber(upper)}${close}:${plainNumber(count)}`;
}

function numberOf(text: string): number {
  return /^[+-]?Inf$/.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

const plainNumber = (text: string): string => formatGoFloat(numberOf(text), 'f');

function sixDecimals(text: string): string {
  const value = numberOf(text);
  if (!Number.isFinite(value)) return formatGoFloat(value, 'f');
  return Math.abs(value) < 1e21 ? value.toFixed(6) : `${String(BigInt(value))}.000000`;
}

/** Names as they are, also those that PromQL would want in quotes: so does promtool. */
function formatMetric(metric: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...labels } = metric;
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, value]) => `${label}=${quoteGoString(value)}`);
  return pairs.length > 0 || name === '' ? `${name}{${pairs.join(', ')}}` : name;
}
