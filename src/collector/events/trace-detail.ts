import type { Span } from '../../model/span.ts';
import type { TraceDetail, TraceSummary } from '../../protocol/traces.ts';
import type { TraceSummary as StoredSummary } from '../../store/events/query/query-types.ts';
import { jsonAttributes, SharedParts } from './json-telemetry.ts';

/** A trace for a window; undefined without spans. `spans` are by start time. */
export function traceDetailOf(traceId: string, spans: readonly Span[], isPinned: boolean): TraceDetail | undefined {
  const first = spans[0];
  if (first === undefined) return undefined;
  const start = first.startUnixNano;
  const shared = new SharedParts();
  let durationNano = 0;
  const details = spans.map((span) => {
    const offsetNano = Number(span.startUnixNano - start);
    const spanNano = Math.max(0, Number(span.endUnixNano - span.startUnixNano));
    durationNano = Math.max(durationNano, offsetNano + spanNano);
    return {
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      name: span.name,
      kind: span.kind,
      status: span.status,
      statusMessage: span.statusMessage,
      offsetNano,
      durationNano: spanNano,
      resource: shared.resource(span.resource),
      scope: shared.scope(span.scope),
      attributes: jsonAttributes(span.attributes),
      events: span.events.map(({ timeUnixNano, name, attributes }) => ({ offsetNano: Number(timeUnixNano - start), name, attributes: jsonAttributes(attributes) })),
      links: span.links.map((link) => ({ traceId: link.traceId, spanId: link.spanId, attributes: jsonAttributes(link.attributes) })),
      droppedCount: span.droppedAttributes + span.droppedEvents + span.droppedLinks,
    };
  });
  return { traceId, startUnixNano: start.toString(), durationNano, isPinned, resources: shared.resources, scopes: shared.scopes, spans: details };
}

/** Makes lines of a list for a window; `pinned` are the ids of the traces that are kept from eviction. */
export const traceSummaryWith =
  (pinned: ReadonlySet<string>) =>
  (summary: StoredSummary): TraceSummary => ({ ...summary, startUnixNano: summary.startUnixNano.toString(), ...(pinned.has(summary.traceId) ? { isPinned: true } : {}) });
