import type { LogRecord } from '../../model/log-record.ts';
import { readJsonRoot } from './json-reader.ts';
import { readJsonAnyValue, readJsonAttributes, walkJsonRecords } from './json-values.ts';
import { idOrNone } from './span-names.ts';

const SEVERITY_NAMES = [
  'UNSPECIFIED',
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((name) => [name, `${name}2`, `${name}3`, `${name}4`]),
];

/** Reads an ExportLogsServiceRequest in JSON. Throws OtlpJsonError. */
export function readLogsJson(body: Uint8Array): LogRecord[] {
  const records: LogRecord[] = [];
  const names = { groups: 'resourceLogs', scopes: 'scopeLogs', records: 'logRecords' };
  walkJsonRecords(readJsonRoot(body), names, (node, resource, scope) => {
    records.push({
      timeUnixNano: BigInt.asUintN(64, node.bigint('timeUnixNano')),
      observedUnixNano: BigInt.asUintN(64, node.bigint('observedTimeUnixNano')),
      severityNumber: node.enum('severityNumber', 'SEVERITY_NUMBER_', SEVERITY_NAMES),
      severityText: node.string('severityText'),
      body: readJsonAnyValue(node.node('body'), 0),
      attributes: readJsonAttributes(node, 'attributes'),
      traceId: idOrNone(node.hex('traceId')),
      spanId: idOrNone(node.hex('spanId')),
      flags: node.integer('flags') >>> 0,
      eventName: node.string('eventName'),
      droppedAttributes: node.integer('droppedAttributesCount') >>> 0,
      resource,
      scope,
    });
  });
  return records;
}
