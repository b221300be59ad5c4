import type { LogRecord } from '../../model/log-record.ts';
import type { LogRecordDetail, LogRecords } from '../../protocol/logs.ts';
import { logLevel } from '../../store/events/encoding/log-level.ts';
import { attributeText } from '../../store/events/encoding/attribute-text.ts';
import { jsonAttributes, jsonValue, SharedParts } from './json-telemetry.ts';

/** Records for a window, in the same order. */
export function logRecordsOf(records: readonly LogRecord[]): LogRecords {
  const shared = new SharedParts();
  const details = records.map((record): LogRecordDetail => {
    const { body, timeUnixNano, observedUnixNano } = record;
    return {
      timeUnixNano: (timeUnixNano === 0n ? observedUnixNano : timeUnixNano).toString(),
      level: logLevel(record.severityNumber, record.severityText),
      severityText: record.severityText,
      line: attributeText(body),
      ...(typeof body === 'string' || body === null ? {} : { body: jsonValue(body) }),
      attributes: jsonAttributes(record.attributes),
      traceId: record.traceId,
      spanId: record.spanId,
      eventName: record.eventName,
      resource: shared.resource(record.resource),
      scope: shared.scope(record.scope),
    };
  });
  return { records: details, resources: shared.resources, scopes: shared.scopes };
}
