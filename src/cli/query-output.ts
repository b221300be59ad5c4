import * as v from 'valibot';

const Metric = v.record(v.string(), v.string());
const Point = v.tuple([v.number(), v.string()]);
const Histogram = v.tuple([v.number(), v.object({ count: v.string(), sum: v.string() })]);
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
  if (answer.status === 'error') return { ok: false, text: `${answer.errorType}: ${answer.error}`, warnings: [] };
  const warnings = [...(answer.warnings ?? []), ...(answer.infos ?? [])];
  const { data } = answer;
  const plan = data.explain ? [...data.explain, ''] : [];
  const lines = data.resultType === 'vector' || data.resultType === 'matrix' ? data.result.map(renderSeries) : [`${data.resultType}: ${at(data.result)}`];
  return { ok: true, text: [...plan, ...lines].join('\n'), warnings };
}

function renderSeries(series: v.InferOutput<typeof Series>): string {
  const name = formatMetric(series.metric);
  if (series.value) return `${name} => ${at(series.value)}`;
  if (series.histogram) return `${name} => ${atHistogram(series.histogram)}`;
  return [`${name} =>`, ...(series.values ?? []).map(at), ...(series.histograms ?? []).map(atHistogram)].join('\n');
}

const at = ([seconds, value]: readonly [number, string]): string => `${value} @[${seconds}]`;

const atHistogram = ([seconds, { count, sum }]: v.InferOutput<typeof Histogram>): string => `{count:${count}, sum:${sum}} @[${seconds}]`;

function formatMetric(metric: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...labels } = metric;
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length > 0 || name === '' ? `${name}{${pairs.join(', ')}}` : name;
}
