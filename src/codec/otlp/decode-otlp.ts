import { ProtobufError } from '../../base/protobuf-reader.ts';
import type { LogRecord } from '../../model/log-record.ts';
import type { Span } from '../../model/span.ts';
import { OtlpJsonError } from './json-reader.ts';
import { readLogsJson } from './logs-json.ts';
import { readLogsProtobuf } from './logs-protobuf.ts';
import { Rejections, type OtlpDecoded, type OtlpFormat } from './otlp-result.ts';
import { readTracesJson } from './traces-json.ts';
import { readTracesProtobuf } from './traces-protobuf.ts';

/** Decodes the body of `/v1/traces`. Spans without valid ids are rejected one by one. */
export function decodeOtlpTraces(body: Uint8Array, format: OtlpFormat): OtlpDecoded<readonly Span[]> {
  const rejections = new Rejections();
  const read = format === 'json' ? readTracesJson : readTracesProtobuf;
  return guard([], rejections, () => {
    const spans = read(body, rejections);
    return { value: spans, accepted: spans.length };
  });
}

/** Decodes the body of `/v1/logs`. */
export function decodeOtlpLogs(body: Uint8Array, format: OtlpFormat): OtlpDecoded<readonly LogRecord[]> {
  return guard([], new Rejections(), () => {
    const records = format === 'json' ? readLogsJson(body) : readLogsProtobuf(body);
    return { value: records, accepted: records.length };
  });
}

/** Runs a reader; what it throws for a body that is no OTLP becomes `malformed`. */
export function guard<T>(empty: T, rejections: Rejections, read: () => { value: T; accepted: number }): OtlpDecoded<T> {
  try {
    const { value, accepted } = read();
    return { value, accepted, rejected: rejections.total, problems: rejections.list() };
  } catch (error) {
    if (!(error instanceof ProtobufError) && !(error instanceof OtlpJsonError)) throw error;
    return { value: empty, accepted: 0, rejected: 0, problems: [], malformed: error.message };
  }
}
