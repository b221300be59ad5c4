import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../base/clock.ts';
import { DisposableStore } from '../base/disposable.ts';
import { decodeOtlpLogs, decodeOtlpTraces } from '../codec/otlp/decode-otlp.ts';
import { ingestOtlp } from '../receive/http/ingest-otlp.ts';
import { openEventsStore, type EventsStore } from '../store/events/events-store.ts';
import type { EventsCalls, EventsWorkerOptions } from './events-calls.ts';
import { eventQueryHandlers } from './events/event-queries.ts';
import { answerJaeger } from './events/jaeger-queries.ts';
import { answerLoki } from './events/loki-queries.ts';
import { runUpkeep } from './upkeep.ts';
import { reportProblem, serveWorkerCalls, transferable, type WorkerHandlers } from './worker-channel.ts';

/** The traces' share of the disk budget; the rest is for logs. */
const TRACES_SHARE = 0.6;

if (!parentPort) throw new Error('the events worker runs as a worker thread only');
const port = parentPort;
const lifetime = new DisposableStore();
let opened: EventsStore | undefined;

function store(): EventsStore {
  if (!opened) throw new Error('the events worker has not been opened');
  return opened;
}

function open(options: EventsWorkerOptions): void {
  opened = lifetime.add(
    openEventsStore({
      path: options.dataDir === undefined ? undefined : join(options.dataDir, 'events.db'),
      retentionAgeMs: options.retentionAgeMs,
      retentionBytesTraces: options.retentionBytes * TRACES_SHARE,
      retentionBytesLogs: options.retentionBytes * (1 - TRACES_SHARE),
      memoryBytes: options.memoryBytes,
      clock: systemClock,
      onDamage: (problem) => reportProblem(port, 'a database was set aside', problem),
    }),
  );
  lifetime.add(runUpkeep(() => store().maintain(), (error) => reportProblem(port, 'upkeep of traces and logs failed', error)));
}

const handlers: WorkerHandlers<EventsCalls> = {
  open(options) {
    open(options);
    return { value: store().stats() };
  },
  ingest(request) {
    const answer =
      request.signal === 'traces'
        ? ingestOtlp(request, decodeOtlpTraces, (spans) => { store().appendSpans(spans); return undefined; })
        : ingestOtlp(request, decodeOtlpLogs, (records) => { store().appendLogs(records); return undefined; });
    return { value: answer };
  },
  jaeger(query) {
    const value = answerJaeger(store(), query);
    return { value, transfer: transferable(value.body) };
  },
  loki(query, { isCancelled }) {
    const value = answerLoki(store(), query, isCancelled);
    return { value, transfer: transferable(value.body) };
  },
  ...eventQueryHandlers(store),
  stats: () => ({ value: store().stats() }),
  close() {
    lifetime.dispose();
    return { value: null };
  },
};

serveWorkerCalls(port, handlers);
