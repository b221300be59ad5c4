import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Everything `/metrics` shows besides what prom-client measures of the process itself. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const BASE_LABELS = [
  'provider',
  'model',
  'method',
  'virtual_key_name',
  'selected_key_id',
  'selected_key_name',
  'fallback_index',
] as const;

/** Those of Bifrost's base labels that are not empty without governance; what does not apply is ''. */
export type BaseLabels = Record<(typeof BASE_LABELS)[number], string>;

const HTTP_LABELS = ['path', 'method', 'status'];
const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90];
const counter = (name: string, help: string, labelNames: readonly string[]): Counter =>
  new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
const histogram = (name: string, help: string, labelNames: readonly string[], buckets: number[]): Histogram =>
  new Histogram({ name, help, labelNames: [...labelNames], buckets, registers: [registry] });

export const httpRequests = counter('http_requests_total', 'Total number of HTTP requests.', HTTP_LABELS);
export const httpDuration = histogram('http_request_duration_seconds', 'Duration of HTTP requests.', HTTP_LABELS, LATENCY_BUCKETS);

export const upstreamRequests = counter('bifrost_upstream_requests_total', 'Total number of requests forwarded to upstream providers.', BASE_LABELS);
export const successRequests = counter('bifrost_success_requests_total', 'Total number of successful requests.', BASE_LABELS);
export const errorRequests = counter('bifrost_error_requests_total', 'Total number of failed requests.', [...BASE_LABELS, 'status_code', 'error_type']);
export const upstreamLatency = histogram(
  'bifrost_upstream_latency_seconds',
  'Latency of requests forwarded to upstream providers.',
  [...BASE_LABELS, 'is_success'],
  LATENCY_BUCKETS,
);
export const firstTokenLatency = histogram(
  'bifrost_stream_first_token_latency_seconds',
  'Latency of the first token of streamed responses.',
  BASE_LABELS,
  [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
);
export const inputTokens = counter('bifrost_input_tokens_total', 'Total number of input tokens.', BASE_LABELS);
export const outputTokens = counter('bifrost_output_tokens_total', 'Total number of output tokens.', BASE_LABELS);
export const cost = counter('bifrost_cost_total', 'Total cost in USD.', BASE_LABELS);
export const cacheHits = counter('bifrost_cache_hits_total', 'Total number of cache hits.', [...BASE_LABELS, 'cache_type']);
export const requestRetries = histogram('bifrost_request_retries', 'Retries of a request.', BASE_LABELS, [0, 1, 2, 3, 5, 10]);
export const keyRotations = counter('bifrost_key_rotation_events_total', 'Total number of key rotations.', [
  'provider',
  'requested_model',
  'key_id',
  'key_name',
  'fail_reason',
]);
export const activeRequests = new Gauge({
  name: 'bifrost_active_requests',
  help: 'Requests in flight.',
  labelNames: ['method'],
  registers: [registry],
});
export const keyUp = new Gauge({
  name: 'bifrost_provider_key_up',
  help: 'Whether the last attempt with the key succeeded.',
  labelNames: ['provider', 'key_id', 'key_name'],
  registers: [registry],
});
