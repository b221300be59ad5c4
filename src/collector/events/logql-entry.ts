import { labelNameOf, type LogEntry } from '../../logql/log-entry.ts';
import type { Resource } from '../../model/attributes.ts';
import type { LogRecord } from '../../model/log-record.ts';
import { attributeText } from '../../store/events/encoding/attribute-text.ts';
import { logLevel } from '../../store/events/encoding/log-level.ts';
import { serviceOf } from './json-telemetry.ts';

/** Labels of a resource and level: records of one block share the resource's object. */
const streams = new WeakMap<Resource, Map<string, ReadonlyMap<string, string>>>();

/** A record as LogQL sees it. */
export function logEntryOf(record: LogRecord): LogEntry {
  const level = logLevel(record.severityNumber, record.severityText);
  const metadata = new Map<string, string>();
  for (const [key, value] of record.attributes) metadata.set(labelNameOf(key), attributeText(value));
  if (record.traceId !== '') metadata.set('trace_id', record.traceId);
  if (record.spanId !== '') metadata.set('span_id', record.spanId);
  if (record.eventName !== '') metadata.set('event_name', record.eventName);
  metadata.set('detected_level', level);
  return { line: attributeText(record.body), stream: streamLabelsOf(record.resource, level), metadata };
}

/** The labels that name a stream: the resource's attributes, `service_name` and `level`. */
export function streamLabelsOf(resource: Resource, level: string): ReadonlyMap<string, string> {
  const known = streams.get(resource) ?? new Map<string, ReadonlyMap<string, string>>();
  streams.set(resource, known);
  let labels = known.get(level);
  if (!labels) {
    const texts = [...resource.attributes].map(([key, value]): [string, string] => [labelNameOf(key), attributeText(value)]);
    labels = new Map([...texts, ['service_name', serviceOf(resource)], ['level', level]]);
    known.set(level, labels);
  }
  return labels;
}

/** When a record happened: by its own time, else by when it was observed. */
export const timeOf = ({ timeUnixNano, observedUnixNano }: LogRecord): bigint => (timeUnixNano === 0n ? observedUnixNano : timeUnixNano);
