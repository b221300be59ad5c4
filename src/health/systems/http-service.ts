import { matcher } from '../query.ts';
import type { Recipe, Recogniser } from '../recipe.ts';
import { classifyStatus, type StatusRules } from './status-class.ts';

// What watches a service is not its load. A series without the label matches, as the empty value does.
const PROBES = '/metrics|/-?/?(health|healthz|ready|readyz|live|livez).*';
const IN_FLIGHT = ['http_requests_in_flight', 'api_concurrent_requests', 'bifrost_active_requests', 'litellm_in_flight_requests'];

interface Names {
  readonly requests: string;
  readonly duration: string;
  readonly statusLabels: readonly string[];
  readonly pathLabels: readonly string[];
}

const FAMILIES: readonly Names[] = [
  {
    requests: 'http_requests_total',
    duration: 'http_request_duration_seconds',
    statusLabels: ['status', 'status_code', 'code'],
    pathLabels: ['path', 'route', 'handler', 'endpoint'],
  },
  {
    requests: 'http_server_request_duration_seconds_count',
    duration: 'http_server_request_duration_seconds',
    statusLabels: ['http_response_status_code'],
    pathLabels: ['http_route'],
  },
  {
    requests: 'http.server.request.duration_count',
    duration: 'http.server.request.duration',
    statusLabels: ['http.response.status_code'],
    pathLabels: ['http.route'],
  },
  { requests: 'api_request_total', duration: 'api_request_duration_seconds', statusLabels: ['status', 'status_code'], pathLabels: ['path', 'route', 'endpoint'] },
];

/** Any HTTP service, one entity for each job. */
export const httpService: Recogniser = {
  system: 'http',
  recognise: (names) => {
    const inFlightMetrics = IN_FLIGHT.filter((metric) => names.has(metric));
    return FAMILIES.filter(({ requests }) => names.has(requests)).map((family) => recipe(family, inFlightMetrics));
  },
};

function recipe(family: Names, inFlightMetrics: readonly string[]): Recipe {
  const status: StatusRules = { labels: family.statusLabels, failsFrom: 400 };
  return {
    kind: 'service',
    system: 'http',
    name: ['job'],
    isFallback: true,
    clientErrorsAre: 'failures-of-gateways',
    matchers: family.pathLabels.map((label) => matcher(label, '!~', PROBES)),
    requests: { metric: family.requests, outcome: { labels: status.labels, classify: (labels) => classifyStatus(labels, status) } },
    latency: { metric: family.duration, secondsPerUnit: 1 },
    inFlightMetrics,
  };
}
