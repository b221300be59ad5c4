import type { HealthSnapshot, ProviderHealth } from '../../model/health.ts';
import { jsonAnswer, textAnswer, type HttpAnswer } from './http-answer.ts';
import type { ApiRoute } from './router.ts';

/** What the health endpoints rest on. */
export interface HealthEndpointsSource {
  readonly health: () => Promise<HealthSnapshot>;
  readonly startedAtMs: number;
  readonly nowMs: () => number;
}

/**
 * Health endpoints in the form that gateways' own guides use (fields `healthy`, `issues`, `timestamp`; 503 when unhealthy),
 * and the whole snapshot at `/api/v1/sightline/health`.
 */
export function healthRoutes(source: HealthEndpointsSource): readonly ApiRoute[] {
  const get = (path: string, handle: (snapshot: HealthSnapshot, name: string) => HttpAnswer): ApiRoute => ({
    methods: ['GET'],
    path,
    handle: async ({ segments }) => handle(await source.health(), segments['name'] ?? ''),
  });
  const summary = (snapshot: HealthSnapshot): HttpAnswer => {
    const issues = issuesOf(snapshot);
    return jsonAnswer({ healthy: issues.length === 0, issues, timestamp: seconds(snapshot.atMs) }, issues.length === 0 ? 200 : 503);
  };
  return [
    { methods: ['GET'], path: '/', handle: () => textAnswer(WELCOME) },
    { methods: ['GET'], path: '/-/ready', handle: () => textAnswer('Sightline is Ready.\n') },
    { methods: ['GET'], path: '/-/healthy', handle: () => textAnswer('Sightline is Healthy.\n') },
    { methods: ['GET'], path: '/health/live', handle: () => jsonAnswer({ alive: true, timestamp: seconds(source.nowMs()) }) },
    { methods: ['GET'], path: '/health/ready', handle: () => jsonAnswer({ ready: true, timestamp: seconds(source.nowMs()) }) },
    get('/health', summary),
    get('/health/detailed', (snapshot) => {
      const issues = issuesOf(snapshot);
      return jsonAnswer({ healthy: issues.length === 0, issues, timestamp: seconds(snapshot.atMs), ...statistics(snapshot, source), services: snapshot.services, targets: snapshot.targets }, issues.length === 0 ? 200 : 503);
    }),
    get('/health/providers/:name', (snapshot, name) => {
      const found = snapshot.providers.filter((provider) => provider.name === name);
      if (found.length === 0) return jsonAnswer({ error: `no provider ${JSON.stringify(name)}; known: ${snapshot.providers.map((provider) => provider.name).join(', ') || 'none yet'}` }, 404);
      const issues = found.flatMap((provider) => provider.reasons);
      const healthy = found.every((provider) => provider.state === 'healthy' || provider.state === 'unknown');
      return jsonAnswer({ healthy, issues, timestamp: seconds(snapshot.atMs), providers: found }, healthy ? 200 : 503);
    }),
    get('/metrics/providers', (snapshot) => jsonAnswer({ timestamp: seconds(snapshot.atMs), providers: providersByName(snapshot) })),
    get('/stats', (snapshot) => jsonAnswer(statistics(snapshot, source))),
    get('/api/v1/sightline/health', (snapshot) => jsonAnswer(snapshot)),
  ];
}

/** For who opens the address in a browser. */
const WELCOME = `Sightline collector

  /api/v1/query, /api/v1/query_range, /api/v1/series, /api/v1/labels, …   Prometheus
  /api/v1/write                                                          Prometheus remote write
  /v1/traces, /v1/metrics, /v1/logs                                      OTLP over HTTP
  /api/services, /api/traces, /api/dependencies                          Jaeger
  /loki/api/v1/query_range, /loki/api/v1/labels                          Loki
  /health, /health/detailed, /metrics/providers, /stats                  health of what is observed
  /metrics, /-/ready                                                     the collector itself
`;

function issuesOf(snapshot: HealthSnapshot): string[] {
  return [...snapshot.providers, ...snapshot.services]
    .filter(({ state }) => state !== 'healthy' && state !== 'unknown')
    .map(({ name, state, reasons }) => `${name} is ${state}${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}`);
}

function statistics(snapshot: HealthSnapshot, source: HealthEndpointsSource): Record<string, unknown> {
  return {
    timestamp: seconds(snapshot.atMs),
    uptime_seconds: Math.round((source.nowMs() - source.startedAtMs) / 1000),
    requests_per_second: sum(snapshot.providers.map((provider) => provider.requestsPerSecond)),
    providers: providersByName(snapshot),
  };
}

/** Where two systems report a provider of the same name, the later one is shown under `system/name`. */
function providersByName(snapshot: HealthSnapshot): Record<string, unknown> {
  const byName = new Map<string, unknown>();
  for (const provider of snapshot.providers) byName.set(byName.has(provider.name) ? `${provider.system}/${provider.name}` : provider.name, describe(provider));
  return Object.fromEntries(byName);
}

function describe(provider: ProviderHealth): Record<string, unknown> {
  return {
    state: provider.state,
    reasons: provider.reasons,
    requests_per_second: provider.requestsPerSecond,
    success_rate: provider.successRatio,
    latency_ms: { p50: ms(provider.latency.p50), p95: ms(provider.latency.p95), p99: ms(provider.latency.p99) },
    in_flight: provider.inFlight,
  };
}

const seconds = (timeMs: number): number => Math.floor(timeMs / 1000);
const ms = (value: number | undefined): number | undefined => (value === undefined ? undefined : Math.round(value * 1e6) / 1000);
const sum = (values: readonly (number | undefined)[]): number => values.reduce((total: number, value) => total + (value ?? 0), 0);
