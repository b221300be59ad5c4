import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeOtlpLogs, decodeOtlpTraces } from '../../../../src/codec/otlp/decode-otlp.ts';
import { encodeOtlpResponse, encodeRpcStatus } from '../../../../src/codec/otlp/otlp-response.ts';
import { OtlpMetricsDecoder } from '../../../../src/codec/otlp/otlp-metrics-decoder.ts';
import { toJson, toProtobuf, type Json } from './otlp-wire.ts';

const TRACE_ID = '5b8efff798038103d269b633813fc60c';
const SPAN_ID = 'eee19b7ec3c1b174';

const ATTRIBUTES = [
  { key: 'text', value: { stringValue: 'ü "x"' } },
  { key: 'yes', value: { boolValue: true } },
  { key: 'small', value: { intValue: '-42' } },
  { key: 'large', value: { intValue: '9223372036854775807' } },
  { key: 'lowest', value: { intValue: '-9223372036854775808' } },
  { key: 'half', value: { doubleValue: 0.5 } },
  { key: 'raw', value: { bytesValue: 'AQL/' } },
  { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }, {}] } } },
  { key: 'map', value: { kvlistValue: { values: [{ key: '__proto__', value: { stringValue: 'p' } }, { key: 'k', value: { boolValue: false } }] } } },
  { key: 'none', value: {} },
  { key: 'text', value: { stringValue: 'a second one with the key' } },
];
const DECODED_ATTRIBUTES = new Map<string, unknown>([
  ['text', 'ü "x"'], ['yes', true], ['small', -42], ['large', 9223372036854775807n], ['lowest', -9223372036854775808n], ['half', 0.5],
  ['raw', Uint8Array.of(1, 2, 255)], ['list', ['a', 1, null]], ['map', Object.fromEntries([['__proto__', 'p'], ['k', false]])], ['none', null],
]);

const spans = (...list: readonly Json[]): Json => ({
  resourceSpans: [
    {
      // Out of their order on purpose: fields may come in any.
      scopeSpans: [{ spans: list, schemaUrl: 'scope-url', scope: { name: 'lib', version: '1', attributes: [{ key: 's', value: { stringValue: 't' } }] } }],
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      schemaUrl: 'resource-url',
    },
  ],
});

const SPAN: Json = {
  traceId: TRACE_ID, spanId: SPAN_ID, parentSpanId: '00f067aa0ba902b7', traceState: 'a=b', flags: 257, name: 'GET /', kind: 2,
  startTimeUnixNano: '1544712660000000001', endTimeUnixNano: '18446744073709551615', attributes: ATTRIBUTES, droppedAttributesCount: 1,
  events: [{ timeUnixNano: '1544712660000000002', name: 'retry', attributes: [{ key: 'n', value: { intValue: 3 } }] }], droppedEventsCount: 2,
  links: [{ traceId: TRACE_ID, spanId: SPAN_ID, traceState: 'c=d', attributes: [] }], droppedLinksCount: 3, status: { code: 2, message: 'bad' },
};

const EXPECTED_SPAN = {
  traceId: TRACE_ID, spanId: SPAN_ID, parentSpanId: '00f067aa0ba902b7', traceState: 'a=b', flags: 257, name: 'GET /', kind: 'server',
  startUnixNano: 1544712660000000001n, endUnixNano: 18446744073709551615n, status: 'error', statusMessage: 'bad', attributes: DECODED_ATTRIBUTES,
  events: [{ timeUnixNano: 1544712660000000002n, name: 'retry', attributes: new Map([['n', 3]]) }],
  links: [{ traceId: TRACE_ID, spanId: SPAN_ID, traceState: 'c=d', attributes: new Map() }],
  droppedAttributes: 1, droppedEvents: 2, droppedLinks: 3,
  resource: { attributes: new Map([['service.name', 'shop']]), schemaUrl: 'resource-url' },
  scope: { name: 'lib', version: '1', attributes: new Map([['s', 't']]), schemaUrl: 'scope-url' },
};

