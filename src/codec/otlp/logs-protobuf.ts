import { ProtobufReader, tagOf, WIRE } from '../../base/protobuf-reader.ts';
import type { AttributeValue, Resource, Scope } from '../../model/attributes.ts';
import type { LogRecord } from '../../model/log-record.ts';
import { idOrNone } from './span-names.ts';
import { walkRecords } from './wire-groups.ts';
import { NO_ATTRIBUTES, readAnyValue, readHex, readKeyValue } from './wire-values.ts';

const TIME = tagOf(1, WIRE.fixed64);
const SEVERITY_NUMBER = tagOf(2, WIRE.varint);
const SEVERITY_TEXT = tagOf(3, WIRE.bytes);
const BODY = tagOf(5, WIRE.bytes);
const ATTRIBUTES = tagOf(6, WIRE.bytes);
const DROPPED_ATTRIBUTES = tagOf(7, WIRE.varint);
const FLAGS = tagOf(8, WIRE.fixed32);
const TRACE_ID = tagOf(9, WIRE.bytes);
const SPAN_ID = tagOf(10, WIRE.bytes);
const OBSERVED = tagOf(11, WIRE.fixed64);
const EVENT_NAME = tagOf(12, WIRE.bytes);

/** Reads an ExportLogsServiceRequest (opentelemetry-proto logs.v1). Throws ProtobufError. */
export function readLogsProtobuf(body: Uint8Array): LogRecord[] {
  const reader = new ProtobufReader(body);
  const records: LogRecord[] = [];
  walkRecords(reader, (resource, scope) => {
    records.push(readRecord(reader, resource, scope));
  });
  return records;
}

function readRecord(reader: ProtobufReader, resource: Resource, scope: Scope): LogRecord {
  const outer = reader.enter();
  let timeUnixNano = 0n;
  let observedUnixNano = 0n;
  let severityNumber = 0;
  let severityText = '';
  let body: AttributeValue = null;
  let attributes: Map<string, AttributeValue> | undefined;
  let traceId = '';
  let spanId = '';
  let flags = 0;
  let eventName = '';
  let droppedAttributes = 0;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case TIME: timeUnixNano = reader.fixed64BigInt(); break;
      case SEVERITY_NUMBER: severityNumber = reader.uint32(); break;
      case SEVERITY_TEXT: severityText = reader.string(); break;
      case BODY: body = readAnyValue(reader); break;
      case ATTRIBUTES: readKeyValue(reader, (attributes ??= new Map<string, AttributeValue>())); break;
      case DROPPED_ATTRIBUTES: droppedAttributes = reader.uint32(); break;
      case FLAGS: flags = reader.fixed32(); break;
      case TRACE_ID: traceId = idOrNone(readHex(reader)); break;
      case SPAN_ID: spanId = idOrNone(readHex(reader)); break;
      case OBSERVED: observedUnixNano = reader.fixed64BigInt(); break;
      case EVENT_NAME: eventName = reader.string(); break;
      default: reader.skip(tag);
    }
  }
  reader.leave(outer);
  return {
    timeUnixNano, observedUnixNano, severityNumber, severityText, body,
    attributes: attributes ?? NO_ATTRIBUTES,
    traceId, spanId, flags, eventName, droppedAttributes, resource, scope,
  };
}
