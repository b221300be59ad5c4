import type { HealthSnapshot, ProviderHealth, ServiceHealth } from '../../src/protocol/health.ts';

/** A scrape interval to assume while no target tells its own. */
const DEFAULT_INTERVAL_MS = 15_000;

/** What the panel is about: the providers, or, where there are none, the services. */
export function entitiesOf(snapshot: HealthSnapshot | undefined): readonly (ProviderHealth | ServiceHealth)[] {
  if (!snapshot) return [];
  return snapshot.providers.length > 0 ? snapshot.providers : snapshot.services;
}

/** The recognisers that found something; they decide which metric families are asked. */
export function systemsOf(snapshot: HealthSnapshot | undefined): ReadonlySet<string> {
  return new Set([...(snapshot?.providers ?? []), ...(snapshot?.services ?? [])].map(({ system }) => system));
}

/** Whether nothing was recognised yet. */
export const hasNoTelemetry = (snapshot: HealthSnapshot | undefined): boolean => entitiesOf(snapshot).length === 0;

/** The longest interval of the targets: rates must span it. */
export function scrapeIntervalMs(snapshot: HealthSnapshot | undefined): number {
  const intervals = (snapshot?.targets ?? []).map(({ intervalMs }) => intervalMs).filter((interval) => interval > 0);
  return intervals.length === 0 ? DEFAULT_INTERVAL_MS : Math.max(...intervals);
}
