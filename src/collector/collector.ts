import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { DisposableStore, toDisposable } from '../base/disposable.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { BodyBudget } from '../receive/http/body-budget.ts';
import { lockFilePath, currentRuntimeEnvironment, readLockFile, socketPath } from '../protocol/runtime.ts';
import { PROTOCOL_VERSION, type CollectorStatus, type Endpoints, type PortConflict } from '../protocol/rpc.ts';
import { collectorRoutes } from './api/collector-routes.ts';
import { createApiServer } from './api/server.ts';
import { startHealth } from './health.ts';
import { IdleWatch } from './idle-watch.ts';
import { formatAddress, listenOrNext, type ListenAddress } from './listen.ts';
import type { Log } from './log.ts';
import type { CollectorOptions } from './options.ts';
import { acquireProcessLock, type ProcessLock } from './process-lock.ts';
import { createOtlpServer, otlpRoutes } from './receivers.ts';
import { assertRangeQuery, assertWorkspaceRegistration } from './rpc-guards.ts';
import { eventRpcHandlers } from './rpc-events.ts';
import { RpcServer } from './rpc-server.ts';
import { Scraping } from './scraping.ts';
import { RuleManager } from './rules/rule-manager.ts';
import { SelfMetrics } from './self-metrics.ts';
import { VERSION } from './version.ts';
import { startWorkers, type Workers } from './workers.ts';
import { Workspaces } from './workspaces.ts';

/** Bodies that all receivers together may hold; beyond it senders are asked to come again. */
const BODY_BUDGET_BYTES = 128 * 1024 * 1024;

/** A running collector. */
export interface Collector {
  readonly endpoints: Endpoints;
  readonly conflicts: readonly PortConflict[];
  /** Resolves when it has ended: true when it was told to or nobody needed it, false when a worker died. */
  readonly ended: Promise<boolean>;
  /** Closes everything in order; `ended` resolves when that is done. */
  stop(reason: string): void;
}

/** Why no collector was started, in a text for people. */
export interface StartFailure {
  /** True when that is because another one serves the folder. */
  readonly isTaken: boolean;
  readonly message: string;
}

/**
 * Starts a collector: takes the data folder, opens the stores, listens, and then publishes how to reach it.
 * Fails when another collector serves the folder, or a store or port cannot be opened.
 */
export async function startCollector(options: CollectorOptions, log: Log): Promise<Result<Collector, StartFailure>> {
  let lock: ProcessLock | undefined;
  try {
    lock = acquireProcessLock(options.dataDir, (problem) => log.error(problem));
  } catch (error) {
    return failed(`the data folder ${options.dataDir} cannot be used: ${messageOf(error)}. Make it a folder of yours that can be written to, or give another --data-dir`);
  }
  if (!lock) {
    const owner = readLockFile(lockFilePath(options.dataDir));
    return fail({ isTaken: true, message: `a collector already runs for ${options.dataDir}${owner ? ` (pid ${owner.pid})` : ''}: stop it, or give another --data-dir` });
  }
  const lifetime = new DisposableStore();
  lifetime.add(lock);
  let workers: Workers | undefined;
  try {
    workers = await startWorkers(options, (problem) => log.error(problem));
    return ok(await compose(options, log, workers, lifetime, lock));
  } catch (error) {
    await workers?.close();
    lifetime.dispose();
    return failed(messageOf(error));
  }
}

