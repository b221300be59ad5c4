import type { JsonAttributes, JsonValue } from '../../../src/protocol/telemetry.ts';
import type { SpanDetail, TraceDetail } from '../../../src/protocol/traces.ts';
import { criticalPath, type CriticalSection } from './critical-path.ts';
import { findFolds, type Fold } from './folds.ts';
import { selfTimes } from './self-time.ts';
import { SpanSearch } from './span-search.ts';
import { buildSpanTree, type SpanTree } from './span-tree.ts';
import type { TimeRange } from './time-scale.ts';
import type { TraceSpan } from './trace-span.ts';

/** An opened trace with all that is computed of it. Positions are places in the tree. */
export interface TraceDocument {
  readonly detail: TraceDetail;
  readonly tree: SpanTree;
  /** The span as it was received, by place. */
  readonly details: readonly SpanDetail[];
  readonly selfNs: Float64Array;
  readonly folds: readonly Fold[];
  /** Sections of the critical path by span. */
  readonly critical: ReadonlyMap<number, readonly CriticalSection[]>;
  readonly search: SpanSearch;
  readonly whole: TimeRange;
  /** By number of spans, the most first. */
  readonly services: readonly string[];
}

/** Attributes that name the machine whose clock a resource used. */
const HOST_KEYS = ['host.id', 'host.name', 'container.id', 'k8s.pod.uid', 'ip'];

/** Computes everything of a trace; tens of milliseconds each step at 50,000 spans. */
export function openDocument(detail: TraceDetail, isSkewCorrected: boolean): TraceDocument {
  const hosts = detail.resources.map(({ attributes }) => HOST_KEYS.map((key) => attributes[key]).find((value) => typeof value === 'string') ?? '');
  const counts = new Map<string, number>();
  const detailOf = new Map<TraceSpan, SpanDetail>();
  const input = detail.spans.map((span): TraceSpan => {
    const service = detail.resources[span.resource]?.service ?? 'unknown_service';
    counts.set(service, (counts.get(service) ?? 0) + 1);
    const one = {
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      service,
      name: span.name,
      kind: span.kind,
      startNs: span.offsetNano,
      durationNs: span.durationNano,
      isError: span.status === 'error',
      host: hosts[span.resource] ?? '',
    };
    detailOf.set(one, span);
    return one;
  });
  const tree = buildSpanTree(input, isSkewCorrected);
  const details = tree.spans.map((span) => detailOf.get(span)!);
  return {
    detail,
    tree,
    details,
    selfNs: selfTimes(tree),
    folds: findFolds(tree),
    critical: groupSections(criticalPath(tree)),
    search: new SpanSearch(details.length, (place) => searchText(tree.spans[place]!, details[place]!)),
    whole: { fromNs: tree.fromNs, toNs: Math.max(tree.toNs, tree.fromNs + 1) },
    services: [...counts].sort((a, b) => b[1] - a[1]).map(([service]) => service),
  };
}

/** A value as one line of text. */
export function valueText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function searchText(span: TraceSpan, detail: SpanDetail): string {
  const parts = [span.service, span.name, span.spanId, detail.statusMessage];
  const add = (attributes: JsonAttributes): void => {
    for (const [key, value] of Object.entries(attributes)) parts.push(`${key}=${valueText(value)}`);
  };
  add(detail.attributes);
  for (const { name, attributes } of detail.events) {
    parts.push(name);
    add(attributes);
  }
  return parts.join('\n');
}

function groupSections(sections: readonly CriticalSection[]): Map<number, CriticalSection[]> {
  const bySpan = new Map<number, CriticalSection[]>();
  for (const section of sections) {
    const list = bySpan.get(section.index);
    if (list) list.push(section);
    else bySpan.set(section.index, [section]);
  }
  return bySpan;
}
