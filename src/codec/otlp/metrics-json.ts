import { readJsonRoot, type JsonNode } from './json-reader.ts';
import { readJsonAttributes, readJsonResource } from './json-values.ts';
import type { OtlpMetricKind } from './metric-names.ts';
import { TEMPORALITIES, type AttributeSource, type DenseBuckets, type OtlpExemplar, type OtlpMetricSink, type Temporality } from './metric-points.ts';
import { idOrNone } from './span-names.ts';

const TEMPORALITY_NAMES = TEMPORALITIES.map((name) => name.toUpperCase());
const NO_RECORDED_VALUE = 1;

/** Reads an ExportMetricsServiceRequest in JSON into `sink`. Throws OtlpJsonError. */
export function readMetricsJson(body: Uint8Array, sink: OtlpMetricSink): void {
  for (const group of readJsonRoot(body).nodes('resourceMetrics')) {
    sink.startResource({ key: keyOf(group.raw('resource')), read: () => readJsonResource(group).attributes });
    for (const scoped of group.nodes('scopeMetrics')) {
      for (const metric of scoped.nodes('metrics')) readMetric(metric, sink);
    }
    sink.endResource();
  }
}

function readMetric(metric: JsonNode, sink: OtlpMetricSink): void {
  const start = (kind: OtlpMetricKind, temporality: Temporality): void =>
    sink.startMetric({ name: metric.string('name'), unit: metric.string('unit'), description: metric.string('description'), kind, temporality });
  const gauge = metric.node('gauge');
  if (gauge) {
    start('gauge', 'none');
    readNumbers(gauge, sink);
  }
  const sum = metric.node('sum');
  if (sum) {
    start(sum.bool('isMonotonic') ? 'counter' : 'upDownCounter', temporalityOf(sum));
    readNumbers(sum, sink);
  }
  const histogram = metric.node('histogram');
  if (histogram) {
    start('histogram', temporalityOf(histogram));
    for (const point of histogram.nodes('dataPoints')) {
      const bounds = point.doubles('explicitBounds');
      sink.histogram(attributesOf(point), { ...commonOf(point), ...countOf(point), bounds, counts: point.integers('bucketCounts') });
    }
  }
  const exponential = metric.node('exponentialHistogram');
  if (exponential) {
    start('exponentialHistogram', temporalityOf(exponential));
    for (const point of exponential.nodes('dataPoints')) {
      sink.exponential(attributesOf(point), {
        ...commonOf(point),
        ...countOf(point),
        scale: point.integer('scale'),
        zeroCount: point.integer('zeroCount'),
        zeroThreshold: point.double('zeroThreshold'),
        positive: bucketsOf(point.node('positive')),
        negative: bucketsOf(point.node('negative')),
      });
    }
  }
  const summary = metric.node('summary');
  if (summary) {
    start('summary', 'none');
    for (const point of summary.nodes('dataPoints')) {
      const quantiles = Array.from(point.nodes('quantileValues')).flatMap((entry) => [entry.double('quantile'), entry.double('value')]);
      sink.summary(attributesOf(point), { ...commonOf(point), count: point.integer('count'), sum: point.double('sum'), quantiles });
    }
  }
}

function readNumbers(data: JsonNode, sink: OtlpMetricSink): void {
  for (const point of data.nodes('dataPoints')) sink.number(attributesOf(point), { ...commonOf(point), value: numberOf(point) });
}

function commonOf(point: JsonNode): { startMs: number; timestampMs: number; isAbsent: boolean; exemplars: OtlpExemplar[] } {
  return {
    startMs: point.unixMs('startTimeUnixNano'),
    timestampMs: point.unixMs('timeUnixNano'),
    isAbsent: (point.integer('flags') & NO_RECORDED_VALUE) !== 0,
    exemplars: Array.from(point.nodes('exemplars'), (exemplar) => ({
      timestampMs: exemplar.unixMs('timeUnixNano'),
      value: numberOf(exemplar),
      traceId: idOrNone(exemplar.hex('traceId')),
      spanId: idOrNone(exemplar.hex('spanId')),
      attributes: readJsonAttributes(exemplar, 'filteredAttributes'),
    })),
  };
}

function countOf(point: JsonNode): { count: number; sum: number | undefined } {
  return { count: point.integer('count'), sum: point.has('sum') ? point.double('sum') : undefined };
}

function numberOf(point: JsonNode): number {
  return point.has('asInt') ? point.integer('asInt') : point.double('asDouble');
}

function bucketsOf(node: JsonNode | undefined): DenseBuckets {
  return node ? { offset: node.integer('offset'), counts: node.integers('bucketCounts') } : { offset: 0, counts: [] };
}

function temporalityOf(data: JsonNode): Temporality {
  return TEMPORALITIES[data.enum('aggregationTemporality', 'AGGREGATION_TEMPORALITY_', TEMPORALITY_NAMES)]!;
}

function attributesOf(point: JsonNode): AttributeSource {
  return { key: keyOf(point.raw('attributes')), read: () => readJsonAttributes(point, 'attributes') };
}

/** The JSON's own text as a key. The prefix keeps it apart from protobuf bytes. */
function keyOf(value: unknown): string {
  return value === undefined ? 'json' : `json${JSON.stringify(value, (_, entry: unknown) => (typeof entry === 'bigint' ? `${entry}n` : entry))}`;
}
