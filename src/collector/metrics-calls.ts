import type { OtlpFormat } from '../codec/otlp/otlp-result.ts';
import type { InstantSample, RangeSeries } from '../health/query.ts';
import type { Labels } from '../model/labels.ts';
import type { MetricBatch } from '../model/metric-batch.ts';
import type { RuleSample } from '../rules/rule-query.ts';
import type { RangeQueryAnswer, RangeQueryParams } from '../protocol/rpc.ts';
import type { OtlpIngestAnswer } from '../receive/http/ingest-otlp.ts';
import type { ScrapeInput, ScrapeOutcome, ScrapeTargetSpec } from '../receive/scrape/scrape-appender.ts';
import type { AppendResult, MetricsStoreStats } from '../store/metrics/store-types.ts';

/** How the metrics worker is set up. */
export interface MetricsWorkerOptions {
  /** The folder of `metrics.db`; undefined keeps everything in memory. */
  readonly dataDir: string | undefined;
  readonly retentionAgeMs: number | undefined;
  readonly retentionBytes: number;
  readonly memoryBytes: number;
  readonly experimentalPromql: boolean;
}

/** A pushed body, still compressed: the worker inflates and decodes it. */
export type MetricsIngestParams =
  | { readonly kind: 'otlp'; readonly format: OtlpFormat; readonly encoding: string; readonly body: Uint8Array }
  | { readonly kind: 'remote-write'; readonly encoding: string; readonly body: Uint8Array };

/** How long a query may take, the wait for its turn included, ms. */
export const QUERY_TIMEOUT_MS = 120_000;

/** One call of the Prometheus query API; times in ms. */
export type ApiQuery =
  | { readonly kind: 'query'; readonly expr: string; readonly timeMs: number; readonly options: QueryOptions }
  | { readonly kind: 'query_range'; readonly expr: string; readonly startMs: number; readonly endMs: number; readonly stepMs: number; readonly options: QueryOptions }
  | { readonly kind: 'series' | 'labels'; readonly matchers: readonly string[]; readonly startMs: number; readonly endMs: number; readonly limit: number }
  | { readonly kind: 'label_values'; readonly name: string; readonly matchers: readonly string[]; readonly startMs: number; readonly endMs: number; readonly limit: number }
  | { readonly kind: 'metadata'; readonly metric: string; readonly limit: number; readonly limitPerMetric: number }
  | { readonly kind: 'exemplars'; readonly expr: string; readonly startMs: number; readonly endMs: number }
  | { readonly kind: 'parse_query' | 'format_query'; readonly expr: string }
  | { readonly kind: 'tsdb'; readonly limit: number };

/** What a query request may ask for besides its expression; 0 for a limit means none. */
export interface QueryOptions {
  readonly timeoutMs: number | undefined;
  /** When the request came, epoch ms: the time for a query runs from then on. */
  readonly arrivedMs?: number;
  readonly lookbackMs: number | undefined;
  readonly limit: number;
  readonly stats: '' | 'basic' | 'all';
  readonly explain: boolean;
}

/** An API answer as the bytes of its JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Since when (Unix seconds) an alert was active, and when that was written. */
export interface ForStateSample {
  readonly labels: Labels;
  readonly timestampMs: number;
  readonly value: number;
}

/** What feeds the metrics store, and what asks it for figures: answered at once, even in the middle of a query. */
export type MetricsPushCalls = {
  metricNames: { params: Record<string, never>; result: readonly string[] };
  stats: { params: Record<string, never>; result: MetricsStoreStats };
  ingest: { params: MetricsIngestParams; result: OtlpIngestAnswer };
  /** Stores what rules gave. */
  append: { params: { readonly batch: MetricBatch }; result: AppendResult };
  openTarget: { params: { readonly id: string; readonly spec: ScrapeTargetSpec }; result: null };
  /** Undefined when the target is not open (any more). */
  scrape: { params: { readonly id: string; readonly input: ScrapeInput }; result: ScrapeOutcome | undefined };
  /** Forgets a target and marks its series as ended. */
  closeTarget: { params: { readonly id: string; readonly timestampMs: number }; result: null };
};

/** What the metrics worker answers, one call after the other. */
export type MetricsCalls = {
  open: { params: MetricsWorkerOptions; result: MetricsStoreStats };
  api: { params: ApiQuery; result: ApiAnswer };
  instant: { params: { readonly expr: string; readonly timeMs: number }; result: readonly InstantSample[] };
  /** The vector, or scalar, that a rule's expression gives; histograms included. */
  vector: { params: { readonly expr: string; readonly timeMs: number }; result: readonly RuleSample[] };
  /** The newest samples of ALERTS_FOR_STATE of an alert, those of alerts that were resolved left out. */
  forState: { params: { readonly alertName: string; readonly minMs: number; readonly maxMs: number }; result: readonly ForStateSample[] };
  range: { params: { readonly expr: string; readonly startMs: number; readonly endMs: number; readonly stepMs: number }; result: readonly RangeSeries[] };
  grid: { params: RangeQueryParams; result: RangeQueryAnswer };
  close: { params: Record<string, never>; result: null };
};
