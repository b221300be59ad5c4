import { labelsToRecord, METRIC_NAME } from '../model/labels.ts';
import type { Matcher } from '../model/series-source.ts';
import type { Expr } from '../promql/ast.ts';
import { exprToJson } from '../promql/expr-to-json.ts';
import { formatExpr } from '../promql/format-expr.ts';
import { createMatcher } from '../promql/matcher.ts';
import { formatParseError } from '../promql/parse-error.ts';
import { parseMetricSelector, parsePromql } from '../promql/parse.ts';
import type { MetricsStore } from '../store/metrics/store-types.ts';
import type { ApiAnswer, ApiQuery } from './metrics-calls.ts';

/** An API error that is found while answering; `message` is the answer's `error`. */
class BadData extends Error {}

type StoreQuery = Exclude<ApiQuery, { readonly kind: 'query' | 'query_range' }>;

/** The calls of the Prometheus API that evaluate nothing: series, labels, metadata, exemplars, parsing, cardinalities. */
export function answerStoreQuery(query: StoreQuery, store: MetricsStore, isExperimental: boolean): ApiAnswer {
  try {
    const { data, warnings } = compute(query, store, isExperimental);
    if (data === undefined) return { status: 204, body: new Uint8Array(0) };
    return { status: 200, body: Buffer.from(JSON.stringify({ status: 'success', data, ...(warnings ? { warnings } : {}) })) };
  } catch (error) {
    if (!(error instanceof BadData)) throw error;
    return { status: 400, body: Buffer.from(JSON.stringify({ status: 'error', errorType: 'bad_data', error: error.message })) };
  }
}

interface Computed {
  /** Undefined for an answer without content. */
  readonly data: unknown;
  readonly warnings?: readonly string[];
}

function compute(query: StoreQuery, store: MetricsStore, isExperimental: boolean): Computed {
  switch (query.kind) {
    case 'series':
      return limited(store.series(seriesMatchers(query.matchers, isExperimental), query.startMs, query.endMs).map(labelsToRecord), query.limit);
    case 'labels':
      return limited(store.labelNames(matcherSets(query.matchers, isExperimental), query.startMs, query.endMs), query.limit);
    case 'label_values':
      return limited(store.labelValues(query.name, matcherSets(query.matchers, isExperimental), query.startMs, query.endMs), query.limit);
    case 'metadata':
      return { data: metadata(store, query.metric, query.limit, query.limitPerMetric) };
    case 'exemplars': {
      const sets = selectorsOf(parse(query.expr, isExperimental)).map((matchers) => matchers.map(createMatcher));
      if (sets.length === 0) return { data: undefined };
      return { data: store.exemplars(sets, query.startMs, query.endMs).map(({ series, exemplars }) => ({
        seriesLabels: labelsToRecord(series),
        exemplars: exemplars.map(({ labels, value, timestampMs }) => ({ labels: labelsToRecord(labels), value: String(value), timestamp: timestampMs / 1000 })),
      })) };
    }
    case 'parse_query':
      return { data: exprToJson(parseParameter(query.expr, isExperimental)) };
    case 'format_query':
      return { data: formatExpr(parseParameter(query.expr, isExperimental)) };
    case 'tsdb':
      return { data: cardinalities(store, query.limit) };
  }
}

function limited(items: readonly unknown[], limit: number): Computed {
  return limit > 0 && items.length > limit ? { data: items.slice(0, limit), warnings: ['results truncated due to limit'] } : { data: items };
}

function parse(text: string, isExperimental: boolean): Expr {
  const { expr, errors } = parsePromql(text, { experimental: isExperimental });
  const [error] = errors;
  if (error) throw new BadData(formatParseError(text, error));
  if (!expr) throw new BadData('no expression found in input');
  return expr;
}

function parseParameter(text: string, isExperimental: boolean): Expr {
  return namingParameter('query', () => parse(text, isExperimental));
}

/** Puts the name of a parameter before what is wrong with it; upstream's API does so in some places only. */
function namingParameter<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof BadData ? new BadData(`invalid parameter "${name}": ${error.message}`) : error;
  }
}

function matcherSets(texts: readonly string[], isExperimental: boolean): Matcher[][] {
  const sets = texts.map((text) => {
    const { selector, errors } = parseMetricSelector(text, { experimental: isExperimental });
    const [error] = errors;
    if (error) throw new BadData(formatParseError(text, error));
    return selector.matchers.map(createMatcher);
  });
  if (sets.some((matchers) => matchers.every((matcher) => matcher.matches('')))) throw new BadData('match[] must contain at least one non-empty matcher');
  return sets;
}

function seriesMatchers(texts: readonly string[], isExperimental: boolean): Matcher[][] {
  return namingParameter('match[]', () => matcherSets(texts, isExperimental));
}

type VectorSelector = Extract<Expr, { readonly type: 'vectorSelector' }>;

function selectorsOf(expr: Expr): VectorSelector['matchers'][] {
  switch (expr.type) {
    case 'vectorSelector':
      return [expr.matchers];
    case 'matrixSelector':
      return [expr.selector.matchers];
    case 'subquery':
    case 'parenExpr':
    case 'unaryExpr':
      return selectorsOf(expr.expr);
    case 'binaryExpr':
      return [...selectorsOf(expr.lhs), ...selectorsOf(expr.rhs)];
    case 'aggregation':
      return [...selectorsOf(expr.expr), ...(expr.param ? selectorsOf(expr.param) : [])];
    case 'call':
      return expr.args.flatMap(selectorsOf);
    case 'numberLiteral':
    case 'stringLiteral':
      return [];
  }
}

function metadata(store: MetricsStore, metric: string, limit: number, limitPerMetric: number): Record<string, unknown> {
  // A Map, because families have names such as constructor.
  const families = new Map<string, { type: string; help: string; unit: string }[]>();
  for (const { family, type, help, unit } of store.metadata(metric === '' ? undefined : metric)) {
    let entries = families.get(family);
    if (entries === undefined) {
      if (limit >= 0 && families.size >= limit) break;
      families.set(family, (entries = []));
    }
    if (limitPerMetric <= 0 || entries.length < limitPerMetric) entries.push({ type, help, unit });
  }
  return Object.fromEntries(families);
}

function cardinalities(store: MetricsStore, limit: number): unknown {
  const { labelCount, labelPairCount, seriesByMetric, valuesByLabel, memoryBytesByLabel, seriesByLabelPair } = store.cardinalities(limit);
  const { series, chunks, minMs, maxMs } = store.stats();
  return {
    headStats: { numSeries: series, numLabelPairs: labelPairCount, chunkCount: chunks, minTime: minMs ?? 0, maxTime: maxMs ?? 0 },
    labelCount,
    seriesCountByMetricName: seriesByMetric,
    labelValueCountByLabelName: valuesByLabel,
    memoryInBytesByLabelName: memoryBytesByLabel,
    seriesCountByLabelValuePair: seriesByLabelPair,
  };
}

/** The names of all metrics in the store. */
export const metricNames = (store: MetricsStore): readonly string[] => store.labelValues(METRIC_NAME, [], -Infinity, Infinity);
