import { MetricBatchBuilder, type MetricBatch } from '../../model/metric-batch.ts';
import { DeltaAccumulator } from './delta-accumulator.ts';
import { guard } from './decode-otlp.ts';
import { MetricTranslator } from './metric-translator.ts';
import { readMetricsJson } from './metrics-json.ts';
import { readMetricsProtobuf } from './metrics-protobuf.ts';
import { Rejections, type OtlpDecoded, type OtlpFormat } from './otlp-result.ts';
import { SeriesCache } from './series-cache.ts';

/** Bounds of what an {@link OtlpMetricsDecoder} remembers between requests. */
export interface OtlpMetricsDecoderLimits {
  /** Streams whose labels are kept ready. Default 200,000. */
  readonly maxCachedStreams?: number;
  /** Delta streams whose running total is kept. Default 100,000. */
  readonly maxDeltaStreams?: number;
}

/**
 * Decodes bodies of `/v1/metrics` into Prometheus series. Keeps labels and delta totals from request to request,
 * so all requests have to go through one decoder. `accepted` and `rejected` count data points, not samples.
 * A body that turns out malformed half-way yields no samples, but deltas read before that stay in their totals.
 */
export class OtlpMetricsDecoder {
  readonly #cache: SeriesCache;
  readonly #deltas: DeltaAccumulator;

  constructor(limits: OtlpMetricsDecoderLimits = {}) {
    this.#cache = new SeriesCache(limits.maxCachedStreams);
    this.#deltas = new DeltaAccumulator(limits.maxDeltaStreams);
  }

  /** Delta streams forgotten to stay inside the bound, since the start. */
  get evictedDeltaStreams(): number {
    return this.#deltas.evicted;
  }

  decode(body: Uint8Array, format: OtlpFormat): OtlpDecoded<MetricBatch> {
    const rejections = new Rejections();
    return guard(new MetricBatchBuilder().build(), rejections, () => {
      const translator = new MetricTranslator(this.#cache, this.#deltas, rejections);
      if (format === 'json') readMetricsJson(body, translator);
      else readMetricsProtobuf(body, translator);
      return { value: translator.batch.build(), accepted: translator.accepted };
    });
  }
}
