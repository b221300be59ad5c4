import type { Recipe, Recogniser } from '../recipe.ts';
import { classifyStatus, type StatusRules } from './status-class.ts';

const latency = { metric: 'litellm_llm_api_latency_metric', secondsPerUnit: 1 };
const status: StatusRules = { labels: ['status_code'], failsFrom: 400 };

/** By deployment: what the router measured of each upstream. */
const deployments: Recipe = {
  kind: 'provider',
  system: 'litellm',
  name: ['api_provider'],
  modelLabels: ['litellm_model_name', 'model', 'requested_model'],
  requests: { metric: 'litellm_deployment_total_requests_total' },
  successMetric: 'litellm_deployment_success_responses_total',
  failures: { metric: 'litellm_deployment_failure_responses_total', reasonLabels: ['exception_status', 'exception_class'] },
  latency,
};

/** By request to the proxy, for set-ups without the router's metrics. */
const proxy: Recipe = {
  kind: 'provider',
  system: 'litellm',
  name: ['api_provider'],
  modelLabels: ['requested_model', 'model'],
  requests: { metric: 'litellm_proxy_total_requests_metric_total', outcome: { labels: status.labels, classify: (labels) => classifyStatus(labels, status) } },
  latency,
};

/** LiteLLM's providers. Its latency has no provider: it is found by the model. */
export const litellm: Recogniser = {
  system: 'litellm',
  recognise: (names) => {
    if (names.has('litellm_deployment_total_requests_total')) return [deployments];
    return names.has('litellm_proxy_total_requests_metric_total') ? [proxy] : [];
  },
};
