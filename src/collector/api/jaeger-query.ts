import { parseGoDurationNano } from '../../base/go-duration.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { encodeJaegerAnswer } from '../../codec/jaeger/encode-trace.ts';
import type { JaegerAnswer, JaegerQuery } from '../events/jaeger-queries.ts';
import type { HttpAnswer } from './http-answer.ts';
import type { ApiRequest, ApiRoute } from './router.ts';

/** What a search goes back without a start, and dependencies without a lookback (cmd/query: 2 days and 24 hours). */
const SEARCH_LOOKBACK_NANO = 172_800_000_000_000n;
const DEPENDENCY_LOOKBACK_MS = 86_400_000;
const DEFAULT_LIMIT = 100;

/** More traces than this in one answer would not be read by anybody. */
const LARGEST_LIMIT = 1500;

type Parsed = Result<JaegerQuery, string>;

/**
 * Jaeger's query API (jaegertracing/jaeger cmd/query: http_handler.go and query_parser.go): same paths, parameters, JSON, and words of
 * errors. Parameters are read here; the events worker answers.
 */
export function jaegerQueryRoutes(run: (query: JaegerQuery, signal: AbortSignal) => Promise<JaegerAnswer>, nowMs: () => number): readonly ApiRoute[] {
  const route = (path: string, read: (request: ApiRequest) => Parsed): ApiRoute => ({
    methods: ['GET'],
    path,
    async handle(request): Promise<HttpAnswer> {
      const query = read(request);
      const answer = query.ok ? await run(query.value, request.signal) : { status: 400, body: encodeJaegerAnswer(null, 0, [{ code: 400, msg: query.error }]) };
      return { status: answer.status, contentType: 'application/json', body: answer.body };
    },
  });
  return [
    route('/api/services', () => ok({ kind: 'services' })),
    route('/api/services/:service/operations', ({ segments }) => ok({ kind: 'operation_names', service: segments['service'] ?? '' })),
    route('/api/operations', ({ params }) => {
      const service = params.get('service') ?? '';
      return service === '' ? fail("parameter 'service' is required") : ok({ kind: 'operations', service, spanKind: params.get('spanKind') ?? '' });
    }),
    route('/api/traces', ({ params }) => readSearch(params, nowMs())),
    route('/api/traces/:id', ({ segments }) => {
      const traceId = readTraceId(segments['id'] ?? '');
      return traceId.ok ? ok({ kind: 'trace', traceId: traceId.value }) : traceId;
    }),
    route('/api/dependencies', ({ params }) => readDependencies(params, nowMs())),
  ];
}

function readSearch(params: URLSearchParams, nowMs: number): Parsed {
  const nowNano = BigInt(nowMs) * 1_000_000n;
  const from = readInteger(params, 'start');
  if (!from.ok) return from;
  const to = readInteger(params, 'end');
  if (!to.ok) return to;
  const tags = readTags(params);
  if (!tags.ok) return tags;
  const limitText = params.get('limit') ?? '';
  if (limitText !== '' && !/^[+-]?\d{1,9}$/.test(limitText)) return fail(syntaxError('limit', limitText));
  const min = readDuration(params, 'minDuration');
  if (!min.ok) return min;
  const max = readDuration(params, 'maxDuration');
  if (!max.ok) return max;
  const traceIds: string[] = [];
  for (const text of params.getAll('traceID')) {
    const traceId = readTraceId(text);
    if (!traceId.ok) return fail(`cannot parse traceID param: ${traceId.error}`);
    traceIds.push(traceId.value);
  }
  if (traceIds.length > 0) return ok({ kind: 'traces', traceIds });
  const service = params.get('service') ?? '';
  if (service === '') return fail("parameter 'service' is required");
  if (min.value !== 0 && max.value !== 0 && max.value < min.value) return fail("'maxDuration' should be greater than 'minDuration'");
  const limit = limitText === '' ? DEFAULT_LIMIT : Number(limitText);
  return ok({
    kind: 'search',
    search: {
      service,
      operation: params.get('operation') ?? '',
      tags: tags.value,
      fromUnixNano: notNegative(from.value === undefined ? nowNano - SEARCH_LOOKBACK_NANO : from.value * 1000n),
      toUnixNano: notNegative(to.value === undefined ? nowNano : to.value * 1000n),
      minDurationNano: min.value,
      maxDurationNano: max.value,
      limit: Math.min(Math.max(limit, 1), LARGEST_LIMIT),
    },
  });
}

function readDependencies(params: URLSearchParams, nowMs: number): Parsed {
  const end = readInteger(params, 'endTs');
  if (!end.ok) return end;
  const lookback = readInteger(params, 'lookback');
  if (!lookback.ok) return lookback;
  const endMs = end.value ?? BigInt(nowMs);
  const startMs = endMs - (lookback.value ?? BigInt(DEPENDENCY_LOOKBACK_MS));
  return ok({
    kind: 'dependencies',
    fromUnixNano: notNegative(startMs * 1_000_000n),
    toUnixNano: notNegative((endMs + 1n) * 1_000_000n),
    service: params.get('service') ?? '',
  });
}

function readTags(params: URLSearchParams): Result<readonly (readonly [string, string])[], string> {
  const tags = new Map<string, string>();
  for (const tag of params.getAll('tag')) {
    const colon = tag.indexOf(':');
    if (colon < 0) return fail(`malformed 'tag' parameter, expecting key:value, received: ${tag}`);
    tags.set(tag.slice(0, colon), tag.slice(colon + 1));
  }
  for (const json of params.getAll('tags')) {
    const entries = readTextMap(json);
    if (!entries.ok) return fail(`malformed 'tags' parameter, cannot unmarshal JSON: ${entries.error}`);
    for (const [key, value] of entries.value) tags.set(key, value);
  }
  return ok([...tags]);
}

function readTextMap(json: string): Result<readonly (readonly [string, string])[], string> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  if (value === null) return ok([]);
  if (typeof value !== 'object' || Array.isArray(value)) return fail('the JSON is not an object of texts');
  const pairs: (readonly [string, string])[] = [];
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') return fail(`the value of ${JSON.stringify(key)} is not a text`);
    pairs.push([key, text]);
  }
  return ok(pairs);
}

function readInteger(params: URLSearchParams, name: string): Result<bigint | undefined, string> {
  const text = params.get(name) ?? '';
  if (text === '') return ok(undefined);
  return /^[+-]?\d{1,18}$/.test(text) ? ok(BigInt(text.replace(/^\+/, ''))) : fail(syntaxError(name, text));
}

function readDuration(params: URLSearchParams, name: string): Result<number, string> {
  const text = params.get(name) ?? '';
  if (text === '') return ok(0);
  const durationNano = parseGoDurationNano(text);
  return durationNano === undefined ? fail(`unable to parse param '${name}': time: invalid duration ${JSON.stringify(text)}`) : ok(durationNano);
}

/** Jaeger's ids are numbers in hex: leading zeros may be missing. */
function readTraceId(text: string): Result<string, string> {
  if (text.length > 32) return fail(`TraceID cannot be longer than 32 hex characters: ${text}`);
  return /^[0-9a-fA-F]+$/.test(text) ? ok(text.toLowerCase().padStart(32, '0')) : fail(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
}

const syntaxError = (name: string, text: string): string => `unable to parse param '${name}': strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;

const notNegative = (value: bigint): bigint => (value < 0n ? 0n : value);