async function compose(options: CollectorOptions, log: Log, workers: Workers, lifetime: DisposableStore, lock: ProcessLock): Promise<Collector> {
  const startedAtMs = Date.now();
  const conflicts: PortConflict[] = [];
  const budget = new BodyBudget(BODY_BUDGET_BYTES);
  const selfMetrics = new SelfMetrics(VERSION, () => workers.statistics());
  const scraping = lifetime.add(new Scraping(workers, log));
  // The port is known when the first rule runs: files are registered after the API listens.
  let apiUrl = '';
  const rules = lifetime.add(new RuleManager(workers, log, {
    isExperimental: options.experimentalPromql,
    externalUrl: () => apiUrl,
    onEvaluated: ({ kind }, problem) => selfMetrics.ruleEvaluations.inc({ kind, outcome: problem === '' ? 'good' : 'failed' }),
  }));
  const workspaces = new Workspaces({
    async apply(sources) {
      await rules.apply(sources.flatMap((source) => source.rules ?? []));
      return scraping.apply(sources);
    },
  }, log);
  const health = lifetime.add(startHealth(workers, () => scraping.targetHealth(), log));

  let end: (isGood: boolean) => void = () => undefined;
  const ended = new Promise<boolean>((resolve) => (end = resolve));
  let isStopping = false;
  const stop = (reason: string, isGood = true): void => {
    if (isStopping) return;
    isStopping = true;
    log.info('the collector ends', { reason });
    void close(workers, lifetime, servers).then(() => end(isGood));
  };

  const status = async (): Promise<CollectorStatus> => {
    const { metrics, events } = await workers.statistics();
    return {
      pid: process.pid,
      version: VERSION,
      protocolVersion: PROTOCOL_VERSION,
      startedAtMs,
      dataDir: options.dataDir,
      endpoints,
      conflicts,
      isPaused: scraping.isPaused,
      windows: rpc.windowCount,
      isDurable: workers.isDurable,
      rssBytes: process.memoryUsage.rss(),
      storage: { series: metrics.series, samples: metrics.samples, spans: events.spans.records, logRecords: events.logs.records, diskBytes: metrics.diskBytes + events.diskBytes },
    };
  };

  const servers: Server[] = [];
  // From the first one on: a start that fails later must not leave a port, and with it the process, behind.
  lifetime.add(toDisposable(() => servers.forEach((server) => server.close().closeAllConnections())));
  const listen = async (receiver: string, server: Server, wanted: ListenAddress): Promise<string> => {
    servers.push(server);
    const { address, conflict } = await listenOrNext(server, receiver, wanted);
    if (conflict) {
      conflicts.push(conflict);
      log.warn('a port is taken, another is used', { receiver, wanted: conflict.wanted, used: conflict.used ?? '', owner: conflict.owner || 'unknown' });
    }
    return formatAddress(address);
  };

  const routes = collectorRoutes({ workers, scraping, rules, health, selfMetrics, budget, options, startedAtMs, log });
  const api = createApiServer(options.api.host, routes, otlpRoutes(workers, selfMetrics, log, budget, options.api.host), {
    onAnswer: (route, code, seconds) => selfMetrics.answered(route, code, seconds),
    onRefusal: (reason) => selfMetrics.requests.inc({ receiver: 'api', outcome: reason }),
    onError: (error) => log.error('an API request failed', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  });
  const apiAddress = await listen('api', api, options.api);
  apiUrl = `http://${apiAddress}`;
  const { otlpHttp } = options;
  const otlpAddress = otlpHttp && (await listen('otlp-http', createOtlpServer(otlpRoutes(workers, selfMetrics, log, budget, otlpHttp.host), selfMetrics), otlpHttp));
  const endpoints: Endpoints = { api: apiAddress, ...(otlpAddress === undefined ? {} : { otlpHttp: otlpAddress }) };

  const token = randomBytes(32).toString('hex');
  const rpc = lifetime.add(
    new RpcServer(token, {
      ...eventRpcHandlers(workers.events),
      status,
      registerWorkspace: (params, windowId) => workspaces.register(windowId, assertWorkspaceRegistration(params)),
      queryRange: (params) => workers.metrics.call('grid', assertRangeQuery(params)),
      health: () => health.current(),
      setPaused: async ({ isPaused }) => {
        scraping.setPaused(isPaused);
        const now = await status();
        rpc.notify('statusChanged', now);
        return now;
      },
      handOver: ({ reason }) => {
        setImmediate(() => stop(`handed over: ${reason}`));
        return Promise.resolve({ pid: process.pid });
      },
    }),
  );
  const socket = socketPath(options.dataDir, currentRuntimeEnvironment());
  await rpc.listen(socket);
  lifetime.add(health.onChange((snapshot) => rpc.notify('healthChanged', snapshot)));
  lifetime.add(log.onEntry(({ level, message, fields }) => rpc.notify('log', { level, message: [message, ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)].join(' ') })));
  const idle = lifetime.add(new IdleWatch(options.lingerMs, () => stop('no window needs it any more')));
  lifetime.add(rpc.onWindowChange(({ windowId, isOpen }) => {
    if (!isOpen) workspaces.release(windowId);
    idle.setCount(rpc.windowCount);
  }));

  void workers.failed.then((error) => {
    log.error('a worker has failed', { error: error.stack ?? error.message });
    stop('a worker has failed', false);
  });
  if (options.configFile !== undefined) await workspaces.registerFile(options.configFile);
  lock.publish({ pid: process.pid, socket: socket.path, version: VERSION, protocolVersion: PROTOCOL_VERSION, token });
  log.info('the collector is ready', { ...endpoints, dataDir: options.dataDir, pid: process.pid, durable: workers.isDurable });
  return { endpoints, conflicts, ended, stop };
}

async function close(workers: Workers, lifetime: DisposableStore, servers: readonly Server[]): Promise<void> {
  // New requests first, then what feeds the stores, then the stores; the lock, registered first, goes last.
  for (const server of servers) {
    server.close();
    server.closeIdleConnections();
  }
  await workers.close();
  for (const server of servers) server.closeAllConnections();
  lifetime.dispose();
}

const failed = (message: string): Result<never, StartFailure> => fail({ isTaken: false, message });
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
