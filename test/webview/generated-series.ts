import type { HealthSnapshot, HealthState, ProviderHealth } from '../../src/protocol/health.ts';
import type { GridSeries, RangeQueryAnswer, RangeQueryParams } from '../../src/protocol/rpc.ts';

/** A provider of the generated world. Seconds and per-second rates. */
interface Character {
  readonly name: string;
  readonly state: HealthState;
  readonly rate: number;
  readonly latency: number;
  readonly failing: number;
}

/** Four providers of different character: fast, slow, failing in bursts, and one that goes away at times. */
const PROVIDERS: readonly Character[] = [
  { name: 'openai', state: 'healthy', rate: 31, latency: 0.42, failing: 0.001 },
  { name: 'anthropic', state: 'healthy', rate: 22, latency: 0.66, failing: 0.004 },
  { name: 'bedrock', state: 'degraded', rate: 8, latency: 1.5, failing: 0.01 },
  { name: 'groq', state: 'unhealthy', rate: 12, latency: 0.16, failing: 0.22 },
];
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const MINUTE = 60_000;

/** Answers a batch as the collector would for Bifrost's metrics; other families have no series. */
export function answerQueries(params: RangeQueryParams, nowMs: number): RangeQueryAnswer {
  const { startMs, endMs, stepMs } = params;
  const results = params.queries.map(({ id, expr }) => {
    const [family, signal] = id.split('.');
    const chosen = PROVIDERS.filter(({ name }) => !/provider=/.test(expr) || new RegExp(`["|]${name}["|]`).test(expr));
    return { id, ok: true as const, warnings: [], series: family === 'bifrost' ? seriesOf(signal ?? '', chosen, params, nowMs) : [] };
  });
  return { startMs, endMs, stepMs, results };
}

/** A snapshot of the same world; `isEmpty` is a collector that has received nothing. */
export function healthSnapshot(nowMs: number, isEmpty = false): HealthSnapshot {
  if (isEmpty) return { atMs: nowMs, providers: [], services: [], targets: [] };
  const providers = PROVIDERS.map(
    ({ name, state, rate, latency, failing }): ProviderHealth => ({
      kind: 'provider',
      id: `provider/bifrost/${name}`,
      system: 'bifrost',
      name,
      state,
      reasons: state === 'healthy' ? [] : ['success 78 % for 2 min (threshold 95 %)'],
      sinceMs: nowMs - 2 * MINUTE,
      requestsPerSecond: rate,
      successRatio: 1 - failing,
      latency: { p50: latency, p95: latency * 2, p99: latency * 3 },
      sparkline: [],
      models: [],
      keys: [],
      errors: [],
    }),
  );
  const target = { kind: 'target', id: 'target/gateway', job: 'gateway', url: 'http://127.0.0.1:8080/metrics', state: 'healthy', lastError: '', intervalMs: 2_000 } as const;
  return { atMs: nowMs, providers, services: [], targets: [target], p95: 1.9 };
}

function seriesOf(signal: string, providers: readonly Character[], grid: RangeQueryParams, nowMs: number): GridSeries[] {
  const series = (labels: Record<string, string>, value: (atMs: number) => number | null): GridSeries => {
    const count = Math.floor((grid.endMs - grid.startMs) / grid.stepMs) + 1;
    const values = Array.from({ length: count }, (_, i) => {
      const atMs = grid.startMs + i * grid.stepMs;
      // Nothing is known of the future, but its last step has begun.
      return atMs > nowMs + grid.stepMs ? null : value(atMs);
    });
    return { labels, values };
  };
  const each = (value: (provider: Character, atMs: number) => number | null): GridSeries[] => providers.map((provider) => series({ provider: provider.name }, (atMs) => (isAway(provider, atMs) ? null : value(provider, atMs))));
  switch (signal) {
    case 'rate':
      return each(rateOf);
    case 'success':
      return each((provider, atMs) => 1 - failingOf(provider, atMs));
    case 'p50':
      return each((provider, atMs) => latencyOf(provider, atMs));
    case 'p95':
      return each((provider, atMs) => latencyOf(provider, atMs) * 2.1);
    case 'p99':
      return each((provider, atMs) => latencyOf(provider, atMs) * 3.4);
    case 'tokensIn':
      return each((provider, atMs) => rateOf(provider, atMs) * 410);
    case 'tokensOut':
      return each((provider, atMs) => rateOf(provider, atMs) * 160);
    case 'heat':
      return [...BOUNDS, Infinity].map((bound) =>
        series({ le: bound === Infinity ? '+Inf' : String(bound) }, (atMs) => providers.reduce((sum, provider) => sum + rateOf(provider, atMs) * shareBelow(bound, latencyOf(provider, atMs)), 0)),
      );
    case 'errors':
      return [
        series({ status_code: '429', error_type: 'rate_limit' }, (atMs) => sumErrors(providers, atMs) * 0.7),
        series({ status_code: '500' }, (atMs) => sumErrors(providers, atMs) * 0.2),
        series({ status_code: 'unknown', error_type: 'timeout' }, (atMs) => sumErrors(providers, atMs) * 0.1),
      ];
    default:
      return [];
  }
}

const sumErrors = (providers: readonly Character[], atMs: number): number => providers.reduce((sum, provider) => sum + rateOf(provider, atMs) * failingOf(provider, atMs), 0);

/** groq sends nothing for one minute in nine: a gap. */
const isAway = ({ name }: Character, atMs: number): boolean => name === 'groq' && Math.floor(atMs / MINUTE) % 9 === 4;

function rateOf({ name, rate }: Character, atMs: number): number {
  return Math.max(0.1, rate * (1 + 0.25 * Math.sin(atMs / (7 * MINUTE) + name.length) + 0.12 * noise(name, atMs / 20_000)));
}

function failingOf({ name, failing }: Character, atMs: number): number {
  const isBurst = name === 'groq' && Math.floor(atMs / MINUTE) % 7 < 2;
  return Math.min(1, Math.max(0, failing * (isBurst ? 1.6 : 0.25) * (1 + 0.4 * noise(`${name}!`, atMs / 20_000))));
}

function latencyOf({ name, latency }: Character, atMs: number): number {
  return latency * (1 + 0.2 * Math.sin(atMs / (5 * MINUTE) + name.length) + 0.15 * noise(`${name}?`, atMs / 20_000));
}

/** Log-normal distribution, roughly. */
function shareBelow(bound: number, median: number): number {
  return bound === Infinity ? 1 : 1 / (1 + Math.exp((-1.7 * Math.log(bound / median)) / 0.5));
}

/** Smooth noise in -1 … 1, the same for the same time in every query. */
function noise(seed: string, at: number): number {
  const value = (i: number): number => {
    let hash = 2166136261;
    for (const char of `${seed}${String(i)}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    return ((hash ^ (hash >>> 12)) >>> 0) / 2 ** 31 - 1;
  };
  const i = Math.floor(at);
  const share = at - i;
  return value(i) * (1 - share) + value(i + 1) * share;
}
