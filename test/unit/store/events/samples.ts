import fc from 'fast-check';
import type { Attributes, AttributeValue, Resource, Scope } from '../../../../src/model/attributes.ts';
import type { LogRecord } from '../../../../src/model/log-record.ts';
import type { Span, SpanKind, SpanStatus } from '../../../../src/model/span.ts';

/** Attributes from an object. */
export const attributes = (record: Readonly<Record<string, AttributeValue>> = {}): Attributes => new Map(Object.entries(record));

/** A resource with a service and whatever else. */
export const resource = (service: string, more: Readonly<Record<string, AttributeValue>> = {}): Resource => ({
  attributes: attributes({ 'service.name': service, ...more }),
  schemaUrl: '',
});

/** A scope without anything. */
export const SCOPE: Scope = { name: 'test', version: '', attributes: new Map(), schemaUrl: '' };

/** A span with these parts; the rest is plain. */
export function span(parts: Partial<Span> = {}): Span {
  return {
    traceId: '0'.repeat(31) + '1',
    spanId: '0'.repeat(15) + '1',
    parentSpanId: '',
    traceState: '',
    flags: 1,
    name: 'operation',
    kind: 'internal',
    startUnixNano: 1_700_000_000_000_000_000n,
    endUnixNano: 1_700_000_000_100_000_000n,
    status: 'unset',
    statusMessage: '',
    attributes: attributes(),
    events: [],
    links: [],
    droppedAttributes: 0,
    droppedEvents: 0,
    droppedLinks: 0,
    resource: resource('service'),
    scope: SCOPE,
    ...parts,
  };
}

/** A log record with these parts; the rest is plain. */
export function logRecord(parts: Partial<LogRecord> = {}): LogRecord {
  return {
    timeUnixNano: 1_700_000_000_000_000_000n,
    observedUnixNano: 1_700_000_000_000_000_000n,
    severityNumber: 9,
    severityText: 'INFO',
    body: 'hello',
    attributes: attributes(),
    traceId: '',
    spanId: '',
    flags: 0,
    eventName: '',
    droppedAttributes: 0,
    resource: resource('service'),
    scope: SCOPE,
    ...parts,
  };
}

/** Every kind of attribute value, nested ones and the odd numbers included. */
export const anyValue: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }),
    fc.string({ minLength: 200, maxLength: 300 }),
    fc.boolean(),
    fc.double(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
    fc.uint8Array(),
    fc.constantFrom(null, -0, NaN, Infinity, -Infinity, 2 ** 53, 0, ''),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

const anyAttributes = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom('a', 'b', 'service.name', '__proto__'), fc.string()), anyValue), { maxLength: 6 })
  .map((entries): Attributes => new Map(entries));

const hexId = (digits: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: digits, maxLength: digits }),
    // Few distinct ones, so that spans share traces and parents.
    fc.integer({ min: 1, max: 5 }).map((id) => String(id).padStart(digits, '0')),
  );

const anyTime = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  fc.bigInt({ min: 1_700_000_000_000_000_000n, max: 1_700_000_100_000_000_000n }),
  fc.constantFrom(0n, 1n),
);

const anyUint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyResource: fc.Arbitrary<Resource> = fc.record({ attributes: anyAttributes, schemaUrl: fc.constantFrom('', 'https://schema') }, { noNullPrototype: true });
const anyScope: fc.Arbitrary<Scope> = fc.record({
  name: fc.string(),
  version: fc.constantFrom('', '1.0'),
  attributes: anyAttributes,
  schemaUrl: fc.constantFrom('', 'https://schema'),
}, { noNullPrototype: true });

/** Any span the codecs may hand over. */
export const anySpan: fc.Arbitrary<Span> = fc.record({
  traceId: hexId(32),
  spanId: hexId(16),
  parentSpanId: fc.oneof(fc.constant(''), hexId(16)),
  traceState: fc.constantFrom('', 'vendor=1'),
  flags: fc.oneof(fc.constantFrom(0, 1, 257), anyUint32),
  name: fc.string({ unit: 'grapheme' }),
  kind: fc.constantFrom<SpanKind>('unspecified', 'internal', 'server', 'client', 'producer', 'consumer'),
  startUnixNano: anyTime,
  endUnixNano: anyTime,
  status: fc.constantFrom<SpanStatus>('unset', 'ok', 'error'),
  statusMessage: fc.oneof(fc.constant(''), fc.string()),
  attributes: anyAttributes,
  events: fc.array(fc.record({ timeUnixNano: anyTime, name: fc.string(), attributes: anyAttributes }, { noNullPrototype: true }), { maxLength: 3 }),
  links: fc.array(
    fc.record({ traceId: hexId(32), spanId: hexId(16), traceState: fc.constantFrom('', 'a=b'), attributes: anyAttributes }, { noNullPrototype: true }),
    { maxLength: 2 },
  ),
  droppedAttributes: fc.constantFrom(0, 3),
  droppedEvents: fc.constantFrom(0, 4),
  droppedLinks: fc.constantFrom(0, 5),
  resource: anyResource,
  scope: anyScope,
}, { noNullPrototype: true });

/** Any log record the codecs may hand over. */
export const anyLogRecord: fc.Arbitrary<LogRecord> = fc.record({
  timeUnixNano: anyTime,
  observedUnixNano: anyTime,
  severityNumber: fc.integer({ min: 0, max: 24 }),
  severityText: fc.constantFrom('', 'INFO', 'Warn', 'odd'),
  body: anyValue,
  attributes: anyAttributes,
  traceId: fc.oneof(fc.constant(''), hexId(32)),
  spanId: fc.oneof(fc.constant(''), hexId(16)),
  flags: anyUint32,
  eventName: fc.constantFrom('', 'login'),
  droppedAttributes: fc.constantFrom(0, 2),
  resource: anyResource,
  scope: anyScope,
}, { noNullPrototype: true });
