import { encodeJaegerAnswer, jaegerTraceOf, type JaegerError } from '../../codec/jaeger/encode-trace.ts';
import type { SpanKind } from '../../model/span.ts';
import type { EventsStore } from '../../store/events/events-store.ts';
import type { AttributeCondition, SpanFilter } from '../../store/events/query/query-types.ts';

/** A question of Jaeger's query API, its parameters read. Times in nanoseconds since the Unix epoch. */
export type JaegerQuery =
  | { readonly kind: 'services' }
  | { readonly kind: 'operation_names'; readonly service: string }
  | { readonly kind: 'operations'; readonly service: string; readonly spanKind: string }
  | { readonly kind: 'trace'; readonly traceId: string }
  | { readonly kind: 'traces'; readonly traceIds: readonly string[] }
  | { readonly kind: 'search'; readonly search: JaegerSearch }
  | { readonly kind: 'dependencies'; readonly fromUnixNano: bigint; readonly toUnixNano: bigint; readonly service: string };

/** Which traces to find. */
export interface JaegerSearch {
  readonly service: string;
  /** '' for every operation. */
  readonly operation: string;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
  /** 0 for none. */
  readonly minDurationNano: number;
  /** 0 for none. */
  readonly maxDurationNano: number;
  readonly limit: number;
}

/** An answer as JSON. */
export interface JaegerAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

const SPAN_KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

/** How long the kind of an operation is looked for; then it is listed without one. */
const KIND_BUDGET_MS = 100;

const MOST_KNOWN_KINDS = 10_000;

/** Answers a question of Jaeger's query API from the store (jaegertracing/jaeger cmd/query http_handler.go). */
export function answerJaeger(store: EventsStore, query: JaegerQuery): JaegerAnswer {
  switch (query.kind) {
    case 'services':
      return listAnswer([...new Set(store.operations().map(({ service }) => service))]);
    case 'operation_names':
      return listAnswer(operationNames(store, query.service));
    case 'operations':
      return listAnswer(operationNames(store, query.service).flatMap((name) => kindsOf(store, query.service, name, query.spanKind)));
    case 'trace': {
      const spans = store.getTrace(query.traceId);
      if (spans.length === 0) return { status: 404, body: encodeJaegerAnswer(null, 0, [{ code: 404, msg: 'trace not found' }]) };
      return { status: 200, body: encodeJaegerAnswer([jaegerTraceOf(query.traceId, spans)]) };
    }
    case 'traces':
      return tracesAnswer(store, query.traceIds);
    case 'search':
      return tracesAnswer(store, searchTraceIds(store, query.search));
    case 'dependencies': {
      const edges = store.dependencies(query.fromUnixNano, query.toUnixNano);
      const wanted = query.service === '' ? edges : edges.filter(({ caller, callee }) => caller === query.service || callee === query.service);
      return { status: 200, body: encodeJaegerAnswer(wanted.map(({ caller, callee, callCount }) => ({ parent: caller, child: callee, callCount }))) };
    }
  }
}

function listAnswer(list: readonly unknown[]): JaegerAnswer {
  return { status: 200, body: encodeJaegerAnswer(list, list.length) };
}

function operationNames(store: EventsStore, service: string): string[] {
  return store.operations().flatMap((total) => (total.service === service ? [total.name] : []));
}

/** Kinds by service and operation that were found before: they do not change while an operation keeps its name. */
const knownKinds = new WeakMap<EventsStore, Map<string, SpanKind>>();

// The store counts operations without their kinds: without a wanted kind, that of the newest span stands for all.
function kindsOf(store: EventsStore, service: string, name: string, wanted: string): { readonly name: string; readonly spanKind: string }[] {
  const filter: SpanFilter = { services: [service], operations: [name] };
  if (wanted === '') {
    const find = (): SpanKind | undefined => store.searchSpans(filter, { limit: 1, budgetMs: KIND_BUDGET_MS }).items[0]?.kind;
    const kind = rememberKind(store, JSON.stringify([service, name]), find) ?? 'unspecified';
    return [{ name, spanKind: kind === 'unspecified' ? '' : kind }];
  }
  const kind = SPAN_KINDS.find((known) => known === wanted);
  if (kind === undefined || store.searchSpans({ ...filter, kinds: [kind] }, { limit: 1 }).items.length === 0) return [];
  return [{ name, spanKind: kind }];
}

function rememberKind(store: EventsStore, key: string, find: () => SpanKind | undefined): SpanKind | undefined {
  const kinds = knownKinds.get(store) ?? new Map<string, SpanKind>();
  knownKinds.set(store, kinds);
  const kind = kinds.get(key) ?? find();
  if (kind !== undefined && kinds.size < MOST_KNOWN_KINDS) kinds.set(key, kind);
  return kind;
}

function tracesAnswer(store: EventsStore, traceIds: readonly string[]): JaegerAnswer {
  const errors: JaegerError[] = [];
  const traces = traceIds.flatMap((traceId) => {
    const spans = store.getTrace(traceId);
    if (spans.length > 0) return [jaegerTraceOf(traceId, spans)];
    errors.push({ msg: 'trace not found', traceID: traceId });
    return [];
  });
  return { status: 200, body: encodeJaegerAnswer(traces, 0, errors) };
}

function searchTraceIds(store: EventsStore, search: JaegerSearch): string[] {
  const { service, operation, fromUnixNano, toUnixNano, minDurationNano, maxDurationNano, limit } = search;
  const filter: SpanFilter = {
    services: [service],
    operations: operation === '' ? undefined : [operation],
    fromUnixNano,
    // Jaeger's end is inclusive, and in microseconds.
    toUnixNano: toUnixNano + 1000n,
    minDurationNano: minDurationNano === 0 ? undefined : minDurationNano,
    maxDurationNano: maxDurationNano === 0 ? undefined : maxDurationNano,
    ...tagFilter(search.tags),
  };
  return store.searchTraces(filter, { limit }).items.map(({ traceId }) => traceId);
}

/** Tags that OpenTelemetry keeps in fields of the span become conditions on these; all others are attributes. */
function tagFilter(tags: JaegerSearch['tags']): SpanFilter {
  const attributes: AttributeCondition[] = [];
  const tests: NonNullable<SpanFilter['where']>[] = [];
  let fields: SpanFilter = {};
  for (const [key, value] of tags) {
    const kind = SPAN_KINDS.find((known) => known === value);
    if (key === 'error' && value === 'true') fields = { ...fields, status: 'error' };
    else if (key === 'error' && value === 'false') tests.push(({ status }) => status !== 'error');
    else if (key === 'span.kind' && kind !== undefined) fields = { ...fields, kinds: [kind] };
    else if (key === 'otel.status_code') tests.push(({ status }) => status !== 'unset' && status.toUpperCase() === value);
    else if (key === 'otel.status_description') tests.push(({ statusMessage }) => statusMessage === value);
    else if (key === 'otel.scope.name' || key === 'otel.library.name') tests.push(({ scope }) => scope.name === value);
    else if (key === 'otel.scope.version' || key === 'otel.library.version') tests.push(({ scope }) => scope.version === value);
    else if (key === 'event') tests.push(({ events }) => events.some(({ name }) => name === value));
    else attributes.push({ key, op: '=', value });
  }
  return { ...fields, attributes, ...(tests.length === 0 ? {} : { where: (span) => tests.every((test) => test(span)) }) };
}
