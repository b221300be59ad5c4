import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { EventsCalls } from './events-calls.ts';
import type { MetricsCalls, MetricsPushCalls } from './metrics-calls.ts';
import type { CollectorOptions } from './options.ts';
import type { CollectorStatistics } from './statistics.ts';
import { WorkerClient } from './worker-channel.ts';

/** The two worker threads, opened. */
export interface Workers {
  readonly metrics: WorkerClient<MetricsCalls>;
  /** Into the metrics store, and its figures; not held up by queries. */
  readonly metricsPush: WorkerClient<MetricsPushCalls>;
  readonly events: WorkerClient<EventsCalls>;
  readonly isDurable: boolean;
  /** Resolves with what went wrong when a worker dies: then the collector has to end and be started anew. */
  readonly failed: Promise<Error>;
  statistics(): Promise<CollectorStatistics>;
  /** Closes the stores and ends the threads. */
  close(): Promise<void>;
}

/** How long a store may take to close before its thread is ended. */
const CLOSE_TIMEOUT_MS = 2000;

/** The memory budget's share of the metrics; the rest is for traces and logs. */
const METRICS_SHARE = 0.6;

/**
 * Limits of the JavaScript heaps (samples, spans and bodies lie outside of them, within the stores' own budgets). V8 would let each
 * thread's young heap grow to 48 MiB, which is most of an idle collector's memory; see the numbers in docs/ARCHITECTURE.md.
 */
const HEAP_LIMITS = {
  metrics: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1024 },
  events: { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 512 },
} as const;

/** Starts both workers and opens their stores side by side. Rejects when a store cannot be opened. `onProblem` hears of what no call waits for. */
export async function startWorkers(options: CollectorOptions, onProblem: (problem: string) => void): Promise<Workers> {
  const { port1: pushPort, port2: workerPort } = new MessageChannel();
  const metricsThread = new Worker(options.workerScript('metrics-worker'), { name: 'metrics', workerData: { pushPort: workerPort }, transferList: [workerPort], resourceLimits: HEAP_LIMITS.metrics });
  const eventsThread = new Worker(options.workerScript('events-worker'), { name: 'events', resourceLimits: HEAP_LIMITS.events });
  const threads = [metricsThread, eventsThread];
  let isClosing = false;
  const failed = new Promise<Error>((resolve) => {
    for (const thread of threads) {
      thread.on('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))));
      thread.on('exit', (code) => {
        if (!isClosing) resolve(new Error(`a worker has ended (exit code ${code})`));
      });
    }
  });
  const metrics = new WorkerClient<MetricsCalls>(metricsThread, 'metrics');
  const metricsPush = new WorkerClient<MetricsPushCalls>(metricsThread, 'metrics', pushPort);
  const events = new WorkerClient<EventsCalls>(eventsThread, 'events');
  for (const worker of [metrics, events]) worker.onProblem(onProblem);
  const { dataDir, retentionAgeMs, retentionBytes, memoryBytes, experimentalPromql } = options;
  try {
    const [metricsStats, eventsStats] = await Promise.all([
      metrics.call('open', { dataDir, retentionAgeMs, retentionBytes: retentionBytes / 2, memoryBytes: memoryBytes * METRICS_SHARE, experimentalPromql }),
      events.call('open', { dataDir, retentionAgeMs, retentionBytes: retentionBytes / 2, memoryBytes: memoryBytes * (1 - METRICS_SHARE) }),
    ]);
    return {
      metrics,
      metricsPush,
      events,
      isDurable: metricsStats.isDurable && eventsStats.isDurable,
      failed,
      async statistics() {
        const [metricsNow, eventsNow] = await Promise.all([metricsPush.call('stats', {}), events.call('stats', {})]);
        return { metrics: metricsNow, events: eventsNow };
      },
      async close() {
        isClosing = true;
        const closed = Promise.allSettled([metrics.call('close', {}), events.call('close', {})]);
        // A query in hand would be waited for. What was acknowledged is on disk, so that nothing is lost with a thread.
        await Promise.race([closed, delay(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
        await Promise.all(threads.map((thread) => thread.terminate()));
      },
    };
  } catch (error) {
    isClosing = true;
    await Promise.all(threads.map((thread) => thread.terminate()));
    throw error;
  }
}
