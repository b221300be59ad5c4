import assert from 'node:assert/strict';
import fc from 'fast-check';
import { prometheusLabelName, prometheusMetricName, type OtlpMetricKind } from '../../../../src/codec/otlp/metric-names.ts';
import { OtlpMetricsDecoder } from '../../../../src/codec/otlp/otlp-metrics-decoder.ts';
import { labelsToRecord, type Labels } from '../../../../src/model/labels.ts';
import type { MetricBatch } from '../../../../src/model/metric-batch.ts';
import { STALE_NAN_BITS } from '../../../../src/model/metric.ts';
import { toJson, toProtobuf, type Json } from './otlp-wire.ts';

const T = '1700000000123456789';
const T_MS = 1700000000123;
const attribute = (key: string, text: string): Json => ({ key, value: { stringValue: text } });
const SHOP = [attribute('service.name', 'shop')];

const request = (metrics: readonly Json[], attributes: readonly Json[] = SHOP): Json => ({
  resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ scope: { name: 'lib' }, metrics }] }],
});

const sum = (name: string, point: Json, temporality = 2, isMonotonic = true): Json => ({
  name, sum: { aggregationTemporality: temporality, isMonotonic, dataPoints: [{ timeUnixNano: T, ...point }] },
});

/** `name{labels} value @ms` for each sample; histograms as JSON. */
function lines(batch: MetricBatch): string[] {
  const bits = new Uint32Array(batch.values.buffer, batch.values.byteOffset, 2 * batch.values.length);
  return batch.series.flatMap((labels, i) => {
    const out: string[] = [];
    for (let j = batch.offsets[i]!; j < batch.offsets[i + 1]!; j++) {
      const isStale = bits[2 * j] === STALE_NAN_BITS.low && bits[2 * j + 1] === STALE_NAN_BITS.high;
      out.push(`${show(labels)} ${isStale ? 'stale' : batch.values[j]!} @${batch.timestampsMs[j]!}`);
    }
    for (const { seriesIndex, timestampMs, histogram } of batch.histograms) {
      if (seriesIndex === i) out.push(`${show(labels)} ${histogram.isStale ? 'stale' : JSON.stringify(histogram)} @${timestampMs}`);
    }
    return out;
  });
}

function show(labels: Labels): string {
  const { __name__: name = '', ...others } = labelsToRecord(labels);
  return `${name}{${Object.entries(others).map(([key, value]) => `${key}=${value}`).join(',')}}`;
}

/** Decodes both encodings, which have to agree. */
function decode(json: Json, decoder?: { readonly json: OtlpMetricsDecoder; readonly protobuf: OtlpMetricsDecoder }): ReturnType<OtlpMetricsDecoder['decode']> {
  const ofJson = (decoder?.json ?? new OtlpMetricsDecoder()).decode(toJson(json), 'json');
  const ofProtobuf = (decoder?.protobuf ?? new OtlpMetricsDecoder()).decode(toProtobuf('metrics', json), 'protobuf');
  assert.deepEqual(ofProtobuf, ofJson);
  return ofProtobuf;
}

