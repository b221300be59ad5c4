import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CollectorStatistics } from './statistics.ts';

/** The collector's own metrics, by prom-client, as `/metrics` shows them. Nothing is dropped or refused without a counter here. */
export class SelfMetrics {
  readonly #registry = new Registry();

  /** Pushed requests by receiver and outcome (`accepted`, `partial`, or the reason of the refusal). */
  readonly requests: Counter<'receiver' | 'outcome'>;
  readonly receivedBytes: Counter<'receiver'>;
  readonly records: Counter<'signal' | 'outcome'>;
  readonly ruleEvaluations: Counter<'kind' | 'outcome'>;
  readonly requestSeconds: Histogram<'route'>;

  /** `statistics` is asked at each scrape for what the workers count. */
  constructor(version: string, statistics: () => Promise<CollectorStatistics>) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.requests = new Counter({ name: 'sightline_received_requests_total', help: 'Requests to the receivers by outcome.', labelNames: ['receiver', 'outcome'], registers });
    this.receivedBytes = new Counter({ name: 'sightline_received_bytes_total', help: 'Bytes of request bodies as they came over the wire.', labelNames: ['receiver'], registers });
    this.records = new Counter({ name: 'sightline_records_total', help: 'Samples, spans and log records by outcome.', labelNames: ['signal', 'outcome'], registers });
    this.ruleEvaluations = new Counter({ name: 'sightline_rule_evaluations_total', help: 'Evaluations of rules by kind and outcome.', labelNames: ['kind', 'outcome'], registers });
    this.requestSeconds = new Histogram({
      name: 'sightline_api_request_duration_seconds',
      help: 'Time to answer a request to the HTTP API.',
      labelNames: ['route'],
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
      registers,
    });
    new Gauge({ name: 'sightline_build_info', help: 'The version of the collector.', labelNames: ['version'], registers }).set({ version }, 1);
    const gauges = STORE_GAUGES.map(([name, help, read]) => ({ gauge: new Gauge({ name, help, registers }), read }));
    const rejected = new Gauge({ name: 'sightline_store_rejected_samples', help: 'Samples the store has refused since its start, by reason.', labelNames: ['reason'], registers });
    this.#refresh = async () => {
      const now = await statistics();
      for (const { gauge, read } of gauges) gauge.set(read(now));
      for (const [reason, count] of Object.entries(now.metrics.rejectedTotal)) rejected.set({ reason }, count);
    };
  }

  readonly #refresh: () => Promise<void>;

  /** Counts an answer of the HTTP API. */
  answered(route: string, status: number, seconds: number): void {
    this.requestSeconds.observe({ route }, seconds);
    this.requests.inc({ receiver: 'api', outcome: status < 400 ? 'accepted' : `status_${status}` });
  }

  /** The exposition text and its content type. */
  async render(): Promise<{ readonly contentType: string; readonly body: string }> {
    await this.#refresh();
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }
}

const STORE_GAUGES: readonly (readonly [string, string, (now: CollectorStatistics) => number])[] = [
  ['sightline_store_series', 'Series in the metrics store.', ({ metrics }) => metrics.series],
  ['sightline_store_samples', 'Samples in the metrics store.', ({ metrics }) => metrics.samples],
  ['sightline_store_appended_samples', 'Samples stored since the start.', ({ metrics }) => metrics.appendedTotal],
  ['sightline_store_out_of_order_samples', 'Samples stored since the start that were older than their series.', ({ metrics }) => metrics.outOfOrderTotal],
  ['sightline_store_chunks', 'Closed chunks in the metrics store.', ({ metrics }) => metrics.chunks],
  ['sightline_store_corrupt_chunks', 'Chunks that could not be read since the start.', ({ metrics }) => metrics.corruptChunksTotal],
  ['sightline_store_evicted_samples', 'Samples that retention has removed since the start.', ({ metrics }) => metrics.evictedSamplesTotal],
  ['sightline_store_evicted_series', 'Series that retention has removed since the start.', ({ metrics }) => metrics.evictedSeriesTotal],
  ['sightline_store_overwritten_exemplars', 'Exemplars that made room for newer ones since the start.', ({ metrics }) => metrics.overwrittenExemplarsTotal],
  ['sightline_store_dropped_metadata', 'Metric families whose metadata found no room since the start.', ({ metrics }) => metrics.droppedMetadataTotal],
  ['sightline_store_flush_failures', 'Flushes that failed since the start.', ({ metrics }) => metrics.flushFailuresTotal],
  ['sightline_store_metrics_disk_bytes', 'Size of the metrics database.', ({ metrics }) => metrics.diskBytes],
  ['sightline_store_metrics_memory_bytes', 'Decoded samples and cached blocks.', ({ metrics }) => metrics.memoryBytes],
  ['sightline_store_spans', 'Spans in the events store.', ({ events }) => events.spans.records],
  ['sightline_store_log_records', 'Log records in the events store.', ({ events }) => events.logs.records],
  ['sightline_store_evicted_spans', 'Spans that retention has removed.', ({ events }) => events.spans.evictedRecords],
  ['sightline_store_evicted_log_records', 'Log records that retention has removed.', ({ events }) => events.logs.evictedRecords],
  ['sightline_store_dropped_spans', 'Spans without proper ids, or lost in a damaged file, since the start.', ({ events }) => events.spans.dropped],
  ['sightline_store_dropped_log_records', 'Log records lost in a damaged file since the start.', ({ events }) => events.logs.dropped],
  ['sightline_store_events_disk_bytes', 'Size of the events database.', ({ events }) => events.diskBytes],
  ['sightline_store_events_memory_bytes', 'Open blocks and caches of the events store.', ({ events }) => events.memoryBytes],
];
