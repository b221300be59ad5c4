import assert from 'node:assert/strict';
import { createHealthEvaluator } from '../../../src/health/evaluator.ts';
import { RECOGNISERS } from '../../../src/health/recognisers.ts';
import { fakeMetrics, type FakeSeries } from './fake-metrics.ts';

const series = (name: string, labels: Record<string, string>, value: number): FakeSeries => ({ name, labels: { job: 'app', instance: 'a', ...labels }, value });

/** A histogram whose observations all lie in the bucket (1, 2]. */
const histogram = (name: string, labels: Record<string, string>, rate: number): FakeSeries[] => [
  series(`${name}_count`, labels, rate),
  series(`${name}_bucket`, { ...labels, le: '1' }, 0),
  series(`${name}_bucket`, { ...labels, le: '2' }, rate),
  series(`${name}_bucket`, { ...labels, le: '+Inf' }, rate),
];

/** Each system in its own names, and what must be read from them: id, requests per second, success ratio, p50, in flight. */
const CASES: readonly { readonly system: string; readonly series: readonly FakeSeries[]; readonly expected: readonly unknown[] }[] = [
  {
    system: 'bifrost, names of the guide',
    series: [
      series('bifrost_requests_total', { provider: 'openai', model: 'gpt', status: 'success' }, 9),
      series('bifrost_requests_total', { provider: 'openai', model: 'gpt', status: 'error' }, 1),
      series('bifrost_provider_queue_depth', { provider: 'openai' }, 7),
      ...histogram('bifrost_request_duration_seconds', { provider: 'openai', model: 'gpt' }, 10),
    ],
    expected: ['provider/bifrost/openai', 10, 0.9, 1.5, 7],
  },
  {
    system: 'litellm by deployment, latency by model',
    series: [
      series('litellm_deployment_total_requests_total', { api_provider: 'azure', litellm_model_name: 'gpt-4o' }, 4),
      series('litellm_deployment_success_responses_total', { api_provider: 'azure', litellm_model_name: 'gpt-4o' }, 3),
      series('litellm_deployment_failure_responses_total', { api_provider: 'azure', litellm_model_name: 'gpt-4o', exception_status: '429' }, 1),
      ...histogram('litellm_llm_api_latency_metric', { model: 'gpt-4o' }, 4),
    ],
    expected: ['provider/litellm/azure', 4, 0.75, 1.5, undefined],
  },
  {
    system: 'litellm by request',
    series: [
      series('litellm_proxy_total_requests_metric_total', { api_provider: 'azure', requested_model: 'm', status_code: '200' }, 3),
      series('litellm_proxy_total_requests_metric_total', { api_provider: 'azure', requested_model: 'm', status_code: '500' }, 1),
    ],
    expected: ['provider/litellm/azure', 4, 0.75, undefined, undefined],
  },
  {
    system: 'OpenTelemetry, dotted names and the older label',
    series: [
      ...histogram('gen_ai.client.operation.duration', { 'gen_ai.system': 'anthropic', 'gen_ai.request.model': 'claude' }, 3),
      ...histogram('gen_ai.client.operation.duration', { 'gen_ai.system': 'anthropic', 'gen_ai.request.model': 'claude', 'error.type': 'timeout' }, 1),
    ],
    expected: ['provider/genai/anthropic', 4, 0.75, 1.5, undefined],
  },
  {
    system: 'vllm',
    series: [
      series('vllm:num_requests_running', { model_name: 'llama' }, 2),
      series('vllm:num_requests_waiting', { model_name: 'llama' }, 3),
      ...histogram('vllm:e2e_request_latency_seconds', { model_name: 'llama' }, 4),
    ],
    expected: ['provider/vllm/vllm', 4, undefined, 1.5, 5],
  },
  {
    system: 'kong, in ms',
    series: [
      series('kong_ai_llm_requests_total', { ai_provider: 'cohere', ai_model: 'r' }, 4),
      ...histogram('kong_ai_llm_provider_latency_ms', { ai_provider: 'cohere', ai_model: 'r' }, 4),
    ],
    expected: ['provider/kong/cohere', 4, undefined, 0.0015, undefined],
  },
  {
    system: 'portkey',
    series: [
      series('request_count', { provider: 'openai', model: 'gpt', code: '200' }, 3),
      series('request_count', { provider: 'openai', model: 'gpt', code: '429' }, 1),
      ...histogram('portkey_request_duration_milliseconds', { provider: 'openai' }, 4),
      ...histogram('llm_request_duration_milliseconds', { provider: 'openai', model: 'gpt' }, 4),
    ],
    expected: ['provider/portkey/openai', 4, 0.75, 0.0015, undefined],
  },
  {
    system: 'a service that counts its AI calls',
    series: [
      series('ai_requests_total', { provider: 'openai', model: 'gpt', status: 'success' }, 3),
      series('ai_requests_total', { provider: 'openai', model: 'gpt', status: 'failed' }, 1),
      ...histogram('ai_request_duration_seconds', { provider: 'openai', model: 'gpt' }, 4),
    ],
    expected: ['provider/ai/openai', 4, 0.75, 1.5, undefined],
  },
  {
    system: 'http by OpenTelemetry: client errors are the client’s',
    series: [
      ...histogram('http_server_request_duration_seconds', { http_route: '/a', http_response_status_code: '200' }, 2),
      ...histogram('http_server_request_duration_seconds', { http_route: '/a', http_response_status_code: '404' }, 1),
      ...histogram('http_server_request_duration_seconds', { http_route: '/a', http_response_status_code: '503' }, 1),
      ...histogram('http_server_request_duration_seconds', { http_route: '/healthz', http_response_status_code: '200' }, 50),
    ],
    expected: ['service/app', 4, 0.75, 1.5, undefined],
  },
  {
    system: 'mcp',
    series: [series('mcp_tool_executions_total', { status: 'success' }, 3), series('mcp_tool_executions_total', { status: 'error' }, 1)],
    expected: ['service/app', 4, 0.75, undefined, undefined],
  },
  {
    system: 'go plugins with a prefix',
    series: [
      series('acme_gw_plugin_requests_total', { plugin_name: 'auth' }, 4),
      series('acme_gw_plugin_requests_failure', { plugin_name: 'auth' }, 1),
      series('acme_gw_plugin_active_requests', { plugin_name: 'auth' }, 6),
      ...histogram('acme_gw_plugin_request_duration_seconds', { plugin_name: 'auth' }, 4),
    ],
    expected: ['service/auth', 4, 0.75, 1.5, 6],
  },
];

suite('health recognisers', () => {
  for (const { system, series: all, expected } of CASES) {
    test(system, async () => {
      const metrics = fakeMetrics(all);
      const { providers, services, notes } = await createHealthEvaluator(metrics).evaluate(1_800_000_000_000);
      assert.deepEqual(
        [...providers, ...services].map(({ id, requestsPerSecond, successRatio, latency, inFlight }) => [id, requestsPerSecond, successRatio, latency.p50, inFlight]),
        [expected],
      );
      assert.equal(notes, undefined);
    });
  }

  test('generic names alone make no provider', () => {
    const names = new Set(['http_request_duration_seconds_bucket', 'http_requests_total', 'request_count', 'myplugin_requests_total', 'up']);
    const found = RECOGNISERS.flatMap(({ recognise }) => recognise(names)).map(({ kind, system }) => `${kind} ${system}`);
    assert.deepEqual(found, ['service http']);
  });
});
