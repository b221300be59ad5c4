import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeRpcStatus, OTLP_MEDIA_TYPES } from '../../codec/otlp/otlp-response.ts';
import type { OtlpFormat, OtlpSignal } from '../../codec/otlp/otlp-result.ts';
import { refuse, type Refusal, type RefusalCode } from '../receive-errors.ts';
import { BodyBudget } from './body-budget.ts';
import { checkCaller } from './check-caller.ts';
import { DEFAULT_BODY_LIMITS, readBody, type BodyLimits } from './read-body.ts';
import { sendAnswer, type HttpAnswer } from './send-answer.ts';

/** What a worker made of a pushed body; see ingest-otlp.ts. */
export interface PushAnswer extends HttpAnswer {
  /** The code of a refusal, '' when the body was taken (perhaps in part). */
  readonly refusal: RefusalCode | '';
}

/** Takes a body as it came, still compressed; the memory is the sink's, to transfer to a worker. */
export type OtlpPush = (body: Uint8Array, format: OtlpFormat, encoding: string) => Promise<PushAnswer>;

/** Where received telemetry goes, by signal. */
export type OtlpSink = Readonly<Record<OtlpSignal, OtlpPush>>;

/** What the routes need besides the sink. */
export interface OtlpRouteOptions {
  /** The address that the server is bound to, for the Host check. */
  readonly boundAddress: string;
  readonly limits?: BodyLimits;
  /** Shared with other receivers; default 128 MiB for these routes alone. Beyond it senders get a 503. */
  readonly budget?: BodyBudget;
  /** Called once for every refused request. */
  readonly onRefusal?: (signal: OtlpSignal, code: RefusalCode) => void;
  /** Called when the sink rejects: an error of ours, not the sender's. */
  readonly onError?: (error: unknown) => void;
}

const ROUTES: ReadonlyMap<string, OtlpSignal> = new Map([['/v1/traces', 'traces'], ['/v1/metrics', 'metrics'], ['/v1/logs', 'logs']]);
const FORMATS: ReadonlyMap<string, OtlpFormat> = new Map([['application/x-protobuf', 'protobuf'], ['application/json', 'json']]);
const DEFAULT_BUDGET_BYTES = 128 * 1024 * 1024;

/**
 * OTLP over HTTP (opentelemetry-proto docs/specification.md): handles a request to `/v1/{traces,metrics,logs}` and resolves to true,
 * or to false when the path is another. Answers in the request's format; pages of this machine are let in by CORS.
 */
export function createOtlpHttpRoutes(
  sink: OtlpSink,
  options: OtlpRouteOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  const limits = options.limits ?? DEFAULT_BODY_LIMITS;
  const budget = options.budget ?? new BodyBudget(DEFAULT_BUDGET_BYTES);

  const receive = async (request: IncomingMessage, signal: OtlpSignal, format: OtlpFormat): Promise<PushAnswer | Refusal> => {
    const body = await readBody(request, limits, budget);
    if (!body.ok) return body.error;
    // Read now: the memory is the sink's from here on.
    const sizeBytes = body.value.length;
    try {
      return await sink[signal](body.value, format, request.headers['content-encoding'] ?? '');
    } catch (error) {
      options.onError?.(error);
      return refuse('internal', error instanceof Error ? error.message : String(error));
    } finally {
      budget.release(sizeBytes);
    }
  };

  return async (request, response) => {
    const signal = ROUTES.get((request.url ?? '').split('?', 1)[0]!);
    if (!signal) return false;
    const origin = request.headers.origin;
    const caller = checkCaller(request.headers, options.boundAddress);
    const cors: Record<string, string> = caller || origin === undefined ? {} : { 'access-control-allow-origin': origin, vary: 'origin' };
    if (request.method === 'OPTIONS' && !caller) {
      sendAnswer(request, response, { status: 204, contentType: '', body: new Uint8Array(0), headers: { ...cors, ...PREFLIGHT } });
      return true;
    }
    const format = formatOf(request);
    const result = caller ?? precheck(request, format) ?? (await receive(request, signal, format ?? 'json'));
    const code = 'refusal' in result ? result.refusal : result.code;
    if (code !== '') options.onRefusal?.(signal, code);
    const answer = 'refusal' in result ? result : refusalAnswer(result, format ?? 'json');
    sendAnswer(request, response, { ...answer, headers: { ...answer.headers, ...cors } });
    return true;
  };
}

/** A refusal as an OTLP answer: a google.rpc.Status in the request's format. */
export function refusalAnswer(refusal: Refusal, format: OtlpFormat): PushAnswer {
  const headers: Record<string, string> = {};
  if (refusal.retryAfterSeconds !== undefined) headers['retry-after'] = String(refusal.retryAfterSeconds);
  if (refusal.status === 405) headers['allow'] = 'POST, OPTIONS';
  return {
    status: refusal.status,
    contentType: OTLP_MEDIA_TYPES[format],
    body: encodeRpcStatus(format, refusal.rpcCode, refusal.message),
    headers,
    refusal: refusal.code,
  };
}

const PREFLIGHT = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type, content-encoding, authorization, x-requested-with, traceparent, tracestate, baggage',
  'access-control-max-age': '7200',
};

function precheck(request: IncomingMessage, format: OtlpFormat | undefined): Refusal | undefined {
  if (request.method !== 'POST') return refuse('method_not_allowed', request.method ?? '');
  if (format) return undefined;
  const given = JSON.stringify((request.headers['content-type'] ?? '').slice(0, 200));
  return refuse('unsupported_media_type', `${given}; send application/x-protobuf or application/json`);
}

function formatOf(request: IncomingMessage): OtlpFormat | undefined {
  return FORMATS.get((request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase());
}
