import type { BodyBudget } from '../../receive/http/body-budget.ts';
import type { HealthLoop } from '../health-loop.ts';
import type { Log } from '../log.ts';
import { QUERY_TIMEOUT_MS, type ApiAnswer, type ApiQuery } from '../metrics-calls.ts';
import type { CollectorOptions } from '../options.ts';
import { QueryQueue } from '../query-queue.ts';
import type { RuleManager } from '../rules/rule-manager.ts';
import type { Scraping } from '../scraping.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import { VERSION } from '../version.ts';
import type { Workers } from '../workers.ts';
import { healthRoutes } from './health-routes.ts';
import { errorAnswer, successAnswer, type HttpAnswer } from './http-answer.ts';
import { jaegerQueryRoutes } from './jaeger-query.ts';
import { lokiQueryRoutes } from './loki-query.ts';
import { prometheusQueryRoutes } from './prometheus-query.ts';
import { remoteWriteRoute } from './remote-write.ts';
import type { ApiRoute } from './router.ts';
import { ruleRoutes } from './rule-routes.ts';
import { targetRoutes } from './targets.ts';

/** What the routes rest on. */
export interface CollectorRouteDeps {
  readonly workers: Workers;
  readonly scraping: Scraping;
  readonly rules: RuleManager;
  readonly health: HealthLoop;
  readonly selfMetrics: SelfMetrics;
  /** Shared by all receivers. */
  readonly budget: BodyBudget;
  readonly options: CollectorOptions;
  readonly startedAtMs: number;
  readonly log: Log;
}

/** Every route of the collector's HTTP API but OTLP's. */
export function collectorRoutes({ workers, scraping, rules, health, selfMetrics, budget, options, startedAtMs }: CollectorRouteDeps): readonly ApiRoute[] {
  const queue = new QueryQueue();
  const runQuery = async (query: ApiQuery, signal: AbortSignal): Promise<HttpAnswer> => {
    const call = (): Promise<ApiAnswer> => workers.metrics.call('api', query, { signal });
    try {
      const isEvaluated = query.kind === 'query' || query.kind === 'query_range';
      const answer = isEvaluated ? await queue.run(signal, Math.min(query.options.timeoutMs ?? Infinity, QUERY_TIMEOUT_MS), call) : await call();
      if (answer === 'timeout') return errorAnswer('timeout', 'query timed out in query queue');
      if (answer === 'canceled') return errorAnswer('canceled', 'query was canceled in query queue');
      const { status, body } = answer;
      return { status, contentType: 'application/json', body };
    } catch (error) {
      if (signal.aborted) return errorAnswer('canceled', 'query was canceled by its client');
      throw error;
    }
  };
  return [
    ...prometheusQueryRoutes(runQuery, () => Date.now()),
    remoteWriteRoute(workers, selfMetrics, budget),
    ...targetRoutes(() => scraping.active(), () => scraping.dropped()),
    ...ruleRoutes(() => rules.groups()),
    ...healthRoutes({ health: () => health.current(), startedAtMs, nowMs: () => Date.now() }),
    ...statusRoutes(workers, options, startedAtMs),
    {
      methods: ['GET'],
      path: '/metrics',
      async handle() {
        const { contentType, body } = await selfMetrics.render();
        return { status: 200, contentType, body };
      },
    },
    ...jaegerQueryRoutes((query, signal) => workers.events.call('jaeger', query, { signal }), () => Date.now()),
    ...lokiQueryRoutes((query, signal) => workers.events.call('loki', query, { signal }), () => Date.now()),
  ];
}

function statusRoutes(workers: Workers, options: CollectorOptions, startedAtMs: number): readonly ApiRoute[] {
  return [
    {
      methods: ['GET'],
      path: '/api/v1/status/buildinfo',
      handle: () => successAnswer({ version: VERSION, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '', application: 'sightline', nodeVersion: process.version }),
    },
    {
      methods: ['GET'],
      path: '/api/v1/status/runtimeinfo',
      async handle() {
        const { metrics } = await workers.statistics();
        return successAnswer({
          startTime: new Date(startedAtMs).toISOString(),
          CWD: process.cwd(),
          hostname: '',
          serverTime: new Date().toISOString(),
          reloadConfigSuccess: true,
          lastConfigTime: new Date(startedAtMs).toISOString(),
          corruptionCount: metrics.corruptChunksTotal,
          goroutineCount: 0,
          GOMAXPROCS: 0,
          GOMEMLIMIT: 0,
          GOGC: '',
          GODEBUG: '',
          storageRetention: options.retentionAgeMs === undefined ? '' : `${Math.round(options.retentionAgeMs / 3_600_000)}h`,
        });
      },
    },
    {
      methods: ['GET'],
      path: '/api/v1/status/walreplay',
      // Nothing is served before everything is read.
      handle: () => successAnswer({ min: 0, max: 0, current: 0 }),
    },
    {
      methods: ['GET'],
      path: '/api/v1/status/flags',
      handle: () =>
        successAnswer({
          'storage.path': options.dataDir,
          'web.listen-address': `${options.api.host}:${options.api.port}`,
          'retention-age': options.retentionAgeMs === undefined ? 'off' : `${options.retentionAgeMs}ms`,
          'retention-bytes': String(options.retentionBytes),
          'memory-bytes': String(options.memoryBytes),
        }),
    },
  ];
}
