import { parseGoDurationNano } from '../../base/go-duration.ts';
import { parsePrometheusDuration } from '../../base/prometheus-duration.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { LokiAnswer, LokiQuery, LokiWindow } from '../events/loki-queries.ts';
import { textAnswer, type HttpAnswer } from './http-answer.ts';
import type { ApiRequest, ApiRoute } from './router.ts';

const SECOND_NANO = 1_000_000_000n;
const DEFAULT_WINDOW_NANO = 3600n * SECOND_NANO;
const LABELS_WINDOW_NANO = 6n * DEFAULT_WINDOW_NANO;
const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 50_000;
const MOST_POINTS = 11_000;

type Parsed = Result<LokiQuery, string>;

/**
 * Loki's query API (grafana/loki pkg/loghttp): same paths, parameters and JSON; errors are a line of text with status 400.
 * Parameters are read here; the events worker answers.
 */
export function lokiQueryRoutes(run: (query: LokiQuery, signal: AbortSignal) => Promise<LokiAnswer>, nowMs: () => number): readonly ApiRoute[] {
  const route = (path: string, read: (request: ApiRequest, nowUnixNano: bigint) => Parsed): ApiRoute => ({
    methods: ['GET', 'POST'],
    path,
    async handle(request): Promise<HttpAnswer> {
      const query = read(request, BigInt(nowMs()) * 1_000_000n);
      if (!query.ok) return textAnswer(query.error, 400);
      const { status, body } = await run(query.value, request.signal);
      return { status, contentType: status === 200 ? 'application/json' : 'text/plain; charset=utf-8', body };
    },
  });
  return [
    route('/loki/api/v1/query_range', readRange),
    route('/loki/api/v1/query', ({ params }, now) => {
      const time = readTime(params, 'time', now);
      return time.ok ? ok({ kind: 'query', query: params.get('query') ?? '', timeUnixNano: time.value }) : time;
    }),
    route('/loki/api/v1/labels', ({ params }, now) => {
      const window = readWindow(params, now, LABELS_WINDOW_NANO);
      return window.ok ? ok({ kind: 'labels', window: window.value }) : window;
    }),
    route('/loki/api/v1/label/:name/values', ({ params, segments }, now) => {
      const window = readWindow(params, now, LABELS_WINDOW_NANO);
      return window.ok ? ok({ kind: 'label_values', name: segments['name'] ?? '', query: params.get('query') ?? '', window: window.value }) : window;
    }),
    route('/loki/api/v1/series', ({ params }, now) => {
      const window = readWindow(params, now, LABELS_WINDOW_NANO);
      return window.ok ? ok({ kind: 'series', matches: [...params.getAll('match[]'), ...params.getAll('match')], window: window.value }) : window;
    }),
  ];
}

function readRange({ params, incoming }: ApiRequest, nowUnixNano: bigint): Parsed {
  const window = readWindow(params, nowUnixNano, DEFAULT_WINDOW_NANO);
  if (!window.ok) return window;
  const { fromUnixNano, toUnixNano } = window.value;
  const limitText = params.get('limit') ?? '';
  if (limitText !== '' && !/^\d{1,9}$/.test(limitText)) return fail(`limit must be a positive number, not ${JSON.stringify(limitText)}`);
  const limit = limitText === '' ? DEFAULT_LIMIT : Number(limitText);
  if (limit < 1 || limit > LARGEST_LIMIT) return fail(`limit must be from 1 to ${LARGEST_LIMIT}`);
  const direction = (params.get('direction') ?? '').toLowerCase();
  if (!['', 'backward', 'forward'].includes(direction)) return fail(`invalid direction '${direction}'`);
  const step = readStep(params, toUnixNano - fromUnixNano);
  if (!step.ok) return step;
  const count = Number((toUnixNano - fromUnixNano) / step.value) + 1;
  if (count > MOST_POINTS) return fail('exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter');
  return ok({
    kind: 'query_range',
    query: params.get('query') ?? '',
    window: window.value,
    grid: { startUnixNano: fromUnixNano, stepNano: step.value, count },
    limit,
    isForward: direction === 'forward',
    isCategorized: String(incoming.headers['x-loki-response-encoding-flags'] ?? '').includes('categorize-labels'),
  });
}

function readWindow(params: URLSearchParams, nowUnixNano: bigint, defaultNano: bigint): Result<LokiWindow, string> {
  const end = readTime(params, 'end', nowUnixNano);
  if (!end.ok) return end;
  const sinceText = params.get('since') ?? '';
  const since = sinceText === '' ? defaultNano : durationNanoOf(sinceText);
  if (since === undefined) return fail(`could not parse 'since' parameter: not a valid duration string: ${JSON.stringify(sinceText)}`);
  // What is in the future has not happened: "the last hour" is the hour before now.
  const start = readTime(params, 'start', (end.value > nowUnixNano ? nowUnixNano : end.value) - since);
  if (!start.ok) return start;
  if (end.value < start.value) return fail('end timestamp must not be before or equal to start time');
  return ok({ fromUnixNano: start.value < 0n ? 0n : start.value, toUnixNano: end.value });
}

/** Reads a time as Loki does: seconds with decimals, whole numbers as nanoseconds (as seconds up to ten digits), or RFC 3339. */
function readTime(params: URLSearchParams, name: string, missing: bigint): Result<bigint, string> {
  const text = params.get(name) ?? '';
  if (text === '') return ok(missing);
  if (/^\d{1,19}$/.test(text)) return ok(text.length <= 10 ? BigInt(text) * SECOND_NANO : BigInt(text));
  if (/^\d{1,12}\.\d+$/.test(text)) {
    const [seconds = '0', decimals = ''] = text.split('.');
    return ok(BigInt(seconds) * SECOND_NANO + BigInt(decimals.slice(0, 9).padEnd(9, '0')));
  }
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const ms = match ? Date.parse(`${match[1]!}${match[3]!}`) : NaN;
  if (Number.isNaN(ms)) return fail(`could not parse '${name}' parameter: ${JSON.stringify(text)} is no time`);
  return ok(BigInt(ms) * 1_000_000n + BigInt((match?.[2] ?? '').padEnd(9, '0')));
}

// Without a step, about 250 points.
function readStep(params: URLSearchParams, windowNano: bigint): Result<bigint, string> {
  const text = params.get('step') ?? '';
  if (text === '') return ok(BigInt(Math.max(Math.ceil(Number(windowNano / SECOND_NANO) / 250), 1)) * SECOND_NANO);
  const stepNano = durationNanoOf(text);
  if (stepNano === undefined) return fail(`cannot parse ${JSON.stringify(text)} to a valid duration`);
  return stepNano > 0n ? ok(stepNano) : fail('zero or negative query resolution step widths are not accepted. Try a positive integer');
}

/** Seconds as a number, or a duration of Go's or Prometheus's. */
function durationNanoOf(text: string): bigint | undefined {
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return BigInt(Math.round(Number(text) * 1e9));
  const nano = parseGoDurationNano(text);
  if (nano !== undefined) return BigInt(Math.round(nano));
  const ms = parsePrometheusDuration(text);
  return ms.ok ? BigInt(ms.value) * 1_000_000n : undefined;
}
