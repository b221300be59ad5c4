/** A message as OTLP's JSON writes it. */
export type Json = Readonly<Record<string, unknown>>;

type Kind = 'string' | 'hex' | 'base64' | 'bool' | 'varint' | 'sint' | 'fixed32' | 'fixed64' | 'double' | 'fixed64s' | 'doubles' | 'varints';
type Schema = Readonly<Record<string, readonly [field: number, kind: Kind | (() => Schema)]>>;

const ANY: Schema = {
  stringValue: [1, 'string'], boolValue: [2, 'bool'], intValue: [3, 'varint'], doubleValue: [4, 'double'],
  arrayValue: [5, () => ({ values: [1, () => ANY] })], kvlistValue: [6, () => ({ values: [1, () => KEY_VALUE] })], bytesValue: [7, 'base64'],
};
const KEY_VALUE: Schema = { key: [1, 'string'], value: [2, () => ANY] };
const RESOURCE: Schema = { attributes: [1, () => KEY_VALUE] };
const SCOPE: Schema = { name: [1, 'string'], version: [2, 'string'], attributes: [3, () => KEY_VALUE] };
const group = (records: string, record: Schema, scopes: string): Schema => ({
  resource: [1, () => RESOURCE],
  [scopes]: [2, () => ({ scope: [1, () => SCOPE], [records]: [2, () => record], schemaUrl: [3, 'string'] })],
  schemaUrl: [3, 'string'],
});

const SPAN: Schema = {
  traceId: [1, 'hex'], spanId: [2, 'hex'], traceState: [3, 'string'], parentSpanId: [4, 'hex'], name: [5, 'string'], kind: [6, 'varint'],
  startTimeUnixNano: [7, 'fixed64'], endTimeUnixNano: [8, 'fixed64'], attributes: [9, () => KEY_VALUE], droppedAttributesCount: [10, 'varint'],
  events: [11, () => ({ timeUnixNano: [1, 'fixed64'], name: [2, 'string'], attributes: [3, () => KEY_VALUE] })], droppedEventsCount: [12, 'varint'],
  links: [13, () => ({ traceId: [1, 'hex'], spanId: [2, 'hex'], traceState: [3, 'string'], attributes: [4, () => KEY_VALUE] })],
  droppedLinksCount: [14, 'varint'], status: [15, () => ({ message: [2, 'string'], code: [3, 'varint'] })], flags: [16, 'fixed32'],
};
const LOG: Schema = {
  timeUnixNano: [1, 'fixed64'], severityNumber: [2, 'varint'], severityText: [3, 'string'], body: [5, () => ANY], attributes: [6, () => KEY_VALUE],
  droppedAttributesCount: [7, 'varint'], flags: [8, 'fixed32'], traceId: [9, 'hex'], spanId: [10, 'hex'], observedTimeUnixNano: [11, 'fixed64'],
  eventName: [12, 'string'],
};
const EXEMPLAR: Schema = {
  timeUnixNano: [2, 'fixed64'], asDouble: [3, 'double'], spanId: [4, 'hex'], traceId: [5, 'hex'], asInt: [6, 'fixed64'], filteredAttributes: [7, () => KEY_VALUE],
};
const NUMBER: Schema = {
  startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'], asDouble: [4, 'double'], exemplars: [5, () => EXEMPLAR], asInt: [6, 'fixed64'],
  attributes: [7, () => KEY_VALUE], flags: [8, 'varint'],
};
const HISTOGRAM: Schema = {
  startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'], count: [4, 'fixed64'], sum: [5, 'double'], bucketCounts: [6, 'fixed64s'],
  explicitBounds: [7, 'doubles'], exemplars: [8, () => EXEMPLAR], attributes: [9, () => KEY_VALUE], flags: [10, 'varint'],
};
const BUCKETS: Schema = { offset: [1, 'sint'], bucketCounts: [2, 'varints'] };
const EXPONENTIAL: Schema = {
  attributes: [1, () => KEY_VALUE], startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'], count: [4, 'fixed64'], sum: [5, 'double'], scale: [6, 'sint'],
  zeroCount: [7, 'fixed64'], positive: [8, () => BUCKETS], negative: [9, () => BUCKETS], flags: [10, 'varint'], exemplars: [11, () => EXEMPLAR], zeroThreshold: [14, 'double'],
};
const SUMMARY: Schema = {
  startTimeUnixNano: [2, 'fixed64'], timeUnixNano: [3, 'fixed64'], count: [4, 'fixed64'], sum: [5, 'double'],
  quantileValues: [6, () => ({ quantile: [1, 'double'], value: [2, 'double'] })], attributes: [7, () => KEY_VALUE], flags: [8, 'varint'],
};
const points = (point: Schema): Schema => ({ dataPoints: [1, () => point], aggregationTemporality: [2, 'varint'], isMonotonic: [3, 'varint'] });
const METRIC: Schema = {
  name: [1, 'string'], description: [2, 'string'], unit: [3, 'string'], gauge: [5, () => points(NUMBER)], sum: [7, () => points(NUMBER)],
  histogram: [9, () => points(HISTOGRAM)], exponentialHistogram: [10, () => points(EXPONENTIAL)], summary: [11, () => points(SUMMARY)],
};

