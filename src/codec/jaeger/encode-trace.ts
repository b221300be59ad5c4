import type { AttributeValue, Attributes } from '../../model/attributes.ts';
import type { Span } from '../../model/span.ts';

/** A tag or log field of Jaeger's JSON. */
interface JaegerTag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64' | 'binary';
  readonly value: string | number | boolean;
}

/** A problem in an answer of Jaeger's query API. */
export interface JaegerError {
  readonly code?: number;
  readonly msg: string;
  readonly traceID?: string;
}

/**
 * The envelope of Jaeger's query API (jaegertracing/jaeger cmd/query http_handler.go: structuredResponse). Without data of its own, an
 * answer has `data: null`.
 */
export function encodeJaegerAnswer(data: unknown, total = 0, errors: readonly JaegerError[] = []): Uint8Array {
  return Buffer.from(JSON.stringify({ data, total, limit: 0, offset: 0, errors: errors.length === 0 ? null : errors }));
}

/**
 * One trace as Jaeger's JSON has it (jaegertracing/jaeger model/json): `{traceID, spans, processes, warnings}`. Times are microseconds.
 */
export function jaegerTraceOf(traceId: string, spans: readonly Span[]): unknown {
  const processes = new Map<string, { readonly id: string; readonly process: unknown }>();
  const encoded = spans.map((span) => encodeSpan(span, processes));
  return { traceID: traceId, spans: encoded, processes: Object.fromEntries([...processes.values()].map(({ id, process }) => [id, process])), warnings: null };
}

function encodeSpan(span: Span, processes: Map<string, { readonly id: string; readonly process: unknown }>): unknown {
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    flags: span.flags & 0xff,
    operationName: span.name,
    references: [
      ...(span.parentSpanId === '' ? [] : [{ refType: 'CHILD_OF', traceID: span.traceId, spanID: span.parentSpanId }]),
      ...span.links.map((link) => ({ refType: 'FOLLOWS_FROM', traceID: link.traceId, spanID: link.spanId })),
    ],
    startTime: Number(span.startUnixNano / 1000n),
    duration: Number((span.endUnixNano - span.startUnixNano) / 1000n),
    tags: [...spanTags(span), ...encodeTags(span.attributes)],
    logs: span.events.map((event) => ({
      timestamp: Number(event.timeUnixNano / 1000n),
      fields: [{ key: 'event', type: 'string', value: event.name }, ...encodeTags(event.attributes)],
    })),
    processID: processId(span, processes),
    warnings: null,
  };
}

/** What OpenTelemetry keeps in fields and Jaeger in tags (opentelemetry-specification trace/sdk_exporters/jaeger). */
function spanTags(span: Span): JaegerTag[] {
  const tags: JaegerTag[] = [];
  const add = (key: string, value: string): void => void tags.push({ key, type: 'string', value });
  if (span.scope.name !== '') add('otel.scope.name', span.scope.name);
  if (span.scope.version !== '') add('otel.scope.version', span.scope.version);
  if (span.kind !== 'unspecified') add('span.kind', span.kind);
  if (span.status === 'error') tags.push({ key: 'error', type: 'bool', value: true });
  if (span.status !== 'unset') add('otel.status_code', span.status.toUpperCase());
  if (span.statusMessage !== '') add('otel.status_description', span.statusMessage);
  if (span.traceState !== '') add('w3c.tracestate', span.traceState);
  return tags;
}

function processId(span: Span, processes: Map<string, { readonly id: string; readonly process: unknown }>): string {
  const service = span.resource.attributes.get('service.name');
  const tags = encodeTags(new Map([...span.resource.attributes].filter(([key]) => key !== 'service.name')));
  const process = { serviceName: typeof service === 'string' ? service : 'unknown_service', tags };
  const key = JSON.stringify(process);
  let entry = processes.get(key);
  if (!entry) processes.set(key, (entry = { id: `p${processes.size + 1}`, process }));
  return entry.id;
}

function encodeTags(attributes: Attributes): JaegerTag[] {
  return [...attributes].map(([key, value]) => encodeTag(key, value));
}

function encodeTag(key: string, value: AttributeValue): JaegerTag {
  if (typeof value === 'string') return { key, type: 'string', value };
  if (typeof value === 'boolean') return { key, type: 'bool', value };
  if (typeof value === 'number') return { key, type: Number.isInteger(value) ? 'int64' : 'float64', value };
  // JSON has no integers beyond 2^53: Jaeger's clients read these from a string.
  if (typeof value === 'bigint') return { key, type: 'int64', value: value.toString() };
  if (value instanceof Uint8Array) return { key, type: 'binary', value: Buffer.from(value).toString('base64') };
  return { key, type: 'string', value: JSON.stringify(value, plain) };
}

/** For JSON.stringify: integers beyond 2^53 and bytes as text. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
