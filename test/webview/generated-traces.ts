import type { SpanDetail, TraceDetail, TraceSummary } from '../../src/protocol/traces.ts';

/** The clock of the generated world. */
export const WORLD_MS = Date.UTC(2026, 10, 21, 13, 20);

const MS = 1e6;
const SERVICES = ['gateway', 'router', 'groq', 'cache', 'postgres'];

type Draft = Pick<SpanDetail, 'spanId' | 'parentSpanId' | 'name' | 'offsetNano' | 'durationNano'> & Partial<SpanDetail>;

function spanOf(draft: Draft): SpanDetail {
  return { kind: 'internal', status: 'unset', statusMessage: '', resource: 0, scope: 0, attributes: {}, events: [], links: [], droppedCount: 0, ...draft };
}

/** A request of a gateway as in UX.md: 26 plugin hooks, a route, and a call of a model that was refused. */
export function gatewayTrace(traceId = 'a'.repeat(32)): TraceDetail {
  const spans: SpanDetail[] = [
    spanOf({
      spanId: 'root', parentSpanId: '', name: 'POST /v1/chat', kind: 'server', offsetNano: 0, durationNano: 1_840 * MS, status: 'error', statusMessage: 'upstream refused',
      attributes: { 'http.request.method': 'POST', 'http.route': '/v1/chat', 'http.response.status_code': 429, 'request.id': 'req-42', 'code.file.path': '/app/src/gateway/handler.ts', 'code.line.number': 42, 'code.function.name': 'handle' },
    }), // prettier-ignore
  ];
  for (let i = 0; i < 24; i++) {
    spans.push(spanOf({ spanId: `plugin${String(i)}`, parentSpanId: 'root', name: `plugin.${['auth', 'cache', 'quota', 'audit'][i % 4]!}.prehook`, offsetNano: (2 + i * 0.6) * MS, durationNano: 0.5 * MS }));
  }
  spans.push(
    spanOf({ spanId: 'route', parentSpanId: 'root', name: 'route', offsetNano: 20 * MS, durationNano: 40 * MS, resource: 1 }),
    spanOf({ spanId: 'lookup', parentSpanId: 'route', name: 'GET weights', offsetNano: 25 * MS, durationNano: 20 * MS, resource: 3, kind: 'client' }),
    spanOf({
      spanId: 'chat', parentSpanId: 'root', name: 'chat llama-3.3-70b', kind: 'client', offsetNano: 80 * MS, durationNano: 1_200 * MS, resource: 2, status: 'error', statusMessage: '429 rate limited',
      attributes: {
        'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'groq', 'gen_ai.request.model': 'llama-3.3-70b', 'gen_ai.usage.input_tokens': 1_240, 'gen_ai.usage.output_tokens': 0, 'gen_ai.usage.cost': 0.000_73,
        'gen_ai.input.messages': JSON.stringify([{ role: 'system', parts: [{ type: 'text', content: 'You are brief.' }] }, { role: 'user', parts: [{ type: 'text', content: 'What is a span?' }] }]),
        'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'tool_call', name: 'search', arguments: { q: 'span' } }] }]),
      },
      events: [{ offsetNano: 1_279 * MS, name: 'exception', attributes: { 'exception.type': 'RateLimitError', 'exception.message': '429 rate limited', 'exception.stacktrace': 'RateLimitError: 429\n    at call (/app/src/gateway/upstream.ts:88:11)' } }],
      links: [{ traceId: 'b'.repeat(32), spanId: 'other', attributes: {} }],
    }), // prettier-ignore
    spanOf({ spanId: 'write', parentSpanId: 'root', name: 'INSERT request_log', kind: 'client', offsetNano: 1_300 * MS, durationNano: 300 * MS, resource: 4 }),
    spanOf({ spanId: 'lost', parentSpanId: 'gone', name: 'flush', offsetNano: 1_700 * MS, durationNano: 30 * MS, resource: 3 }),
  );
  return detail(traceId, spans, 1_840 * MS);
}

/** A trace of `count` spans, some levels deep, one in 997 of them failed. */
export function bigTrace(count: number, traceId = 'c'.repeat(32)): TraceDetail {
  const spans: SpanDetail[] = [];
  const total = count * MS;
  for (let i = 0; i < count; i++) {
    const parent = i === 0 ? -1 : i % 7 === 0 ? 0 : i - (i % 7 === 1 ? 1 : i % 3 === 0 ? 2 : 1);
    const above = parent >= 0 ? spans[parent]! : undefined;
    const offset = above === undefined ? 0 : above.parentSpanId === '' ? (i * total) / count : above.offsetNano + above.durationNano * 0.05;
    const duration = above === undefined ? total : above.parentSpanId === '' ? total / 200 : above.durationNano * 0.8;
    const isError = i % 997 === 996;
    spans.push(
      spanOf({
        spanId: `s${String(i)}`, parentSpanId: above ? above.spanId : '', name: ['handle', 'SELECT users', 'GET /items', 'serialise', 'chat llama'][i % 5]!, offsetNano: offset, durationNano: duration, resource: i % 5,
        attributes: { 'item.number': i, 'http.route': `/items/${String(i % 100)}`, ...(i === count - 3 ? { needle: 'in the haystack' } : {}) },
        ...(isError ? { status: 'error' as const, statusMessage: 'deadline exceeded' } : {}),
      }), // prettier-ignore
    );
  }
  return detail(traceId, spans, total);
}

function detail(traceId: string, spans: readonly SpanDetail[], durationNano: number): TraceDetail {
  return {
    traceId,
    startUnixNano: (BigInt(WORLD_MS) * 1_000_000n).toString(),
    durationNano,
    isPinned: false,
    resources: SERVICES.map((service) => ({ service, attributes: { 'service.name': service, 'service.version': '1.0.0' } })),
    scopes: [{ name: 'demo', version: '1', attributes: {} }],
    spans: [...spans].sort((a, b) => a.offsetNano - b.offsetNano),
  };
}

/** `count` traces of the last hour, newest first. */
export function traceSummaries(count: number): TraceSummary[] {
  return Array.from({ length: count }, (_, i): TraceSummary => {
    const errorCount = i % 9 === 4 ? 1 : 0;
    return {
      traceId: i.toString(16).padStart(32, 'd'),
      rootService: ['gateway', 'worker', 'web'][i % 3]!,
      rootName: ['POST /v1/chat', 'consume jobs', 'GET /'][i % 3]!,
      startUnixNano: (BigInt(WORLD_MS - i * 9_000) * 1_000_000n).toString(),
      durationNano: Math.round((5 + ((i * 7_919) % 1_000) ** 1.1) * MS),
      spanCount: 3 + ((i * 31) % 40),
      errorCount,
      matchCount: 1,
      services: [{ service: 'gateway', spanCount: 3, errorCount }, { service: 'groq', spanCount: 1, errorCount: 0 }],
    }; // prettier-ignore
  });
}