suite('decodeOtlpTraces', () => {
  for (const format of ['json', 'protobuf'] as const) {
    const encode = (json: Json): Uint8Array => (format === 'json' ? toJson(json) : toProtobuf('traces', json));

    test(`${format}: everything a span has`, () => {
      assert.deepEqual(decodeOtlpTraces(encode(spans(SPAN)), format), { value: [EXPECTED_SPAN], accepted: 1, rejected: 0, problems: [] });
    });

    test(`${format}: a span with nothing but ids`, () => {
      const { value } = decodeOtlpTraces(encode({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: TRACE_ID, spanId: SPAN_ID }] }] }] }), format);
      assert.deepEqual(value, [
        {
          traceId: TRACE_ID, spanId: SPAN_ID, parentSpanId: '', traceState: '', flags: 0, name: '', kind: 'unspecified', startUnixNano: 0n, endUnixNano: 0n,
          status: 'unset', statusMessage: '', attributes: new Map(), events: [], links: [], droppedAttributes: 0, droppedEvents: 0, droppedLinks: 0,
          resource: { attributes: new Map(), schemaUrl: '' }, scope: { name: '', version: '', attributes: new Map(), schemaUrl: '' },
        },
      ]);
    });

    test(`${format}: spans without valid ids are rejected one by one`, () => {
      const zero = { traceId: '0'.repeat(32), spanId: SPAN_ID };
      const short = { traceId: TRACE_ID, spanId: 'ab' };
      const parent = { traceId: TRACE_ID, spanId: SPAN_ID, parentSpanId: 'abcd' };
      const result = decodeOtlpTraces(encode(spans(SPAN, zero, zero, short, parent, { traceId: TRACE_ID, spanId: SPAN_ID, parentSpanId: '0'.repeat(16) })), format);
      assert.deepEqual(
        [result.accepted, result.rejected, result.value[1]!.parentSpanId, result.problems],
        [
          2, 4, '',
          [
            { message: 'trace_id must be 16 bytes, not all zero', count: 2 },
            { message: 'span_id must be 8 bytes, not all zero', count: 1 },
            { message: 'parent_span_id must be empty or 8 bytes', count: 1 },
          ],
        ],
      );
    });
  }

  test('json: enums by name, numbers for integers, upper-case ids, unknown fields, nulls', () => {
    const json = `{"resourceSpans":[{"unknown":[1],"scopeSpans":[{"spans":[{"traceId":"${TRACE_ID.toUpperCase()}","spanId":"${SPAN_ID}","kind":"SPAN_KIND_CLIENT",
      "startTimeUnixNano":1544712660000000001,"status":{"code":"STATUS_CODE_OK"},"attributes":[{"key":"n","value":{"intValue":9223372036854775807}}],"events":null}]}]}]}`;
    const span = decodeOtlpTraces(Buffer.from(json), 'json').value[0]!;
    assert.deepEqual(
      [span.traceId, span.kind, span.startUnixNano, span.status, span.attributes.get('n')],
      [TRACE_ID, 'client', 1544712660000000001n, 'ok', 9223372036854775807n],
    );
  });

  const MALFORMED: readonly (readonly [json: string, message: RegExp])[] = [
    ['', /^the body is not JSON/],
    ['[]', /^the body must be an object$/],
    ['{"resourceSpans":{}}', /^resourceSpans must be an array$/],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":7}]}]}]}', /^resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.traceId must be a string$/],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"xyz"}]}]}]}', /traceId must be hex digits$/],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"1.5"}]}]}]}', /startTimeUnixNano must be a 64-bit integer, as a string or a number$/],
  ];
  for (const [json, message] of MALFORMED) {
    test(`json: ${json || 'an empty body'} is malformed`, () => {
      const result = decodeOtlpTraces(Buffer.from(json), 'json');
      assert.match(result.malformed ?? '', message);
      assert.deepEqual([result.value, result.accepted, result.rejected], [[], 0, 0]);
    });
  }

  test('json: bytes that are not UTF-8 are malformed', () => {
    assert.equal(decodeOtlpTraces(Uint8Array.of(0x22, 0xff, 0x22), 'json').malformed, 'the body is not UTF-8');
  });

  test('protobuf: an empty body is an empty request', () => {
    assert.deepEqual(decodeOtlpTraces(new Uint8Array(), 'protobuf'), { value: [], accepted: 0, rejected: 0, problems: [] });
  });

  test('values nested without end are refused before the stack is', () => {
    const depth = 5000;
    const json = `{"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":${'{"arrayValue":{"values":['.repeat(depth)}{}${']}}'.repeat(depth)}}]}}]}`;
    assert.match(decodeOtlpTraces(Buffer.from(json), 'json').malformed ?? '', /nested too deeply$/);
    let value: number[] = [];
    // Every level is an AnyValue (field 1) in an ArrayValue (field 5).
    const wrap = (field: number, content: readonly number[]): number[] => [field * 8 + 2, ...lengthOf(content.length), ...content];
    for (let i = 0; i < 200; i++) value = wrap(5, wrap(1, value));
    const body = Uint8Array.from(wrap(1, wrap(1, wrap(1, wrap(2, value)))));
    assert.equal(decodeOtlpTraces(body, 'protobuf').malformed, 'attribute value nested too deeply');
  });
});

