import type { EventsStats } from './events-calls.ts';
import type { MetricsStats } from './metrics-calls.ts';

/** What both workers count, at one instant. */
export interface CollectorStatistics {
  readonly metrics: MetricsStats;
  readonly events: EventsStats;
}
