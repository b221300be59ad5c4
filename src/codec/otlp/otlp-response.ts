import type { OtlpFormat, OtlpSignal } from './otlp-result.ts';

const REJECTED_FIELD: Readonly<Record<OtlpSignal, string>> = {
  traces: 'rejectedSpans', metrics: 'rejectedDataPoints', logs: 'rejectedLogRecords',
};

/** The part of a request that was not taken, as the answer reports it. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/**
 * The body of a 200: an ExportTraceServiceResponse or its sister (opentelemetry-proto collector/*.v1), empty when all was taken.
 * A message without rejections is a warning, as the specification has it.
 */
export function encodeOtlpResponse(signal: OtlpSignal, format: OtlpFormat, partial?: PartialSuccess): Uint8Array {
  const isEmpty = !partial || (partial.rejected === 0 && partial.message === '');
  if (format === 'json') {
    if (isEmpty) return toBytes('{}');
    return toBytes(JSON.stringify({ partialSuccess: { [REJECTED_FIELD[signal]]: String(partial.rejected), errorMessage: partial.message } }));
  }
  if (isEmpty) return new Uint8Array(0);
  return lengthDelimited(1, Buffer.concat([varintField(1, partial.rejected), lengthDelimited(2, toBytes(partial.message))]));
}

/** The body of an error answer: a google.rpc.Status with a code of google.rpc.Code. */
export function encodeRpcStatus(format: OtlpFormat, code: number, message: string): Uint8Array {
  if (format === 'json') return toBytes(JSON.stringify({ code, message }));
  return Buffer.concat([varintField(1, code), lengthDelimited(2, toBytes(message))]);
}

/** The media type of a format, for Content-Type. */
export const OTLP_MEDIA_TYPES: Readonly<Record<OtlpFormat, string>> = {
  protobuf: 'application/x-protobuf', json: 'application/json',
};

const toBytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

function varintField(field: number, value: number): Uint8Array {
  return value === 0 ? new Uint8Array(0) : Uint8Array.from([field << 3, ...varint(value)]);
}

function lengthDelimited(field: number, content: Uint8Array): Uint8Array {
  if (content.length === 0) return new Uint8Array(0);
  return Buffer.concat([Uint8Array.from([(field << 3) | 2, ...varint(content.length)]), content]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}
