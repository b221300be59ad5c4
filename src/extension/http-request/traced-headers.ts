/** Under which a request can be found again. */
export interface TraceIdentity {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits; the parent of the first span of the request. */
  readonly spanId: string;
  readonly requestId: string;
}

type Headers = readonly (readonly [name: string, value: string])[];

/**
 * The headers of a traced request: W3C `traceparent` (sampled), `X-Request-ID`, and `jaeger-debug-id`, which asks samplers
 * that know it to keep the trace. What the request has already is kept, and the identity follows it.
 */
export function withTraceHeaders(headers: Headers, fresh: TraceIdentity): { readonly headers: Headers; readonly identity: TraceIdentity } {
  const find = (name: string): string | undefined => headers.find(([other]) => other.toLowerCase() === name)?.[1].trim();
  const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/.exec(find('traceparent') ?? '');
  const requestId = find('x-request-id') ?? fresh.requestId;
  const identity: TraceIdentity = { traceId: parent?.[1] ?? fresh.traceId, spanId: parent?.[2] ?? fresh.spanId, requestId };
  const added: Headers = [
    ...(parent ? [] : [['traceparent', `00-${identity.traceId}-${identity.spanId}-01`] as const]),
    ...(find('x-request-id') === undefined ? [['X-Request-ID', requestId] as const] : []),
    ...(find('jaeger-debug-id') === undefined ? [['jaeger-debug-id', requestId] as const] : []),
  ];
  // A malformed traceparent would start another trace: ours takes its place.
  return { headers: [...headers.filter(([name]) => parent !== null || name.toLowerCase() !== 'traceparent'), ...added], identity };
}
