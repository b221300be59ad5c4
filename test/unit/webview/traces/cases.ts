import type { TraceSpan } from '../../../../webview/traces/model/trace-span.ts';

/** A span of a test; times in whole nanoseconds. */
export function span(id: string, parent: string, startNs: number, endNs: number, more: Partial<TraceSpan> = {}): TraceSpan {
  return { spanId: id, parentSpanId: parent, service: 's', name: id, kind: 'internal', startNs, durationNs: endNs - startNs, isError: false, host: '', ...more };
}

/** `count` spans, each the parent of the next: as deep as a trace can be. */
export function chain(count: number): TraceSpan[] {
  return Array.from({ length: count }, (_, i) => span(`c${String(i)}`, i === 0 ? '' : `c${String(i - 1)}`, i, 2 * count - i));
}

/** One root with `count - 1` children, one after the other, all of one service and kind of name. */
export function fan(count: number): TraceSpan[] {
  const root = span('root', '', 0, count * 10);
  return [root, ...Array.from({ length: count - 1 }, (_, i) => span(`f${String(i)}`, 'root', i * 10, i * 10 + 9, { name: `step.${String(i)}` }))];
}