suite('OtlpMetricsDecoder', () => {
  test('gauges and sums, integers and doubles', () => {
    const { value, accepted } = decode(
      request([
        { name: 'queue.size', unit: '{items}', description: 'how many', gauge: { dataPoints: [{ timeUnixNano: T, asInt: '-7', attributes: [attribute('queue', 'a')] }] } },
        { ...sum('http.requests', { asDouble: 1.5 }), unit: '1' },
        { ...sum('mem', { asInt: '9007199254740993' }, 2, false), unit: 'By' },
      ]),
    );
    assert.deepEqual(lines(value), [
      `queue_size{job=shop,queue=a} -7 @${T_MS}`,
      `http_requests_total{job=shop} 1.5 @${T_MS}`,
      `mem_bytes{job=shop} 9007199254740992 @${T_MS}`,
    ]);
    assert.equal(accepted, 3);
    assert.deepEqual(value.metadata.map(({ family, type, help, unit }) => [family, type, help, unit]), [
      ['queue_size', 'gauge', 'how many', '{items}'],
      ['http_requests_total', 'counter', '', '1'],
      ['mem_bytes', 'gauge', '', 'By'],
    ]);
  });

  test('an explicit histogram becomes cumulative buckets; each exemplar goes to its bucket', () => {
    const exemplar = (value: number, traceId: string): Json => ({ timeUnixNano: T, asDouble: value, traceId, spanId: 'eee19b7ec3c1b174', filteredAttributes: [attribute('user', 'u')] });
    const trace = '5b8efff798038103d269b633813fc60c';
    const { value } = decode(
      request([
        {
          name: 'latency', unit: 's',
          histogram: {
            aggregationTemporality: 2,
            dataPoints: [{ timeUnixNano: T, count: '6', sum: 4.5, bucketCounts: ['1', '2', '3'], explicitBounds: [0.1, 1], exemplars: [exemplar(5, trace), exemplar(0.5, trace)] }],
          },
        },
      ]),
    );
    assert.deepEqual(lines(value), [
      `latency_seconds_sum{job=shop} 4.5 @${T_MS}`,
      `latency_seconds_count{job=shop} 6 @${T_MS}`,
      `latency_seconds_bucket{job=shop,le=0.1} 1 @${T_MS}`,
      `latency_seconds_bucket{job=shop,le=1} 3 @${T_MS}`,
      `latency_seconds_bucket{job=shop,le=+Inf} 6 @${T_MS}`,
    ]);
    const labels = ['span_id', 'eee19b7ec3c1b174', 'trace_id', trace, 'user', 'u'];
    assert.deepEqual(value.exemplars, [
      { seriesIndex: 3, exemplar: { labels, value: 0.5, timestampMs: T_MS } },
      { seriesIndex: 4, exemplar: { labels, value: 5, timestampMs: T_MS } },
    ]);
  });

  test('a histogram without sum has no _sum; without buckets it has only +Inf', () => {
    const { value } = decode(request([{ name: 'h', histogram: { aggregationTemporality: 2, dataPoints: [{ timeUnixNano: T, count: '2' }] } }]));
    assert.deepEqual(lines(value), [`h_count{job=shop} 2 @${T_MS}`, `h_bucket{job=shop,le=+Inf} 2 @${T_MS}`]);
  });

  const exponential = (point: Json, temporality = 2): Json => ({
    name: 'e', exponentialHistogram: { aggregationTemporality: temporality, dataPoints: [{ timeUnixNano: T, ...point }] },
  });

  test('an exponential histogram becomes a native one: indexes shifted by one, empty buckets left out', () => {
    const { value } = decode(
      request([exponential({ count: '10', sum: 3, scale: 1, zeroCount: '1', positive: { offset: -1, bucketCounts: ['2', '0', '3'] }, negative: { offset: 4, bucketCounts: ['4'] } })]),
    );
    assert.deepEqual(value.histograms[0]!.histogram, {
      schema: 1, count: 10, sum: 3, zeroThreshold: 1e-128, zeroCount: 1, positive: { indexes: [0, 2], counts: [2, 3] },
      negative: { indexes: [5], counts: [4] }, counterReset: 'unknown',
    });
  });

  test('a scale above 8 is merged down, below -4 it is rejected', () => {
    // Scale 10 has four buckets in each of scale 8: 4i … 4i+3 are i.
    const { value, rejected, problems } = decode(
      request([
        exponential({ count: '21', scale: 10, zeroThreshold: 0.5, positive: { offset: -2, bucketCounts: ['1', '2', '3', '4', '5', '6'] } }),
        exponential({ count: '1', scale: -5 }),
      ]),
    );
    const { schema, positive, zeroThreshold } = value.histograms[0]!.histogram;
    assert.deepEqual([schema, zeroThreshold, positive], [8, 0.5, { indexes: [0, 1], counts: [3, 18] }]);
    assert.deepEqual([rejected, problems[0]!.message], [1, 'cannot convert exponential to native histogram. Scale must be >= -4, was -5']);
  });

  test('a summary', () => {
    const point = { timeUnixNano: T, count: '3', sum: 6, quantileValues: [{ quantile: 0.5, value: 1 }, { quantile: 0.99, value: 4 }] };
    assert.deepEqual(lines(decode(request([{ name: 's', summary: { dataPoints: [point] } }])).value), [
      `s_sum{job=shop} 6 @${T_MS}`, `s_count{job=shop} 3 @${T_MS}`, `s{job=shop,quantile=0.5} 1 @${T_MS}`, `s{job=shop,quantile=0.99} 4 @${T_MS}`,
    ]);
  });

  test('a point without recorded value is a stale marker', () => {
    const { value } = decode(request([sum('c', { flags: 1 }), exponential({ flags: 1 }), { name: 'h', histogram: { aggregationTemporality: 2, dataPoints: [{ timeUnixNano: T, flags: 1 }] } }]));
    assert.deepEqual(lines(value), [`c_total{job=shop} stale @${T_MS}`, `e{job=shop} stale @${T_MS}`, `h_count{job=shop} stale @${T_MS}`, `h_bucket{job=shop,le=+Inf} stale @${T_MS}`]);
  });

  test('job and instance come from the resource, the rest of it goes to target_info', () => {
    const resource = [attribute('service.name', 'shop'), attribute('service.namespace', 'prod'), attribute('service.instance.id', 'i-1'), attribute('host.name', 'h'), { key: 'pid', value: { intValue: '7' } }];
    const later = { timeUnixNano: '1700000001000000000', asInt: '1' };
    const { value } = decode(request([sum('c', { asInt: '1', attributes: [attribute('job', 'mine'), attribute('instance', 'mine')] }), sum('d', later)], resource));
    assert.deepEqual(lines(value), [
      `c_total{instance=i-1,job=prod/shop} 1 @${T_MS}`,
      'd_total{instance=i-1,job=prod/shop} 1 @1700000001000',
      'target_info{host_name=h,instance=i-1,job=prod/shop,pid=7} 1 @1700000001000',
    ]);
  });

  test('a resource without identity has no target_info', () => {
    assert.deepEqual(lines(decode(request([sum('c', { asInt: '1' })], [attribute('host.name', 'h')])).value), [`c_total{} 1 @${T_MS}`]);
  });

  test('attributes that become one label are joined; empty ones are left out; other types are written as JSON', () => {
    const attributes = [
      attribute('a_b', '2'), attribute('a.b', '1'), attribute('empty', ''), { key: 'list', value: { arrayValue: { values: [{ stringValue: '<' }, { intValue: '1' }] } } },
      { key: 'map', value: { kvlistValue: { values: [{ key: 'z', value: { boolValue: true } }, { key: 'b', value: { doubleValue: 0.5 } }] } } }, { key: 'raw', value: { bytesValue: 'AQI=' } },
    ];
    assert.deepEqual(lines(decode(request([sum('c', { asInt: '1', attributes })])).value), [
      `c_total{a_b=1;2,job=shop,list=["\\u003c",1],map={"b":0.5,"z":true},raw=AQI=} 1 @${T_MS}`,
    ]);
  });

  test('points that cannot be stored are rejected and counted', () => {
    const { accepted, problems, value } = decode(request([sum('c', { asInt: '1' }, 0), sum('', { asInt: '1' }), { name: 'g', gauge: { dataPoints: [{ asInt: '1' }, { timeUnixNano: T, asInt: '2' }] } }]));
    assert.deepEqual(problems, [
      { message: 'invalid temporality and type combination for metric "c"', count: 1 },
      { message: 'data point without time_unix_nano', count: 1 },
    ]);
    // A sum without a name is still called `total`, as in Prometheus.
    assert.deepEqual([accepted, lines(value)], [2, [`total{job=shop} 1 @${T_MS}`, `g{job=shop} 2 @${T_MS}`]]);
  });

  test('a series seen before is the same object', () => {
    for (const format of ['json', 'protobuf'] as const) {
      const decoder = new OtlpMetricsDecoder();
      const json = request([sum('c', { asInt: '1', attributes: [attribute('a', 'b')] }), { name: 'h', histogram: { aggregationTemporality: 2, dataPoints: [{ timeUnixNano: T, count: '1', sum: 1, bucketCounts: ['1', '0'], explicitBounds: [1] }] } }], [...SHOP, attribute('x', 'y')]);
      const [first, second] = [0, 1].map(() => decoder.decode(format === 'json' ? toJson(json) : toProtobuf('metrics', json), format).value.series);
      assert.equal(first!.length, 6);
      first!.forEach((labels, i) => assert.equal(second![i], labels));
    }
  });

  test('a full cache is emptied, and nothing changes', () => {
    const decoder = new OtlpMetricsDecoder({ maxCachedStreams: 2 });
    for (let i = 0; i < 10; i++) {
      const json = request([sum('c', { asInt: '1', attributes: [attribute('a', String(i))] })]);
      assert.deepEqual(lines(decoder.decode(toJson(json), 'json').value), [`c_total{a=${i},job=shop} 1 @${T_MS}`]);
    }
  });
});

