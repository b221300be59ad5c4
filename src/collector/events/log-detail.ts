import type { Pipeline } from '../../logql/pipeline.ts';
import type { LogRecord } from '../../model/log-record.ts';
import type { LogRecordDetail, LogRecords } from '../../protocol/logs.ts';
import { logLevel } from '../../store/events/encoding/log-level.ts';
import { attributeText } from '../../store/events/encoding/attribute-text.ts';
import { logEntryOf, timeOf } from './logql-entry.ts';
import { jsonAttributes, jsonValue, SharedParts } from './json-telemetry.ts';

/** Records for a window, in the same order, with what the pipeline of their query found in each. */
export function logRecordsOf(records: readonly LogRecord[], pipeline?: Pipeline): LogRecords {
  const shared = new SharedParts();
  const details = records.map((record): LogRecordDetail => {
    const { body } = record;
    const parsed = pipeline?.(logEntryOf(record))?.parsed;
    return {
      timeUnixNano: timeOf(record).toString(),
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
      ...(parsed && parsed.size > 0 ? { parsed: Object.fromEntries(parsed) } : {}),
    };
  });
  return { records: details, resources: shared.resources, scopes: shared.scopes };
}
