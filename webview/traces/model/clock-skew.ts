import type { TraceSpan } from './trace-span.ts';

/**
 * Shifts of start times, in nanoseconds, that put each span of another host inside its parent, by the rule of Jaeger's
 * clock-skew adjuster: a child that does not fit is centred in its parent (the network takes as long there as back);
 * one that lasts longer than its parent is only kept from starting before it; its descendants of the same host move along.
 * Unlike Jaeger's, an unknown host counts as the parent's: on one machine there is one clock.
 * `order` lists parents before their children; `parent` is -1 for roots.
 */
export function clockSkew(spans: readonly TraceSpan[], parent: Int32Array, order: Int32Array): Float64Array {
  const shift = new Float64Array(spans.length);
  const hosts: string[] = new Array<string>(spans.length);
  for (const i of order) {
    const span = spans[i]!;
    const above = parent[i]!;
    if (above === -1) {
      hosts[i] = span.host;
      continue;
    }
    const host = span.host === '' ? hosts[above]! : span.host;
    hosts[i] = host;
    shift[i] = host === hosts[above] || hosts[above] === '' ? shift[above]! : shiftInto(spans[above]!, shift[above]!, span);
  }
  return shift;
}

function shiftInto(parent: TraceSpan, parentShift: number, child: TraceSpan): number {
  const parentStart = parent.startNs + parentShift;
  if (child.durationNs > parent.durationNs) return Math.max(0, parentStart - child.startNs);
  const isInside = child.startNs >= parentStart && child.startNs + child.durationNs <= parentStart + parent.durationNs;
  return isInside ? 0 : parentStart - child.startNs + (parent.durationNs - child.durationNs) / 2;
}
