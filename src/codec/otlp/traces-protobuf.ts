import { tagOf, WIRE, ProtobufReader } from '../../base/protobuf-reader.ts';
import type { AttributeValue, Resource, Scope } from '../../model/attributes.ts';
import type { Span, SpanEvent, SpanLink } from '../../model/span.ts';
import { readKey } from './key-cache.ts';
import type { Rejections } from './otlp-result.ts';
import { idOrNone, SPAN_KINDS, SPAN_STATUSES, spanIdProblem } from './span-names.ts';
import { walkRecords } from './wire-groups.ts';
import { NO_ATTRIBUTES, readHex, readKeyValue } from './wire-values.ts';

const TRACE_ID = tagOf(1, WIRE.bytes);
const SPAN_ID = tagOf(2, WIRE.bytes);
const TRACE_STATE = tagOf(3, WIRE.bytes);
const PARENT_SPAN_ID = tagOf(4, WIRE.bytes);
const NAME = tagOf(5, WIRE.bytes);
const KIND = tagOf(6, WIRE.varint);
const START = tagOf(7, WIRE.fixed64);
const END = tagOf(8, WIRE.fixed64);
const ATTRIBUTES = tagOf(9, WIRE.bytes);
const DROPPED_ATTRIBUTES = tagOf(10, WIRE.varint);
const EVENTS = tagOf(11, WIRE.bytes);
const DROPPED_EVENTS = tagOf(12, WIRE.varint);
const LINKS = tagOf(13, WIRE.bytes);
const DROPPED_LINKS = tagOf(14, WIRE.varint);
const STATUS = tagOf(15, WIRE.bytes);
const FLAGS = tagOf(16, WIRE.fixed32);
const EVENT_TIME = tagOf(1, WIRE.fixed64);
const EVENT_NAME = tagOf(2, WIRE.bytes);
const EVENT_ATTRIBUTES = tagOf(3, WIRE.bytes);
const LINK_ATTRIBUTES = tagOf(4, WIRE.bytes);
const STATUS_MESSAGE = tagOf(2, WIRE.bytes);
const STATUS_CODE = tagOf(3, WIRE.varint);

const NO_EVENTS: readonly SpanEvent[] = [];
const NO_LINKS: readonly SpanLink[] = [];

/** Reads an ExportTraceServiceRequest (opentelemetry-proto trace.v1). Throws ProtobufError. */
export function readTracesProtobuf(body: Uint8Array, rejections: Rejections): Span[] {
  const reader = new ProtobufReader(body);
  const spans: Span[] = [];
  walkRecords(reader, (resource, scope) => {
    const span = readSpan(reader, resource, scope);
    const problem = spanIdProblem(span.traceId, span.spanId, span.parentSpanId);
    if (problem) rejections.add(problem);
    else spans.push(span);
  });
  return spans;
}

function readSpan(reader: ProtobufReader, resource: Resource, scope: Scope): Span {
  const outer = reader.enter();
  let traceId = '';
  let spanId = '';
  let parentSpanId = '';
  let traceState = '';
  let flags = 0;
  let name = '';
  let kind = 0;
  let startUnixNano = 0n;
  let endUnixNano = 0n;
  let status = { code: 0, message: '' };
  let attributes: Map<string, AttributeValue> | undefined;
  let events: SpanEvent[] | undefined;
  let links: SpanLink[] | undefined;
  let droppedAttributes = 0;
  let droppedEvents = 0;
  let droppedLinks = 0;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case TRACE_ID: traceId = readHex(reader); break;
      case SPAN_ID: spanId = readHex(reader); break;
      case TRACE_STATE: traceState = reader.string(); break;
      case PARENT_SPAN_ID: parentSpanId = idOrNone(readHex(reader)); break;
      case NAME: name = readKey(reader); break;
      case KIND: kind = reader.uint32(); break;
      case START: startUnixNano = reader.fixed64BigInt(); break;
      case END: endUnixNano = reader.fixed64BigInt(); break;
      case ATTRIBUTES: readKeyValue(reader, (attributes ??= new Map<string, AttributeValue>())); break;
      case DROPPED_ATTRIBUTES: droppedAttributes = reader.uint32(); break;
      case EVENTS: (events ??= []).push(readEvent(reader)); break;
      case DROPPED_EVENTS: droppedEvents = reader.uint32(); break;
      case LINKS: (links ??= []).push(readLink(reader)); break;
      case DROPPED_LINKS: droppedLinks = reader.uint32(); break;
      case STATUS: status = readStatus(reader); break;
      case FLAGS: flags = reader.fixed32(); break;
      default: reader.skip(tag);
    }
  }
  reader.leave(outer);
  return {
    traceId, spanId, parentSpanId, traceState, flags, name,
    kind: SPAN_KINDS[kind] ?? 'unspecified',
    startUnixNano, endUnixNano,
    status: SPAN_STATUSES[status.code] ?? 'unset',
    statusMessage: status.message,
    attributes: attributes ?? NO_ATTRIBUTES,
    events: events ?? NO_EVENTS,
    links: links ?? NO_LINKS,
    droppedAttributes, droppedEvents, droppedLinks, resource, scope,
  };
}

function readEvent(reader: ProtobufReader): SpanEvent {
  const outer = reader.enter();
  let timeUnixNano = 0n;
  let name = '';
  const attributes = new Map<string, AttributeValue>();
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === EVENT_TIME) timeUnixNano = reader.fixed64BigInt();
    else if (tag === EVENT_NAME) name = reader.string();
    else if (tag === EVENT_ATTRIBUTES) readKeyValue(reader, attributes);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { timeUnixNano, name, attributes };
}

function readLink(reader: ProtobufReader): SpanLink {
  const outer = reader.enter();
  let traceId = '';
  let spanId = '';
  let traceState = '';
  const attributes = new Map<string, AttributeValue>();
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === TRACE_ID) traceId = readHex(reader);
    else if (tag === SPAN_ID) spanId = readHex(reader);
    else if (tag === TRACE_STATE) traceState = reader.string();
    else if (tag === LINK_ATTRIBUTES) readKeyValue(reader, attributes);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { traceId, spanId, traceState, attributes };
}

function readStatus(reader: ProtobufReader): { code: number; message: string } {
  const outer = reader.enter();
  const status = { code: 0, message: '' };
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === STATUS_MESSAGE) status.message = reader.string();
    else if (tag === STATUS_CODE) status.code = reader.uint32();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return status;
}
