import type { Recogniser } from '../recipe.ts';

/** The gauges with which exporters say whether their database answers. */
const UP_METRICS: Readonly<Record<string, string>> = {
  pg_up: 'postgresql',
  mysql_up: 'mysql',
  redis_up: 'redis',
  mongodb_up: 'mongodb',
  elasticsearch_cluster_health_up: 'elasticsearch',
  memcached_up: 'memcached',
};

/** Databases, one entity for each exporter's job. */
export const databases: Recogniser = {
  system: 'database',
  recognise: (names) =>
    Object.entries(UP_METRICS)
      .filter(([metric]) => names.has(metric))
      .map(([metric, system]) => ({ kind: 'service', system, name: ['job'], availabilityMetric: metric })),
};
