import { REQUEST_ID_KEYS } from '../../../src/protocol/traces.ts';
import type { JsonAttributes, JsonValue } from '../../../src/protocol/telemetry.ts';
import type { LogRow } from './log-rows.ts';

/** The whole record as JSON, two spaces a level: what "Copy JSON" copies. */
export function recordJson({ record, resource, scope }: LogRow): string {
  const { timeUnixNano, level, severityText, line, body, attributes, traceId, spanId, eventName, parsed } = record;
  return JSON.stringify(
    {
      time: isoTime(timeUnixNano),
      timeUnixNano,
      level,
      ...(severityText === '' ? {} : { severityText }),
      ...(eventName === '' ? {} : { eventName }),
      body: body ?? line,
      attributes,
      ...(parsed ? { parsed } : {}),
      ...(traceId === '' ? {} : { traceId }),
      ...(spanId === '' ? {} : { spanId }),
      service: resource.service,
      resource: resource.attributes,
      ...(scope.name === '' ? {} : { scope }),
    },
    undefined,
    2,
  );
}

/** ISO 8601 in UTC with all nine decimals. */
export function isoTime(timeUnixNano: string): string {
  const nano = BigInt(timeUnixNano);
  return `${new Date(Number(nano / 1_000_000n)).toISOString().slice(0, 19)}.${(nano % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}

/** A field of a record, as the detail lists it. */
export interface Field {
  readonly key: string;
  readonly text: string;
  /** What to look for when it becomes a condition; undefined for fields that cannot. */
  readonly scope?: 'own' | 'resource';
}

/** The fields in groups; a group without fields is left out. */
export function fieldGroups({ record, resource, scope }: LogRow): { readonly title: string; readonly fields: readonly Field[] }[] {
  const ids: Field[] = [
    { key: 'time', text: isoTime(record.timeUnixNano) },
    ...(record.severityText === '' ? [] : [{ key: 'severity', text: record.severityText }]),
    ...(record.eventName === '' ? [] : [{ key: 'event', text: record.eventName }]),
    ...(record.traceId === '' ? [] : [{ key: 'trace id', text: record.traceId }]),
    ...(record.spanId === '' ? [] : [{ key: 'span id', text: record.spanId }]),
    ...(scope.name === '' ? [] : [{ key: 'scope', text: `${scope.name} ${scope.version}`.trim() }]),
  ];
  return [
    { title: 'Record', fields: ids },
    { title: 'Attributes', fields: fieldsOf(record.attributes, 'own') },
    { title: 'Parsed', fields: Object.entries(record.parsed ?? {}).map(([key, text]) => ({ key, text })) },
    { title: 'Resource', fields: fieldsOf(resource.attributes, 'resource') },
  ].filter(({ fields }) => fields.length > 0);
}

/** The request id of a record, by the attributes that carry one. */
export function requestIdOf({ record, resource }: LogRow): string | undefined {
  for (const key of REQUEST_ID_KEYS) {
    const value = record.attributes[key] ?? resource.attributes[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

const fieldsOf = (attributes: JsonAttributes, scope: 'own' | 'resource'): Field[] => Object.entries(attributes).map(([key, value]) => ({ key, text: valueText(value), scope }));

/** A text as it is, all else as JSON. */
function valueText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
