import type { Recipe, Recogniser } from '../recipe.ts';
import { classifyStatus, type StatusRules } from './status-class.ts';

const provider = { kind: 'provider', system: 'bifrost', name: ['provider'], modelLabels: ['model'] } as const;
const guideStatus: StatusRules = { labels: ['status'], failsFrom: 400 };

/** Metrics of releases 1.4 and later. */
const current: Recipe = {
  ...provider,
  keyLabels: { id: 'selected_key_id', name: 'selected_key_name' },
  requests: { metric: 'bifrost_upstream_requests_total' },
  successMetric: 'bifrost_success_requests_total',
  // Older releases say `reason` where newer ones have both of the others.
  failures: { metric: 'bifrost_error_requests_total', reasonLabels: ['status_code', 'error_type', 'reason'] },
  latency: { metric: 'bifrost_upstream_latency_seconds', secondsPerUnit: 1 },
  keyUpMetric: 'bifrost_provider_key_up',
  rotations: { metric: 'bifrost_key_rotation_events_total', reasonLabel: 'fail_reason' },
};

/** The names of the older guide. */
const guide: Recipe = {
  ...provider,
  requests: { metric: 'bifrost_requests_total', outcome: { labels: guideStatus.labels, classify: (labels) => classifyStatus(labels, guideStatus) } },
  latency: { metric: 'bifrost_request_duration_seconds', secondsPerUnit: 1 },
  inFlightMetrics: ['bifrost_provider_queue_depth'],
};

/** Bifrost's providers. Its in-flight gauge has no provider and counts for the gateway as a service. */
export const bifrost: Recogniser = {
  system: 'bifrost',
  recognise: (names) => {
    if (names.has('bifrost_upstream_requests_total')) return [current];
    return names.has('bifrost_requests_total') ? [guide] : [];
  },
};
