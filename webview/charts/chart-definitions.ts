import type { Unit } from '../shared/format-number.ts';

/** The charts of the panel, in reading order. */
export type ChartId = 'rate' | 'success' | 'latency' | 'heat' | 'tokens' | 'errors';

/** What one chart shows, apart from where its numbers come from. */
export interface ChartDefinition {
  readonly id: ChartId;
  readonly title: string;
  readonly kind: 'lines' | 'heat' | 'bars';
  readonly unit: Unit;
  /** What stands in the chart when there is telemetry, but none for it. */
  readonly empty: string;
}

/** All charts, in reading order. */
export const CHARTS: readonly ChartDefinition[] = [
  { id: 'rate', title: 'Requests/s', kind: 'lines', unit: 'requestsPerSecond', empty: 'No requests in this range.' },
  { id: 'success', title: 'Success', kind: 'lines', unit: 'ratio', empty: 'No requests in this range.' },
  { id: 'latency', title: 'Latency', kind: 'lines', unit: 'seconds', empty: 'No latency histogram in this range.' },
  { id: 'heat', title: 'Latency distribution', kind: 'heat', unit: 'requestsPerSecond', empty: 'No latency histogram in this range.' },
  { id: 'tokens', title: 'Tokens/s', kind: 'lines', unit: 'tokensPerSecond', empty: 'No token counters in this range.' },
  { id: 'errors', title: 'Errors by class', kind: 'bars', unit: 'errorsPerSecond', empty: 'No errors in this range.' },
];

/** What is asked of the collector; several signals can share a chart. */
export type Signal = 'rate' | 'success' | 'p50' | 'p95' | 'p99' | 'heat' | 'tokensIn' | 'tokensOut' | 'errors';

/** The chart a signal is drawn in, and the name of its line beside the entity's name. */
export const SIGNALS: Readonly<Record<Signal, { readonly chart: ChartId; readonly variant: string }>> = {
  rate: { chart: 'rate', variant: '' },
  success: { chart: 'success', variant: '' },
  p50: { chart: 'latency', variant: 'p50' },
  p95: { chart: 'latency', variant: 'p95' },
  p99: { chart: 'latency', variant: 'p99' },
  heat: { chart: 'heat', variant: '' },
  tokensIn: { chart: 'tokens', variant: 'in' },
  tokensOut: { chart: 'tokens', variant: 'out' },
  errors: { chart: 'errors', variant: '' },
};

/** A set of metric names that one kind of source emits. Names follow the sources' own code. */
export interface MetricFamily {
  readonly id: string;
  /** Plain HTTP services count only where no LLM gateway is found, or every call would be shown twice. */
  readonly isGeneric: boolean;
  /** The label that names the entity. */
  readonly entity: string;
  readonly requests: string;
  /** Requests that succeeded: a counter of its own, or `requests` with matchers; matchers on absent labels hold. */
  readonly success: { readonly metric: string; readonly matchers?: readonly string[] };
  /** Requests that failed; `keep` picks the classes that are errors where no matcher can. */
  readonly errors: { readonly metric: string; readonly classes: readonly string[]; readonly matchers?: readonly string[]; readonly keep?: RegExp };
  /** The shortest useful range of `rate`, for metrics that are pushed (OpenTelemetry's default is once a minute). */
  readonly minWindowSeconds?: number;
  /** Histogram in seconds, without `_bucket`. */
  readonly latency: string;
  readonly tokensIn?: string;
  readonly tokensOut?: string;
}

const HTTP_STATUS_LABELS = ['http_response_status_code', 'status_code', 'status', 'code'] as const;
const NOT_SERVER_ERROR = HTTP_STATUS_LABELS.map((label) => `${label}!~"5.."`);
/** Two pushes a minute apart, and some slack. */
const PUSH_WINDOW_SECONDS = 150;
const CLIENT_OR_SERVER_ERROR = /^[45]\d\d$/;

/** Where the numbers can come from; of two families that both know an entity the first wins. */
export const FAMILIES: readonly MetricFamily[] = [
  {
    id: 'bifrost',
    isGeneric: false,
    entity: 'provider',
    requests: 'bifrost_upstream_requests_total',
    success: { metric: 'bifrost_success_requests_total' },
    errors: { metric: 'bifrost_error_requests_total', classes: ['status_code', 'error_type', 'reason'] },
    latency: 'bifrost_upstream_latency_seconds',
    tokensIn: 'bifrost_input_tokens_total',
    tokensOut: 'bifrost_output_tokens_total',
  },
  {
    id: 'bifrost-older',
    isGeneric: false,
    entity: 'provider',
    requests: 'bifrost_requests_total',
    success: { metric: 'bifrost_requests_total', matchers: ['status!~"error|failed|failure|[45].."'] },
    errors: { metric: 'bifrost_requests_total', classes: ['status'], matchers: ['status=~"error|failed|failure|[45].."'] },
    latency: 'bifrost_request_duration_seconds',
  },
  {
    id: 'litellm-deployments',
    isGeneric: false,
    entity: 'api_provider',
    requests: 'litellm_deployment_total_requests_total',
    success: { metric: 'litellm_deployment_success_responses_total' },
    errors: { metric: 'litellm_deployment_failure_responses_total', classes: ['exception_status', 'exception_class'] },
    latency: 'litellm_llm_api_latency_metric',
    tokensIn: 'litellm_input_tokens_metric_total',
    tokensOut: 'litellm_output_tokens_metric_total',
  },
  {
    id: 'litellm',
    isGeneric: false,
    entity: 'api_provider',
    requests: 'litellm_proxy_total_requests_metric_total',
    success: { metric: 'litellm_proxy_total_requests_metric_total', matchers: ['status_code!~"[45].."'] },
    errors: { metric: 'litellm_proxy_failed_requests_metric_total', classes: ['exception_status', 'exception_class'] },
    latency: 'litellm_llm_api_latency_metric',
    tokensIn: 'litellm_input_tokens_metric_total',
    tokensOut: 'litellm_output_tokens_metric_total',
  },
  genAiFamily('genai', 'gen_ai_provider_name'),
  // Until semantic conventions 1.37 the provider was `gen_ai.system`.
  genAiFamily('genai-older', 'gen_ai_system'),
  {
    id: 'ai',
    isGeneric: false,
    entity: 'provider',
    requests: 'ai_requests_total',
    success: { metric: 'ai_requests_total', matchers: ['status!~"error|failed|failure|[45].."'] },
    errors: { metric: 'ai_requests_total', classes: ['status'], matchers: ['status=~"error|failed|failure|[45].."'] },
    latency: 'ai_request_duration_seconds',
  },
  httpFamily('http', 'http_request_duration_seconds', ['path', 'route', 'handler', 'endpoint'], 0),
  httpFamily('otel-http', 'http_server_request_duration_seconds', ['http_route'], PUSH_WINDOW_SECONDS),
];

