import { ProtobufReader, tagOf, WIRE } from '../../base/protobuf-reader.ts';
import type { OtlpMetricKind } from './metric-names.ts';
import { TEMPORALITIES, type OtlpMetric, type OtlpMetricSink, type Temporality } from './metric-points.ts';
import { PointReader } from './point-protobuf.ts';
import { forEachField } from './wire-groups.ts';

const FIRST = tagOf(1, WIRE.bytes);
const SECOND = tagOf(2, WIRE.bytes);
const UNIT = tagOf(3, WIRE.bytes);
const GAUGE = tagOf(5, WIRE.bytes);
const SUM = tagOf(7, WIRE.bytes);
const HISTOGRAM = tagOf(9, WIRE.bytes);
const EXPONENTIAL = tagOf(10, WIRE.bytes);
const SUMMARY = tagOf(11, WIRE.bytes);
const TEMPORALITY = tagOf(2, WIRE.varint);
const IS_MONOTONIC = tagOf(3, WIRE.varint);

/** Reads an ExportMetricsServiceRequest (opentelemetry-proto metrics.v1) into `sink`. Throws ProtobufError. */
export function readMetricsProtobuf(body: Uint8Array, sink: OtlpMetricSink): void {
  const reader = new ProtobufReader(body);
  const points = new PointReader(reader);
  forEachField(reader, FIRST, () => {
    const outer = reader.enter();
    const start = reader.pos;
    points.findResource(FIRST);
    reader.pos = start;
    sink.startResource(points.source);
    forEachField(reader, SECOND, () => {
      const outerScope = reader.enter();
      forEachField(reader, SECOND, () => readMetric(reader, points, sink));
      reader.leave(outerScope);
    });
    sink.endResource();
    reader.leave(outer);
  });
}

function readMetric(reader: ProtobufReader, points: PointReader, sink: OtlpMetricSink): void {
  const outer = reader.enter();
  let name = '';
  let description = '';
  let unit = '';
  let data = 0;
  let dataAt = -1;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === FIRST) name = reader.string();
    else if (tag === SECOND) description = reader.string();
    else if (tag === UNIT) unit = reader.string();
    else {
      if (tag === GAUGE || tag === SUM || tag === HISTOGRAM || tag === EXPONENTIAL || tag === SUMMARY) {
        data = tag;
        dataAt = reader.pos;
      }
      reader.skip(tag);
    }
  }
  if (dataAt >= 0) {
    reader.pos = dataAt;
    const outerData = reader.enter();
    const start = reader.pos;
    // Temporality and monotonicity stand behind the points that they are about.
    const facts = readFacts(reader);
    reader.pos = start;
    sink.startMetric(describe(name, description, unit, data, facts));
    const read = pointReaderOf(data, points, sink);
    forEachField(reader, FIRST, read);
    reader.leave(outerData);
  }
  reader.leave(outer);
}

function readFacts(reader: ProtobufReader): { temporality: Temporality; isMonotonic: boolean } {
  let temporality: Temporality = 'unspecified';
  let isMonotonic = false;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === TEMPORALITY) temporality = TEMPORALITIES[reader.uint32()] ?? 'unspecified';
    else if (tag === IS_MONOTONIC) isMonotonic = reader.bool();
    else reader.skip(tag);
  }
  return { temporality, isMonotonic };
}

function describe(
  name: string,
  description: string,
  unit: string,
  data: number,
  facts: { temporality: Temporality; isMonotonic: boolean },
): OtlpMetric {
  let kind: OtlpMetricKind = 'gauge';
  if (data === SUM) kind = facts.isMonotonic ? 'counter' : 'upDownCounter';
  else if (data === HISTOGRAM) kind = 'histogram';
  else if (data === EXPONENTIAL) kind = 'exponentialHistogram';
  else if (data === SUMMARY) kind = 'summary';
  const temporality = kind === 'gauge' || kind === 'summary' ? 'none' : facts.temporality;
  return { name, unit, description, kind, temporality };
}

function pointReaderOf(data: number, points: PointReader, sink: OtlpMetricSink): () => void {
  switch (data) {
    case HISTOGRAM:
      return () => sink.histogram(points.source, points.histogram());
    case EXPONENTIAL:
      return () => sink.exponential(points.source, points.exponential());
    case SUMMARY:
      return () => sink.summary(points.source, points.summary());
    default:
      return () => sink.number(points.source, points.number());
  }
}
