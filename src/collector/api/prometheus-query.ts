import type { ApiQuery, QueryOptions } from '../metrics-calls.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { errorAnswer, type HttpAnswer } from './http-answer.ts';
import { parseDurationMs, parseInteger, parseTimeMs } from './parameters.ts';
import type { ApiRequest, ApiRoute } from './router.ts';

/** How many points a series may have in a range query (prometheus/web/api/v1). */
const MAX_POINTS = 11_000;

/** The bounds that stand for "all of time" where a request gives none, ms. */
const ALL_TIME = { startMs: -9_223_309_901_257_974, endMs: 9_223_309_901_257_974 };

type Parsed = Result<ApiQuery, string>;

/**
 * The query side of Prometheus's HTTP API (version 3.5): same paths, parameters, status codes and JSON.
 * Parameters are read here; the metrics worker computes and serialises.
 */
export function prometheusQueryRoutes(run: (query: ApiQuery, signal: AbortSignal) => Promise<HttpAnswer>, nowMs: () => number): readonly ApiRoute[] {
  const route = (path: string, read: (request: ApiRequest) => Parsed, methods: ApiRoute['methods'] = ['GET', 'POST']): ApiRoute => ({
    methods,
    path,
    handle(request) {
      const query = read(request);
      return query.ok ? run(query.value, request.signal) : errorAnswer('bad_data', query.error);
    },
  });
  return [
    route('/api/v1/query', (request) => readInstant(request.params, nowMs())),
    route('/api/v1/query_range', (request) => readRange(request.params, nowMs())),
    route('/api/v1/query_exemplars', ({ params }) => {
      const range = readBounds(params);
      if (!range.ok) return range;
      if (range.value.endMs < range.value.startMs) return fail('end timestamp must not be before start timestamp');
      return ok({ kind: 'exemplars', expr: params.get('query') ?? '', ...range.value });
    }),
    route('/api/v1/series', ({ params }) => (params.has('match[]') ? readSelection('series', params) : fail('no match[] parameter provided'))),
    route('/api/v1/labels', ({ params }) => readSelection('labels', params)),
    route('/api/v1/label/:name/values', ({ params, segments }) => {
      const name = unescapeLabelName(segments['name'] ?? '');
      if (name === '') return fail('invalid label name: ""');
      const selection = readSelection('labels', params);
      if (!selection.ok || selection.value.kind !== 'labels') return selection;
      return ok({ ...selection.value, kind: 'label_values', name });
    }, ['GET']),
    route('/api/v1/metadata', ({ params }) => {
      const limit = readInteger(params, 'limit', -1);
      const limitPerMetric = readInteger(params, 'limit_per_metric', -1);
      if (!limit.ok) return fail('limit must be a number');
      if (!limitPerMetric.ok) return fail('limit_per_metric must be a number');
      return ok({ kind: 'metadata', metric: params.get('metric') ?? '', limit: limit.value, limitPerMetric: limitPerMetric.value });
    }, ['GET']),
    route('/api/v1/parse_query', ({ params }) => ok({ kind: 'parse_query', expr: params.get('query') ?? '' })),
    route('/api/v1/format_query', ({ params }) => ok({ kind: 'format_query', expr: params.get('query') ?? '' })),
    route('/api/v1/status/tsdb', ({ params }) => {
      const limit = readInteger(params, 'limit', 10);
      return limit.ok && limit.value > 0 ? ok({ kind: 'tsdb', limit: limit.value }) : fail('limit must be a positive number');
    }, ['GET']),
  ];
}

function readInstant(params: URLSearchParams, nowMs: number): Parsed {
  const limit = readLimit(params);
  if (!limit.ok) return limit;
  const time = readTime(params, 'time', nowMs);
  if (!time.ok) return time;
  const options = readOptions(params, limit.value, nowMs);
  if (!options.ok) return options;
  return ok({ kind: 'query', expr: params.get('query') ?? '', timeMs: time.value, options: options.value });
}

