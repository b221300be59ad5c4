import type { SpanDetail, TraceDetail } from '../../protocol/traces.ts';
import { formatSeconds } from '../format.ts';

/** Whether what a request with this `spanId` as its parent caused has arrived: the span of the service that took it. */
export const hasArrived = (trace: TraceDetail, spanId: string): boolean => trace.spans.some(({ parentSpanId }) => parentSpanId === spanId);

/** A trace as text: one line a span, indented by depth, in the order of their start. */
export function traceText(trace: TraceDetail): string {
  const ids = new Set(trace.spans.map(({ spanId }) => spanId));
  const children = Map.groupBy(trace.spans, ({ parentSpanId }) => (ids.has(parentSpanId) ? parentSpanId : ''));
  const lines: string[] = [];
  const shown = new Set<string>();
  const pending = (children.get('') ?? []).map((span) => ({ span, depth: 0 })).reverse();
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { span, depth } = next;
    // A ring of parents must not hold us.
    if (shown.has(span.spanId)) continue;
    shown.add(span.spanId);
    lines.push(`${'  '.repeat(depth)}${spanText(span, trace)}`);
    for (const child of (children.get(span.spanId) ?? []).toReversed()) pending.push({ span: child, depth: depth + 1 });
  }
  return [`trace ${trace.traceId} · ${formatSeconds(trace.durationNano / 1e9)} · ${trace.spans.length} spans`, '', ...lines, ''].join('\n');
}

function spanText(span: SpanDetail, trace: TraceDetail): string {
  const service = trace.resources[span.resource]?.service ?? 'unknown_service';
  const error = span.status === 'error' ? ` ✕ ${span.statusMessage}`.trimEnd() : '';
  return `${service} ${span.name} · ${formatSeconds(span.durationNano / 1e9)} after ${formatSeconds(span.offsetNano / 1e9)}${error}`;
}
