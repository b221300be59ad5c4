import type { Recipe, Recogniser } from '../recipe.ts';

const REQUESTS = 'plugin_requests_total';

/** Go plugins: their metrics may carry a `NAMESPACE_SUBSYSTEM_` prefix, so they are found by how they end. */
export const goPlugins: Recogniser = {
  system: 'plugin',
  recognise: (names) => {
    const recipes: Recipe[] = [];
    for (const name of names) {
      if (!name.endsWith(REQUESTS)) continue;
      const prefix = name.slice(0, -REQUESTS.length);
      if (prefix !== '' && !prefix.endsWith('_')) continue;
      recipes.push({
        kind: 'service',
        system: 'plugin',
        name: ['plugin_name', 'plugin', 'plugin_id', 'job'],
        requests: { metric: name },
        ...(names.has(`${prefix}plugin_requests_success`) ? { successMetric: `${prefix}plugin_requests_success` } : {}),
        failures: { metric: `${prefix}plugin_requests_failure`, reasonLabels: ['error_type', 'reason'] },
        latency: { metric: `${prefix}plugin_request_duration_seconds`, secondsPerUnit: 1 },
        inFlightMetrics: [`${prefix}plugin_active_requests`],
        ...(names.has(`${prefix}plugin_status`) ? { availabilityMetric: `${prefix}plugin_status` } : {}),
      });
    }
    return recipes;
  },
};