suite('decodeOtlpLogs', () => {
  const LOG: Json = {
    timeUnixNano: '1544712660300000001', observedTimeUnixNano: '1544712660300000002', severityNumber: 17, severityText: 'ERROR',
    body: { kvlistValue: { values: [{ key: 'a', value: { intValue: '1' } }] } }, attributes: ATTRIBUTES, droppedAttributesCount: 4, flags: 1,
    traceId: TRACE_ID, spanId: SPAN_ID, eventName: 'boom',
  };
  const request = (...logRecords: readonly Json[]): Json => ({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  const expected = {
    timeUnixNano: 1544712660300000001n, observedUnixNano: 1544712660300000002n, severityNumber: 17, severityText: 'ERROR', body: { a: 1 },
    attributes: DECODED_ATTRIBUTES, traceId: TRACE_ID, spanId: SPAN_ID, flags: 1, eventName: 'boom', droppedAttributes: 4,
    resource: { attributes: new Map(), schemaUrl: '' }, scope: { name: '', version: '', attributes: new Map(), schemaUrl: '' },
  };

  test('everything a record has, in both formats', () => {
    const json = request(LOG);
    assert.deepEqual(decodeOtlpLogs(toJson(json), 'json').value, [expected]);
    assert.deepEqual(decodeOtlpLogs(toProtobuf('logs', json), 'protobuf').value, [expected]);
  });

  test('a record of no trace; severity by name', () => {
    const record = decodeOtlpLogs(toJson(request({ severityNumber: 'SEVERITY_NUMBER_WARN2', body: { stringValue: 'hi' }, traceId: '0'.repeat(32) })), 'json').value[0]!;
    assert.deepEqual([record.severityNumber, record.body, record.traceId, record.spanId], [14, 'hi', '', '']);
  });
});

suite('OTLP decoders and broken bodies', () => {
  const metrics = new OtlpMetricsDecoder();
  const decoders = [decodeOtlpTraces, decodeOtlpLogs, metrics.decode.bind(metrics)] as const;

  test('any bytes give a value or a reason, never an exception', () => {
    const format = fc.constantFrom('json' as const, 'protobuf' as const);
    const json = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), json), format, (body, kind) => {
        for (const decode of decoders) {
          const { malformed, accepted } = decode(body, kind);
          assert.ok(malformed === undefined || (malformed !== '' && accepted === 0));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('every cut and every changed byte of a good body gives a value or a reason', () => {
    const body = toProtobuf('traces', spans(SPAN));
    for (let i = 0; i < body.length; i++) {
      decodeOtlpTraces(body.subarray(0, i), 'protobuf');
      for (const change of [0x00, 0x7f, 0xff]) {
        const changed = body.slice();
        changed[i]! ^= change;
        decodeOtlpTraces(changed, 'protobuf');
      }
    }
    assert.ok(decodeOtlpTraces(body.subarray(0, body.length - 1), 'protobuf').malformed);
  });

  test('shapes that are valid JSON, but no OTLP, are malformed or empty', () => {
    const value = fc.oneof(fc.constant(null), fc.constant([]), fc.constant({}), fc.string(), fc.integer(), fc.constant([null]), fc.constant([1]));
    fc.assert(
      fc.property(fc.constantFrom('resourceSpans', 'resourceLogs', 'resourceMetrics'), value, (name, content) => {
        for (const decode of decoders) decode(toJson({ [name]: content }), 'json');
      }),
    );
  });
});

suite('OTLP responses', () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

  test('full success', () => {
    assert.equal(hex(encodeOtlpResponse('traces', 'protobuf')), '');
    assert.equal(Buffer.from(encodeOtlpResponse('logs', 'json', { rejected: 0, message: '' })).toString(), '{}');
  });

  test('partial success', () => {
    // partial_success = 1 { rejected = 1: 300, error_message = 2: "no" }
    assert.equal(hex(encodeOtlpResponse('traces', 'protobuf', { rejected: 300, message: 'no' })), '0a0708ac0212026e6f');
    assert.equal(
      Buffer.from(encodeOtlpResponse('metrics', 'json', { rejected: 2, message: 'no' })).toString(),
      '{"partialSuccess":{"rejectedDataPoints":"2","errorMessage":"no"}}',
    );
  });

  test('errors', () => {
    assert.equal(hex(encodeRpcStatus('protobuf', 3, 'bad')), '0803' + '1203626164');
    assert.equal(Buffer.from(encodeRpcStatus('json', 3, 'bad')).toString(), '{"code":3,"message":"bad"}');
  });
});

function lengthOf(length: number): number[] {
  return length < 128 ? [length] : [(length & 127) | 128, ...lengthOf(length >> 7)];
}
