import type { Resource, Scope } from '../../model/attributes.ts';
import type { Span, SpanEvent, SpanLink } from '../../model/span.ts';
import { readJsonRoot, type JsonNode } from './json-reader.ts';
import { readJsonAttributes, walkJsonRecords } from './json-values.ts';
import type { Rejections } from './otlp-result.ts';
import { idOrNone, SPAN_KINDS, SPAN_STATUSES, spanIdProblem } from './span-names.ts';

const KIND_NAMES = SPAN_KINDS.map((kind) => kind.toUpperCase());
const STATUS_NAMES = SPAN_STATUSES.map((status) => status.toUpperCase());

/** Reads an ExportTraceServiceRequest in JSON. Throws OtlpJsonError. */
export function readTracesJson(body: Uint8Array, rejections: Rejections): Span[] {
  const spans: Span[] = [];
  const names = { groups: 'resourceSpans', scopes: 'scopeSpans', records: 'spans' };
  walkJsonRecords(readJsonRoot(body), names, (node, resource, scope) => {
    const span = readSpan(node, resource, scope);
    const problem = spanIdProblem(span.traceId, span.spanId, span.parentSpanId);
    if (problem) rejections.add(problem);
    else spans.push(span);
  });
  return spans;
}

function readSpan(node: JsonNode, resource: Resource, scope: Scope): Span {
  const status = node.node('status');
  return {
    traceId: node.hex('traceId'),
    spanId: node.hex('spanId'),
    parentSpanId: idOrNone(node.hex('parentSpanId')),
    traceState: node.string('traceState'),
    flags: node.integer('flags') >>> 0,
    name: node.string('name'),
    kind: SPAN_KINDS[node.enum('kind', 'SPAN_KIND_', KIND_NAMES)]!,
    startUnixNano: BigInt.asUintN(64, node.bigint('startTimeUnixNano')),
    endUnixNano: BigInt.asUintN(64, node.bigint('endTimeUnixNano')),
    status: status ? SPAN_STATUSES[status.enum('code', 'STATUS_CODE_', STATUS_NAMES)]! : 'unset',
    statusMessage: status ? status.string('message') : '',
    attributes: readJsonAttributes(node, 'attributes'),
    events: Array.from(node.nodes('events'), readEvent),
    links: Array.from(node.nodes('links'), readLink),
    droppedAttributes: node.integer('droppedAttributesCount') >>> 0,
    droppedEvents: node.integer('droppedEventsCount') >>> 0,
    droppedLinks: node.integer('droppedLinksCount') >>> 0,
    resource,
    scope,
  };
}

function readEvent(node: JsonNode): SpanEvent {
  return {
    timeUnixNano: BigInt.asUintN(64, node.bigint('timeUnixNano')),
    name: node.string('name'),
    attributes: readJsonAttributes(node, 'attributes'),
  };
}

function readLink(node: JsonNode): SpanLink {
  return {
    traceId: node.hex('traceId'),
    spanId: node.hex('spanId'),
    traceState: node.string('traceState'),
    attributes: readJsonAttributes(node, 'attributes'),
  };
}