function genAiFamily(id: string, entity: string): MetricFamily {
  const calls = 'gen_ai_client_operation_duration_seconds_count';
  const own = `${entity}!=""`;
  return {
    id,
    isGeneric: false,
    entity,
    minWindowSeconds: PUSH_WINDOW_SECONDS,
    requests: `${calls}{${own}}`,
    success: { metric: calls, matchers: [own, 'error_type=""'] },
    errors: { metric: calls, classes: ['error_type'], matchers: [own, 'error_type!=""'] },
    latency: 'gen_ai_client_operation_duration_seconds',
    tokensIn: `gen_ai_client_token_usage_sum{${own},gen_ai_token_type="input"}`,
    tokensOut: `gen_ai_client_token_usage_sum{${own},gen_ai_token_type="output"}`,
  };
}

function httpFamily(id: string, histogram: string, pathLabels: readonly string[], minWindowSeconds: number): MetricFamily {
  // As in the Health view: what watches a service is not its load. A series without the label matches.
  const own = pathLabels.map((label) => `${label}!~"/metrics|/-?/?(health|healthz|ready|readyz|live|livez).*"`);
  const requests = `${histogram}_count{${own.join(',')}}`;
  return {
    id,
    minWindowSeconds,
    isGeneric: true,
    entity: 'job',
    requests,
    success: { metric: requests, matchers: NOT_SERVER_ERROR },
    errors: { metric: requests, classes: HTTP_STATUS_LABELS, keep: CLIENT_OR_SERVER_ERROR },
    latency: histogram,
  };
}

/** What a query is limited to. */
export interface QueryScope {
  /** Entities; empty means all. */
  readonly entities: readonly string[];
  /** The range of `rate`, whole seconds. */
  readonly windowSeconds: number;
}

/** The PromQL of a signal, or undefined where the family does not have it. */
export function expressionFor(family: MetricFamily, signal: Signal, scope: QueryScope): string | undefined {
  const by = family.entity;
  const windowSeconds = Math.max(scope.windowSeconds, family.minWindowSeconds ?? 0);
  const sum = (labels: string, metric: string, matchers?: readonly string[]): string =>
    `sum by (${labels}) (rate(${selector(metric, family, scope, matchers)}[${String(windowSeconds)}s]))`;
  switch (signal) {
    case 'rate':
      return sum(by, family.requests);
    case 'success':
      return `${sum(by, family.success.metric, family.success.matchers)} / ${sum(by, family.requests)}`;
    case 'p50':
    case 'p95':
    case 'p99':
      return `histogram_quantile(0.${signal.slice(1)}, ${sum(`le, ${by}`, `${family.latency}_bucket`)})`;
    case 'heat':
      return sum('le', `${family.latency}_bucket`);
    case 'tokensIn':
      return family.tokensIn === undefined ? undefined : sum(by, family.tokensIn);
    case 'tokensOut':
      return family.tokensOut === undefined ? undefined : sum(by, family.tokensOut);
    case 'errors':
      return sum(family.errors.classes.join(', '), family.errors.metric, family.errors.matchers);
  }
}

/** The entity a series belongs to. */
export function entityOf(family: MetricFamily, labels: Readonly<Record<string, string>>): string {
  return labels[family.entity] || family.id;
}

/** The error class of a series; undefined when it is not an error, '' never. */
export function errorClassOf(family: MetricFamily, labels: Readonly<Record<string, string>>): string | undefined {
  const parts = family.errors.classes.map((name) => labels[name]).filter((part) => part !== undefined && part !== '' && part !== 'unknown');
  const name = parts.length === 0 ? 'unknown' : [...new Set(parts)].join(' ');
  return family.errors.keep && !family.errors.keep.test(name) ? undefined : name;
}

function selector(metric: string, family: MetricFamily, scope: QueryScope, matchers: readonly string[] = []): string {
  const [, name = metric, own = ''] = /^([^{]+)\{(.*)\}$/.exec(metric) ?? [];
  const all = [own, ...matchers, scope.entities.length === 0 ? '' : entityMatcher(family, scope.entities)].filter((part) => part !== '');
  return all.length === 0 ? name : `${name}{${all.join(',')}}`;
}

function entityMatcher(family: MetricFamily, entities: readonly string[]): string {
  if (entities.length === 1) return `${family.entity}=${quote(entities[0]!)}`;
  return `${family.entity}=~${quote(entities.map(escapeRegExp).join('|'))}`;
}

const quote = (value: string): string => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
const escapeRegExp = (value: string): string => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