// The order of the checks is upstream's, so that of several mistakes the same one is named.
function readRange(params: URLSearchParams, nowMs: number): Parsed {
  const limit = readLimit(params);
  if (!limit.ok) return limit;
  const start = parseTimeMs(params.get('start') ?? '');
  if (!start.ok) return fail(`invalid parameter "start": ${start.error}`);
  const end = parseTimeMs(params.get('end') ?? '');
  if (!end.ok) return fail(`invalid parameter "end": ${end.error}`);
  if (end.value < start.value) return fail('invalid parameter "end": end timestamp must not be before start time');
  const step = parseDurationMs(params.get('step') ?? '');
  if (!step.ok) return fail(`invalid parameter "step": ${step.error}`);
  if (step.value <= 0) return fail('invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer');
  if (Math.trunc((end.value - start.value) / step.value) > MAX_POINTS) {
    return fail('exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)');
  }
  const options = readOptions(params, limit.value, nowMs);
  if (!options.ok) return options;
  // Steps are whole ms. Upstream divides by zero where nothing is left of a step; here it is the smallest one.
  const stepMs = Math.max(1, Math.trunc(step.value));
  return ok({ kind: 'query_range', expr: params.get('query') ?? '', startMs: start.value, endMs: end.value, stepMs, options: options.value });
}

function readOptions(params: URLSearchParams, limit: number, nowMs: number): Result<QueryOptions, string> {
  const timeout = readDuration(params, 'timeout');
  if (!timeout.ok) return fail(`invalid parameter "timeout": ${timeout.error}`);
  const lookback = readDuration(params, 'lookback_delta');
  if (!lookback.ok) return fail(`error parsing lookback delta duration: ${lookback.error}`);
  const stats = params.get('stats') ?? '';
  return ok({
    timeoutMs: timeout.value,
    arrivedMs: nowMs,
    lookbackMs: lookback.value,
    limit,
    stats: stats === '' ? '' : stats === 'all' ? 'all' : 'basic',
    explain: params.get('explain') === 'true',
  });
}

function readSelection(kind: 'series' | 'labels', params: URLSearchParams): Parsed {
  const limit = readLimit(params);
  if (!limit.ok) return limit;
  const bounds = readBounds(params);
  if (!bounds.ok) return bounds;
  return ok({ kind, matchers: params.getAll('match[]'), limit: limit.value, ...bounds.value });
}

function readBounds(params: URLSearchParams): Result<{ readonly startMs: number; readonly endMs: number }, string> {
  const start = readTime(params, 'start', ALL_TIME.startMs);
  if (!start.ok) return start;
  const end = readTime(params, 'end', ALL_TIME.endMs);
  return end.ok ? ok({ startMs: start.value, endMs: end.value }) : end;
}

/** A time that may be missing. */
function readTime(params: URLSearchParams, name: string, missing: number): Result<number, string> {
  const text = params.get(name) ?? '';
  if (text === '') return ok(missing);
  const time = parseTimeMs(text);
  return time.ok ? time : fail(`invalid parameter "${name}": invalid time value for '${name}': ${time.error}`);
}

function readDuration(params: URLSearchParams, name: string): Result<number | undefined, string> {
  const text = params.get(name) ?? '';
  return text === '' ? ok(undefined) : parseDurationMs(text);
}

function readInteger(params: URLSearchParams, name: string, missing: number): Result<number, string> {
  const text = params.get(name) ?? '';
  return text === '' ? ok(missing) : parseInteger(text);
}

/** The `limit` of an answer, 0 for none. */
function readLimit(params: URLSearchParams): Result<number, string> {
  const limit = readInteger(params, 'limit', 0);
  if (!limit.ok) return fail(`invalid parameter "limit": ${limit.error}`);
  return limit.value < 0 ? fail('invalid parameter "limit": limit must be non-negative') : limit;
}

/** Undoes the `U__` escaping that clients use for names that do not fit into a path (prometheus/common model.UnescapeName). */
function unescapeLabelName(name: string): string {
  if (!name.startsWith('U__')) return name;
  return name.slice(3).replace(/__|_([0-9A-Fa-f]{1,6})_/g, (all, hex: string | undefined) => (hex === undefined ? '_' : (codePoint(hex) ?? all)));
}

function codePoint(hex: string): string | undefined {
  const code = Number.parseInt(hex, 16);
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : undefined;
}
