import { labelsKey, type Labels } from '../../model/labels.ts';
import { MetricBatchBuilder } from '../../model/metric-batch.ts';
import type { MetricType } from '../../model/metric.ts';
import type { DeltaAccumulator } from './delta-accumulator.ts';
import { toExemplar } from './exemplar-labels.ts';
import { COARSEST_SCHEMA, toNativeHistogram } from './exponential-histogram.ts';
import { prometheusMetricName, type OtlpMetricKind } from './metric-names.ts';
import type {
  AttributeSource, ExponentialPoint, HistogramPoint, NumberPoint, OtlpExemplar, OtlpMetric, OtlpMetricSink, SummaryPoint,
} from './metric-points.ts';
import type { Rejections } from './otlp-result.ts';
import type { PointLabels } from './point-labels.ts';
import type { MetricState, ResourceState, SeriesCache } from './series-cache.ts';

const METADATA_TYPES: Readonly<Record<OtlpMetricKind, MetricType>> = {
  gauge: 'gauge', counter: 'counter', upDownCounter: 'gauge', histogram: 'histogram', exponentialHistogram: 'histogram', summary: 'summary',
};

/**
 * Translates the metrics of one request to Prometheus series, as Prometheus 3.5 does
 * (storage/remote/otlptranslator/prometheusremotewrite) with its default settings; delta streams are accumulated first.
 */
export class MetricTranslator implements OtlpMetricSink {
  readonly batch = new MetricBatchBuilder();
  /** Points that became samples. */
  accepted = 0;
  readonly #cache: SeriesCache;
  readonly #deltas: DeltaAccumulator;
  readonly #rejections: Rejections;
  #resource: ResourceState | undefined;
  #metric: MetricState | undefined;
  #isDelta = false;
  /** Why no point of the current metric can be taken. */
  #refusal: string | undefined;
  #latestMs = 0;

  constructor(cache: SeriesCache, deltas: DeltaAccumulator, rejections: Rejections) {
    this.#cache = cache;
    this.#deltas = deltas;
    this.#rejections = rejections;
  }

  startResource(resource: AttributeSource): void {
    this.#resource = this.#cache.resource(resource);
    this.#latestMs = 0;
  }

  startMetric(metric: OtlpMetric): void {
    const family = prometheusMetricNameCached(metric);
    this.#isDelta = metric.temporality === 'delta';
    this.#refusal = undefined;
    if (family === '') this.#refusal = 'metric without a usable name';
    else if (metric.temporality === 'unspecified') this.#refusal = `invalid temporality and type combination for metric "${metric.name}"`;
    this.#metric = this.#cache.metric(this.#resource!, family, metric.kind);
    if (!this.#refusal) {
      this.batch.addMetadata({ family, type: METADATA_TYPES[metric.kind], help: metric.description, unit: metric.unit });
    }
  }

