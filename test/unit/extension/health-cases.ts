import type { HealthSnapshot, ProviderHealth, ServiceHealth, TargetHealth } from '../../../src/protocol/health.ts';

/** 2026-01-02T03:04:05Z */
export const NOW_MS = 1_767_323_045_000;

/** A healthy provider with some traffic; `changes` make it another. */
export function provider(name: string, changes: Partial<ProviderHealth> = {}): ProviderHealth {
  return {
    kind: 'provider',
    id: `provider/bifrost/${name}`,
    name,
    system: 'bifrost',
    state: 'healthy',
    reasons: [],
    sinceMs: NOW_MS - 120_000,
    lastSeenMs: NOW_MS - 2000,
    sparkline: [1, 2, null, 4],
    requestsPerSecond: 31,
    successRatio: 0.999,
    latency: { p50: 0.22, p95: 0.64, p99: 1.2 },
    models: [],
    keys: [],
    errors: [],
    ...changes,
  };
}

/** A healthy service. */
export function service(name: string, changes: Partial<ServiceHealth> = {}): ServiceHealth {
  return {
    kind: 'service',
    id: `service/http/${name}`,
    name,
    system: 'http',
    state: 'healthy',
    reasons: [],
    sinceMs: NOW_MS - 1000,
    sparkline: [],
    requestsPerSecond: 50,
    successRatio: 1,
    latency: {},
    ...changes,
  };
}

/** A target that is up. */
export function target(job: string, changes: Partial<TargetHealth> = {}): TargetHealth {
  return { kind: 'target', id: `target/${job}`, job, url: 'http://127.0.0.1:8080/metrics', state: 'healthy', lastError: '', intervalMs: 5000, ...changes };
}

/** A snapshot at {@link NOW_MS}. */
export function snapshot(parts: Partial<HealthSnapshot>): HealthSnapshot {
  return { atMs: NOW_MS, providers: [], services: [], targets: [], ...parts };
}
