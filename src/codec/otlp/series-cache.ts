import type { Labels } from '../../model/labels.ts';
import type { OtlpMetricKind } from './metric-names.ts';
import type { AttributeSource } from './metric-points.ts';
import { identityLabels, PointLabels, targetInfoLabels } from './point-labels.ts';

/** One metric of one resource. */
export interface MetricState {
  readonly family: string;
  readonly kind: OtlpMetricKind;
  readonly points: Map<string, PointLabels>;
}

/** What one resource's series have in common. */
export interface ResourceState {
  readonly identity: ReadonlyMap<string, string>;
  readonly targetInfo: Labels | undefined;
  readonly metrics: Map<string, MetricState>;
}

/**
 * Labels of the streams seen before, by the encoded bytes of resource and attributes. Holding nothing but what can be built again,
 * it is simply emptied when it has `maxStreams` streams or its keys take `maxKeyBytes`.
 */
export class SeriesCache {
  readonly #resources = new Map<string, ResourceState>();
  readonly #maxStreams: number;
  readonly #maxKeyBytes: number;
  #streamCount = 0;
  #keyBytes = 0;

  constructor(maxStreams = 200_000, maxKeyBytes = 32 * 1024 * 1024) {
    this.#maxStreams = maxStreams;
    this.#maxKeyBytes = maxKeyBytes;
  }

  resource(source: AttributeSource): ResourceState {
    if (this.#streamCount >= this.#maxStreams || this.#resources.size >= this.#maxStreams || this.#keyBytes >= this.#maxKeyBytes) {
      this.#resources.clear();
      this.#streamCount = 0;
      this.#keyBytes = 0;
    }
    let state = this.#resources.get(source.key);
    if (!state) {
      const attributes = source.read();
      state = { identity: identityLabels(attributes), targetInfo: targetInfoLabels(attributes), metrics: new Map() };
      this.#resources.set(source.key, state);
      this.#keyBytes += source.key.length;
    }
    return state;
  }

  metric(resource: ResourceState, family: string, kind: OtlpMetricKind): MetricState {
    const key = `${kind}\0${family}`;
    let state = resource.metrics.get(key);
    if (!state) resource.metrics.set(key, (state = { family, kind, points: new Map() }));
    return state;
  }

  point(resource: ResourceState, metric: MetricState, source: AttributeSource): PointLabels {
    let labels = metric.points.get(source.key);
    if (!labels) {
      labels = new PointLabels(metric.family, source.read(), resource.identity);
      metric.points.set(source.key, labels);
      this.#streamCount++;
      this.#keyBytes += source.key.length;
    }
    return labels;
  }
}
