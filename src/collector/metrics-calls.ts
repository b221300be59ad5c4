import type { Labels } from '../model/labels.ts';
import type { RangeQueryAnswer, RangeQueryParams } from '../protocol/rpc.ts';

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
export interface IngestParams {
  readonly format: 'otlp-protobuf' | 'otlp-json' | 'remote-write';
  /** The content-encoding of the request. */
  readonly encoding: string;
  readonly body: Uint8Array;
}

/** What a receiver answers its client, ready to be written. */
export interface IngestAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly accepted: number;
  readonly rejected: number;
  /** The counter label of a refusal; '' when the body was taken. */
  readonly refusal: string;
}

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

/** The result of an instant query for use inside the collector. */
export interface InstantSample {
  readonly labels: Labels;
  readonly value: number;
}

/** Figures of the metrics store; sizes in bytes. */
export interface MetricsStats {
  readonly isDurable: boolean;
  readonly series: number;
  readonly samples: number;
  readonly chunks: number;
  readonly diskBytes: number;
  readonly memoryBytes: number;
  readonly appended: number;
  /** Samples that were refused, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly evictedSamples: number;
  readonly oldestMs: number | undefined;
}

/** A scrape to parse and store; see the scrape appender in receive/scrape. */
export interface ScrapeParams {
  readonly target: string;
  readonly config: unknown;
  readonly timestampMs: number;
}

/** What the metrics worker answers. */
export type MetricsCalls = {
  open: { params: MetricsWorkerOptions; result: MetricsStats };
  ingest: { params: IngestParams; result: IngestAnswer };
  api: { params: ApiQuery; result: ApiAnswer };
  instant: { params: { readonly expr: string; readonly timeMs: number }; result: readonly InstantSample[] };
  grid: { params: RangeQueryParams; result: RangeQueryAnswer };
  stats: { params: Record<string, never>; result: MetricsStats };
  close: { params: Record<string, never>; result: null };
};