  number(attributes: AttributeSource, point: NumberPoint): void {
    const series = this.#series(attributes, point.timestampMs);
    if (!series) return;
    const labels = series.named('');
    let value = point.value;
    if (this.#isDelta && !point.isAbsent) {
      const total = this.#deltas.addNumber(`n${labelsKey(labels)}`, point.timestampMs, value);
      if (typeof total === 'string') return this.#rejections.add(total);
      value = total;
    }
    this.#sample(labels, point.timestampMs, point.isAbsent, value);
    // Prometheus keeps no exemplars of gauges.
    if (this.#metric!.kind !== 'gauge') this.#exemplars(point.exemplars);
    this.accepted++;
  }

  histogram(attributes: AttributeSource, received: HistogramPoint): void {
    const series = this.#series(attributes, received.timestampMs);
    if (!series) return;
    let point = received;
    if (this.#isDelta && !point.isAbsent) {
      const total = this.#deltas.addHistogram(`h${labelsKey(series.named('_count'))}`, point);
      if (typeof total === 'string') return this.#rejections.add(total);
      point = total;
    }
    const { timestampMs, isAbsent, bounds, counts } = point;
    if (point.sum !== undefined) this.#sample(series.named('_sum'), timestampMs, isAbsent, point.sum);
    this.#sample(series.named('_count'), timestampMs, isAbsent, point.count);
    const buckets = series.buckets(bounds);
    let exemplars: readonly OtlpExemplar[] = received.exemplars;
    let cumulative = 0;
    for (let i = 0; i < buckets.length; i++) {
      const isLast = i === buckets.length - 1;
      if (!isLast && i >= counts.length) continue;
      if (!isLast) cumulative += counts[i]!;
      this.#sample(buckets[i]!, timestampMs, isAbsent, isLast ? point.count : cumulative);
      exemplars = this.#bucketExemplars(exemplars, isLast ? Infinity : bounds[i]!);
    }
    this.accepted++;
  }

  exponential(attributes: AttributeSource, point: ExponentialPoint): void {
    const series = this.#series(attributes, point.timestampMs);
    if (!series) return;
    if (point.scale < COARSEST_SCHEMA) {
      return this.#rejections.add(`cannot convert exponential to native histogram. Scale must be >= ${COARSEST_SCHEMA}, was ${point.scale}`);
    }
    const labels = series.named('');
    let histogram = toNativeHistogram(point);
    if (this.#isDelta && !point.isAbsent) {
      const total = this.#deltas.addExponential(`e${labelsKey(labels)}`, point.timestampMs, histogram);
      if (typeof total === 'string') return this.#rejections.add(total);
      histogram = total;
    }
    this.batch.startSeries(labels);
    this.batch.addHistogram(point.timestampMs, histogram);
    this.#exemplars(point.exemplars);
    this.accepted++;
  }

  summary(attributes: AttributeSource, point: SummaryPoint): void {
    const series = this.#series(attributes, point.timestampMs);
    if (!series) return;
    this.#sample(series.named('_sum'), point.timestampMs, point.isAbsent, point.sum);
    this.#sample(series.named('_count'), point.timestampMs, point.isAbsent, point.count);
    const quantiles = series.quantiles(point.quantiles.filter((_, i) => i % 2 === 0));
    quantiles.forEach((labels, i) => this.#sample(labels, point.timestampMs, point.isAbsent, point.quantiles[2 * i + 1]!));
    this.accepted++;
  }

  endResource(): void {
    const info = this.#resource!.targetInfo;
    if (info && this.#latestMs > 0) this.#sample(info, this.#latestMs, false, 1);
  }

  #series(attributes: AttributeSource, timestampMs: number): PointLabels | undefined {
    if (this.#refusal !== undefined) {
      this.#rejections.add(this.#refusal);
      return undefined;
    }
    if (timestampMs === 0) {
      this.#rejections.add('data point without time_unix_nano');
      return undefined;
    }
    if (timestampMs > this.#latestMs) this.#latestMs = timestampMs;
    return this.#cache.point(this.#resource!, this.#metric!, attributes);
  }

  #sample(labels: Labels, timestampMs: number, isStale: boolean, value: number): void {
    this.batch.startSeries(labels);
    if (isStale) this.batch.addStale(timestampMs);
    else this.batch.addFloat(timestampMs, value);
  }

  #exemplars(exemplars: readonly OtlpExemplar[]): void {
    for (const exemplar of exemplars) this.batch.addExemplar(toExemplar(exemplar));
  }

  /** Gives the bucket just written the exemplars up to its bound; the others are for later buckets. */
  #bucketExemplars(exemplars: readonly OtlpExemplar[], bound: number): readonly OtlpExemplar[] {
    if (exemplars.length === 0) return exemplars;
    this.#exemplars(exemplars.filter((exemplar) => exemplar.value <= bound));
    return exemplars.filter((exemplar) => exemplar.value > bound);
  }
}

const MOST_NAMES = 10_000;
const names = new Map<string, string>();

/** Names repeat in every request, and building one takes a dozen string operations. */
function prometheusMetricNameCached(metric: OtlpMetric): string {
  const key = `${metric.kind}\0${metric.unit}\0${metric.name}`;
  let name = names.get(key);
  if (name === undefined) {
    name = prometheusMetricName(metric.name, metric.unit, metric.kind);
    if (names.size >= MOST_NAMES) names.clear();
    names.set(key, name);
  }
  return name;
}
