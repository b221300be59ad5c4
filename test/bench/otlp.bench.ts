/**
 * CPU time to decode OTLP, and to parse an exposition. Run: node test/bench/otlp.bench.ts
 * Prints microseconds of CPU a record, the best of some rounds after a warm-up.
 */
import { decodeOtlpTraces } from '../../src/codec/otlp/decode-otlp.ts';
import { OtlpMetricsDecoder } from '../../src/codec/otlp/otlp-metrics-decoder.ts';
import { parseExposition } from '../../src/codec/prometheus-text/parse-exposition.ts';
import { decodeExposition } from '../../src/codec/prometheus-text/decode-exposition.ts';
import type { Labels } from '../../src/model/labels.ts';
import { toJson, toProtobuf, type Json } from '../unit/codec/otlp/otlp-wire.ts';

const ROUNDS = 12;
const text = (key: string, value: string): Json => ({ key, value: { stringValue: value } });
const resource = { attributes: [text('service.name', 'gateway'), text('service.instance.id', 'i-1'), text('host.name', 'h')] };

const spans: Json = {
  resourceSpans: [
    {
      resource,
      scopeSpans: [
        {
          spans: Array.from({ length: 1000 }, (_, i) => ({
            traceId: (i + 1).toString(16).padStart(32, '0'), spanId: (i + 1).toString(16).padStart(16, '0'), name: 'POST /v1/chat', kind: 3,
            startTimeUnixNano: '1700000000000000000', endTimeUnixNano: '1700000000500000000',
            attributes: [
              text('http.method', 'POST'), text('http.route', '/v1/chat'), { key: 'http.status_code', value: { intValue: 200 } }, text('provider', 'openai'),
              text('model', 'gpt-4o'), { key: 'tokens', value: { intValue: i } }, { key: 'cached', value: { boolValue: false } }, text('user', `u-${i}`),
            ],
            status: { code: 1 },
          })),
        },
      ],
    },
  ],
};

const metrics: Json = {
  resourceMetrics: [
    {
      resource,
      scopeMetrics: [
        {
          metrics: Array.from({ length: 20 }, (_, metric) => ({
            name: `gateway.metric.${metric}`, unit: 's',
            sum: {
              aggregationTemporality: 2, isMonotonic: true,
              dataPoints: Array.from({ length: 50 }, (__, i) => ({
                startTimeUnixNano: '1700000000000000000', timeUnixNano: '1700000010000000000', asDouble: i * 1.5,
                attributes: [text('provider', 'openai'), text('model', `m-${i}`), text('route', '/v1/chat'), text('code', '200')],
              })),
            },
          })),
        },
      ],
    },
  ],
};

const exposition = Buffer.from(
  Array.from({ length: 10_000 }, (_, i) => `m${i % 50}_total{provider="openai",model="gpt-4-${i}",route="/v1/chat",code="200"} ${(i * 1.25).toFixed(3)}\n`).join(''),
);

function measure(name: string, records: number, run: () => void): void {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < 10; i++) run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / (10 * records));
  }
  console.log(`${name.padEnd(44)} ${best.toFixed(2)} µs CPU a record`);
}

const spansProtobuf = toProtobuf('traces', spans);
const spansJson = toJson(spans);
const metricsProtobuf = toProtobuf('metrics', metrics);
const metricsJson = toJson(metrics);
console.log(`bytes a record: span ${spansProtobuf.length / 1000}, data point ${metricsProtobuf.length / 1000}, exposition line ${exposition.length / 10_000}`);
measure('spans, protobuf', 1000, () => decodeOtlpTraces(spansProtobuf, 'protobuf'));
measure('spans, JSON', 1000, () => decodeOtlpTraces(spansJson, 'json'));
const decoder = new OtlpMetricsDecoder();
measure('data points, protobuf, known series', 1000, () => decoder.decode(metricsProtobuf, 'protobuf'));
measure('data points, protobuf, new series', 1000, () => new OtlpMetricsDecoder().decode(metricsProtobuf, 'protobuf'));
measure('data points, JSON, known series', 1000, () => decoder.decode(metricsJson, 'json'));
const seriesByText = new Map<string, Labels>();
const sink = { seriesByText, createSeries: (labels: Labels) => labels, sample: () => undefined, exemplar: () => undefined, fact: () => undefined };
measure('exposition lines, known series', 10_000, () => parseExposition(exposition, 'prometheus', sink));
measure('exposition lines, new series, into a batch', 10_000, () => decodeExposition(exposition, { format: 'prometheus', timestampMs: 0 }));