const REQUESTS = {
  traces: { resourceSpans: [1, () => group('spans', SPAN, 'scopeSpans')] },
  logs: { resourceLogs: [1, () => group('logRecords', LOG, 'scopeLogs')] },
  metrics: { resourceMetrics: [1, () => group('metrics', METRIC, 'scopeMetrics')] },
} as const satisfies Record<string, Schema>;

/** Encodes an export request to protobuf, from its JSON (enums as numbers). Independent of the code under test. */
export function toProtobuf(signal: keyof typeof REQUESTS, json: Json): Uint8Array {
  return Uint8Array.from(encode(REQUESTS[signal], json));
}

/** The same request as JSON bytes. */
export const toJson = (json: Json): Uint8Array => Buffer.from(JSON.stringify(json), 'utf8');

function encode(schema: Schema, json: Json): number[] {
  return Object.entries(json).flatMap(([name, value]) => {
    const [field, kind] = schema[name]!;
    if (typeof kind === 'string') return encodeScalar(field, kind, value);
    const messages = Array.isArray(value) ? (value as Json[]) : [value as Json];
    return messages.flatMap((message) => bytes(field, encode(kind(), message)));
  });
}

function encodeScalar(field: number, kind: Kind, value: unknown): number[] {
  switch (kind) {
    case 'string': return bytes(field, [...Buffer.from(String(value), 'utf8')]);
    case 'hex': return bytes(field, [...Buffer.from(String(value), 'hex')]);
    case 'base64': return bytes(field, [...Buffer.from(String(value), 'base64')]);
    case 'bool': return [...varint(field * 8), value === true ? 1 : 0];
    case 'varint': return [...varint(field * 8), ...varint(BigInt(value as string | number | boolean))];
    case 'sint': return [...varint(field * 8), ...varint((BigInt(value as number) << 1n) ^ (BigInt(value as number) >> 63n))];
    case 'fixed32': return [...varint(field * 8 + 5), ...new Uint8Array(new Uint32Array([Number(value)]).buffer)];
    case 'fixed64': return [...varint(field * 8 + 1), ...fixed64(value)];
    case 'double': return [...varint(field * 8 + 1), ...new Uint8Array(new Float64Array([Number(value)]).buffer)];
    case 'fixed64s': return bytes(field, (value as unknown[]).flatMap(fixed64));
    case 'doubles': return bytes(field, [...new Uint8Array(new Float64Array(value as number[]).buffer)]);
    case 'varints': return bytes(field, (value as (string | number)[]).flatMap((entry) => varint(BigInt(entry))));
  }
}

const fixed64 = (value: unknown): number[] => [...new Uint8Array(new BigUint64Array([BigInt.asUintN(64, BigInt(value as string | number))]).buffer)];
const bytes = (field: number, content: readonly number[]): number[] => [...varint(field * 8 + 2), ...varint(content.length), ...content];

function varint(value: bigint | number): number[] {
  const out: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  out.push(Number(rest));
  return out;
}
