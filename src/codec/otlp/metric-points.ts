import type { Attributes } from '../../model/attributes.ts';
import type { OtlpMetricKind } from './metric-names.ts';

/** How successive points of a stream relate; `none` for gauges and summaries. */
export type Temporality = 'none' | 'unspecified' | 'delta' | 'cumulative';

/** Metric.AggregationTemporality by number. */
export const TEMPORALITIES: readonly Temporality[] = ['unspecified', 'delta', 'cumulative'];

/** What the points of one metric have in common. */
export interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly kind: OtlpMetricKind;
  readonly temporality: Temporality;
}

/**
 * The attributes of a point or resource, read only when needed: `key` is equal only for equal attributes
 * (their encoded bytes), so that a stream seen before costs no decoding.
 */
export interface AttributeSource {
  readonly key: string;
  read(): Attributes;
}

/** An exemplar as OTLP has it. Ids are lower-case hex or ''. */
export interface OtlpExemplar {
  readonly timestampMs: number;
  readonly value: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

interface PointBase {
  readonly startMs: number;
  readonly timestampMs: number;
  /** The flag NoRecordedValue: the stream has ended here. */
  readonly isAbsent: boolean;
  readonly exemplars: readonly OtlpExemplar[];
}

/** A point of a gauge or sum. */
export interface NumberPoint extends PointBase {
  readonly value: number;
}

/** A point of an explicit histogram; there is one count more than there are bounds. */
export interface HistogramPoint extends PointBase {
  readonly count: number;
  readonly sum: number | undefined;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** Consecutive buckets: `counts[i]` is of bucket `offset + i`, which holds (base^(offset+i), base^(offset+i+1)]. */
export interface DenseBuckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

/** A point of an exponential histogram with base 2^(2^-scale). */
export interface ExponentialPoint extends PointBase {
  readonly count: number;
  readonly sum: number | undefined;
  readonly scale: number;
  readonly zeroCount: number;
  readonly zeroThreshold: number;
  readonly positive: DenseBuckets;
  readonly negative: DenseBuckets;
}

/** A point of a summary; quantiles and their values alternate. */
export interface SummaryPoint extends PointBase {
  readonly count: number;
  readonly sum: number;
  readonly quantiles: readonly number[];
}

/** Receives the metrics of a request, in the order of nesting. The two readers drive it, the translator is one. */
export interface OtlpMetricSink {
  startResource(resource: AttributeSource): void;
  startMetric(metric: OtlpMetric): void;
  number(attributes: AttributeSource, point: NumberPoint): void;
  histogram(attributes: AttributeSource, point: HistogramPoint): void;
  exponential(attributes: AttributeSource, point: ExponentialPoint): void;
  summary(attributes: AttributeSource, point: SummaryPoint): void;
  endResource(): void;
}