suite('OtlpMetricsDecoder: delta streams', () => {
  const at = (seconds: number): string => String(1_700_000_000 + seconds) + '000000000';
  const value = (result: ReturnType<OtlpMetricsDecoder['decode']>): (number | undefined)[] => [...result.value.values];

  test('sums add up; a point that is not newer is rejected; streams do not mix', () => {
    const decoder = new OtlpMetricsDecoder();
    const send = (seconds: number, count: number, attributes: readonly Json[] = []): ReturnType<OtlpMetricsDecoder['decode']> =>
      decoder.decode(toJson(request([sum('c', { timeUnixNano: at(seconds), asInt: String(count), attributes }, 1)])), 'json');
    assert.deepEqual([value(send(1, 5)), value(send(2, 3)), value(send(2, 100, [attribute('a', 'b')])), value(send(3, 2))], [[5], [8], [100], [10]]);
    const late = send(3, 1);
    assert.deepEqual([late.accepted, late.problems], [0, [{ message: 'delta point is not newer than the one before it', count: 1 }]]);
    assert.deepEqual(value(send(4, 1)), [11]);
  });

  test('both encodings of a stream are one stream', () => {
    const decoder = new OtlpMetricsDecoder();
    decoder.decode(toJson(request([sum('c', { timeUnixNano: at(1), asInt: '5' }, 1)])), 'json');
    assert.deepEqual(value(decoder.decode(toProtobuf('metrics', request([sum('c', { timeUnixNano: at(2), asInt: '5' }, 1)])), 'protobuf')), [10]);
  });

  test('histograms add up, and start again with other bounds', () => {
    const decoders = { json: new OtlpMetricsDecoder(), protobuf: new OtlpMetricsDecoder() };
    const send = (seconds: number, counts: readonly number[], bounds: readonly number[]): (number | undefined)[] => {
      const count = counts.reduce((total, n) => total + n, 0);
      const point = { timeUnixNano: at(seconds), count: String(count), sum: count, bucketCounts: counts.map(String), explicitBounds: bounds };
      return value(decode(request([{ name: 'h', histogram: { aggregationTemporality: 1, dataPoints: [point] } }]), decoders));
    };
    assert.deepEqual(send(1, [1, 2], [1]), [3, 3, 1, 3]);
    assert.deepEqual(send(2, [1, 1], [1]), [5, 5, 2, 5]);
    assert.deepEqual(send(3, [1, 1], [2]), [2, 2, 1, 2]);
  });

  test('exponential histograms add up at the coarser scale', () => {
    const decoders = { json: new OtlpMetricsDecoder(), protobuf: new OtlpMetricsDecoder() };
    const send = (seconds: number, scale: number, offset: number, counts: readonly string[], zeroThreshold = 0): unknown => {
      const point = { timeUnixNano: at(seconds), count: '1', sum: 1, scale, zeroThreshold, positive: { offset, bucketCounts: counts } };
      return decode(request([{ name: 'e', exponentialHistogram: { aggregationTemporality: 1, dataPoints: [point] } }]), decoders).value.histograms[0]!.histogram;
    };
    send(1, 1, 0, ['1', '2', '3']);
    // Scale 1's indexes 1, 2, 3 are scale 0's 1, 1, 2.
    assert.deepEqual(send(2, 0, 1, ['10']), {
      schema: 0, count: 2, sum: 2, zeroThreshold: 1e-128, zeroCount: 0, positive: { indexes: [1, 2], counts: [3, 13] }, negative: { indexes: [], counts: [] }, counterReset: 'unknown',
    });
    // A zero bucket up to 1.5 takes in (1, 2].
    const { zeroCount, positive } = send(3, 0, 5, ['1'], 1.5) as { zeroCount: number; positive: unknown };
    assert.deepEqual([zeroCount, positive], [3, { indexes: [2, 6], counts: [13, 1] }]);
  });

  test('the streams remembered are bounded; the one not used for longest goes first', () => {
    const decoder = new OtlpMetricsDecoder({ maxDeltaStreams: 2 });
    const send = (stream: string, seconds: number): (number | undefined)[] =>
      value(decoder.decode(toJson(request([sum('c', { timeUnixNano: at(seconds), asInt: '1', attributes: [attribute('s', stream)] }, 1)])), 'json'));
    send('a', 1);
    send('b', 1);
    send('a', 2);
    send('c', 1);
    assert.deepEqual([decoder.evictedDeltaStreams, send('a', 3), send('b', 2)], [1, [3], [1]]);
  });
});

