import type { EventsStats } from '../store/events/events-stats.ts';
import type { MetricsStoreStats } from '../store/metrics/store-types.ts';

/** What both workers count, at one instant. */
export interface CollectorStatistics {
  readonly metrics: MetricsStoreStats;
  readonly events: EventsStats;
}
