import { join } from 'node:path';
import { MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../base/clock.ts';
import { DisposableStore, toDisposable } from '../base/disposable.ts';
import { ScrapeAppenders } from '../receive/scrape/scrape-appenders.ts';
import { openMetricsStore } from '../store/metrics/metrics-store.ts';
import type { MetricsStore } from '../store/metrics/store-types.ts';
import type { MetricsCalls, MetricsPushCalls, MetricsWorkerOptions } from './metrics-calls.ts';
import { MetricsIngest } from './metrics-ingest.ts';
import { warmUpQueries } from './query-warm-up.ts';
import { QueryService } from './query-service.ts';
import { readForState } from './rules/read-for-state.ts';
import { answerStoreQuery, metricNames } from './store-queries.ts';
import { runWhenIdle } from './idle-work.ts';
import { runUpkeep } from './upkeep.ts';
import { reportProblem, serveUrgentCalls, serveWorkerCalls, transferable, type UrgentHandlers, type WorkerHandlers } from './worker-channel.ts';

/** The engine is warmed up when nothing was asked of the worker for so long, with so many rounds of queries. */
const WARM_UP_PAUSE_MS = 300;
const WARM_UP_ROUNDS = 50;

interface Opened {
  readonly store: MetricsStore;
  readonly ingest: MetricsIngest;
  readonly scrapes: ScrapeAppenders;
  readonly queries: QueryService;
  readonly isExperimental: boolean;
}

const pushPort: unknown = (workerData as { readonly pushPort?: unknown } | null)?.pushPort;
if (!parentPort || !(pushPort instanceof MessagePort)) throw new Error('the metrics worker runs as a worker thread of the collector only');
const port = parentPort;
const lifetime = new DisposableStore();
let state: Opened | undefined;
let callsSinceAsked = 0;

/** Whether the store or the engine was asked for something since the last time. */
function hasWorked(): boolean {
  const calls = callsSinceAsked;
  callsSinceAsked = 0;
  return calls > 0;
}

function opened(): Opened {
  callsSinceAsked++;
  if (!state) throw new Error('the metrics worker has not been opened');
  return state;
}

function open(options: MetricsWorkerOptions): Opened {
  const store = openMetricsStore({
    path: options.dataDir === undefined ? undefined : join(options.dataDir, 'metrics.db'),
    retentionAgeMs: options.retentionAgeMs,
    retentionBytes: options.retentionBytes,
    memoryBytes: options.memoryBytes,
    clock: systemClock,
    onDamage: (problem) => reportProblem(port, 'a database was set aside', problem),
  });
  lifetime.add(toDisposable(() => store.close()));
  lifetime.add(runUpkeep(() => store.maintain(), (error) => reportProblem(port, 'upkeep of the metrics failed', error)));
  const queries = new QueryService(store, options.experimentalPromql, takePushes);
  lifetime.add(runWhenIdle(WARM_UP_PAUSE_MS, () => warmUpQueries(options.experimentalPromql, WARM_UP_ROUNDS), hasWorked));
  return {
    store,
    ingest: new MetricsIngest(store),
    scrapes: new ScrapeAppenders(),
    queries,
    isExperimental: options.experimentalPromql,
  };
}

const pushHandlers: UrgentHandlers<MetricsPushCalls> = {
  metricNames: () => metricNames(opened().store),
  stats: () => opened().store.stats(),
  ingest: (params) => opened().ingest.ingest(params),
  append: ({ batch }) => opened().store.append(batch),
  openTarget({ id, spec }) {
    opened().scrapes.open(id, spec);
    return null;
  },
  scrape({ id, input }) {
    const { scrapes, store } = opened();
    const result = scrapes.append(id, input);
    if (result) store.append(result.batch);
    return result?.outcome;
  },
  closeTarget({ id, timestampMs }) {
    const { scrapes, store } = opened();
    const batch = scrapes.close(id, timestampMs);
    if (batch) store.append(batch);
    return null;
  },
};

const handlers: WorkerHandlers<MetricsCalls> = {
  open(options) {
    state = open(options);
    return { value: state.store.stats() };
  },
  api(query, { isCancelled }) {
    const { store, queries, isExperimental } = opened();
    if (query.kind === 'query' || query.kind === 'query_range') {
      const answer = queries.answer(query, isCancelled);
      return { value: answer, transfer: [answer.body.buffer] };
    }
    const answer = answerStoreQuery(query, store, isExperimental);
    return { value: answer, transfer: transferable(answer.body) };
  },
  instant: ({ expr, timeMs }, { isCancelled }) => ({ value: opened().queries.instant(expr, timeMs, isCancelled) }),
  vector: ({ expr, timeMs }, { isCancelled }) => ({ value: opened().queries.vector(expr, timeMs, isCancelled) }),
  forState: ({ alertName, minMs, maxMs }) => ({ value: readForState(opened().store, alertName, minMs, maxMs) }),
  range: ({ expr, startMs, endMs, stepMs }, { isCancelled }) => ({ value: opened().queries.range(expr, startMs, endMs, stepMs, isCancelled) }),
  grid: (params, { isCancelled }) => ({ value: opened().queries.grid(params, isCancelled) }),
  close() {
    lifetime.dispose();
    return { value: null };
  },
};

// Views that the store hands out stay valid while it takes in more, so a query may be interrupted for that.
const takePushes = serveUrgentCalls(pushPort, pushHandlers);
serveWorkerCalls(port, handlers);