suite('metric and label names', () => {
  const NAMES: readonly (readonly [name: string, unit: string, kind: OtlpMetricKind, expected: string])[] = [
    ['http.server.duration', 'ms', 'histogram', 'http_server_duration_milliseconds'],
    ['http.server.request.duration', 's', 'histogram', 'http_server_request_duration_seconds'],
    ['requests', '1', 'counter', 'requests_total'],
    ['requests.total', '', 'counter', 'requests_total'],
    ['total.requests', '', 'counter', 'requests_total'],
    ['cpu.utilization', '1', 'gauge', 'cpu_utilization_ratio'],
    ['cpu.ratio.used', '1', 'gauge', 'cpu_used_ratio'],
    ['memory', 'By', 'gauge', 'memory_bytes'],
    ['memory.bytes', 'By', 'gauge', 'memory_bytes'],
    ['net.io', 'By/s', 'gauge', 'net_io_bytes_per_second'],
    ['speed', 'm/s', 'gauge', 'speed_meters_per_second'],
    ['rate', '{request}/s', 'gauge', 'rate_per_second'],
    ['queue', '{items}', 'gauge', 'queue'],
    ['fan', '%', 'gauge', 'fan_percent'],
    ['odd', 'foo bar/', 'gauge', 'odd_foo_bar'],
    ['2xx', '', 'gauge', '_2xx'],
    ['a__b..c', '', 'gauge', 'a_b_c'],
    ['ns:metric', '', 'gauge', 'ns:metric'],
    ['größe', '', 'gauge', 'gr_e'],
    ['...', '', 'gauge', ''],
  ];
  for (const [name, unit, kind, expected] of NAMES) {
    test(`${kind} ${name} in ${unit || 'nothing'}`, () => assert.equal(prometheusMetricName(name, unit, kind), expected));
  }

  for (const [key, expected] of [['http.method', 'http_method'], ['2nd', 'key_2nd'], ['_x', 'key_x'], ['__x', '__x'], ['a__b', 'a__b'], ['ünder', 'key_nder'], ['', '']] as const) {
    test(`label ${JSON.stringify(key)}`, () => assert.equal(prometheusLabelName(key), expected));
  }

  test('a name is one that PromQL can write, or nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, unit) => assert.match(prometheusMetricName(name, unit, 'counter'), /^[a-zA-Z_:][a-zA-Z0-9_:]*$/)));
  });
});
