import type { EventRequests } from '../../protocol/rpc.ts';
import type { PageEnd, QueryProblem } from '../../protocol/telemetry.ts';
import type { PinsAnswer } from '../../protocol/traces.ts';
import type { EventsStore } from '../../store/events/events-store.ts';
import type { LogFilter, Page } from '../../store/events/query/query-types.ts';
import type { WorkerHandlers } from '../worker-channel.ts';
import { logFilterOf, normalTraceId, spanFilterOf, windowOf } from './event-filters.ts';
import { logRecordsOf } from './log-detail.ts';
import { traceDetailOf, traceSummaryWith } from './trace-detail.ts';

/** What the worker answers to windows: the same names, parameters and results as in the protocol. */
export type EventQueryCalls = { [K in keyof EventRequests]: EventRequests[K] };

/** After this time a page ends early, so that ingest and other questions get their turn. */
const PAGE_BUDGET_MS = 1500;

/** The answers to windows' questions, from the store. */
export function eventQueryHandlers(store: () => EventsStore): WorkerHandlers<EventQueryCalls> {
  return {
    searchTraces({ limit, cursor, ...params }) {
      const filter = spanFilterOf(params);
      if (!filter.ok) return { value: { traces: [], ...endWith(filter.error) } };
      const page = store().searchTraces(filter.value, { limit, cursor, budgetMs: PAGE_BUDGET_MS });
      return { value: { traces: page.items.map(traceSummaryWith(pinnedIds(store()))), ...endOf(page) } };
    },
    getTrace({ traceId }) {
      const id = normalTraceId(traceId);
      const isPinned = store().pinnedTraces().some((pin) => pin.traceId === id);
      const trace = traceDetailOf(id, store().getTrace(id), isPinned);
      const { evictedUpToMs } = store().stats().spans;
      return { value: { ...(trace && { trace }), ...(evictedUpToMs === undefined ? {} : { evictedUpToMs }) } };
    },
    tailTraces({ limit, after, ...params }) {
      const filter = spanFilterOf(params);
      if (!filter.ok) return { value: { traces: [], position: after ?? '', skipped: 0, problem: filter.error } };
      const tail = store().tailSpans(filter.value, after, TAILED_SPANS);
      const ids = [...new Set(tail.items.map(({ traceId }) => traceId))];
      const latest = ids.slice(-limit);
      const traces = latest.flatMap((traceId) => store().searchTraces({ ...filter.value, traceId }, { limit: 1 }).items);
      return { value: { traces: traces.map(traceSummaryWith(pinnedIds(store()))), position: tail.position, skipped: ids.length - latest.length } };
    },
    searchLogs({ limit, cursor, ...params }) {
      const search = logFilterOf(params);
      if (!search.ok) return { value: { ...logRecordsOf([]), ...endWith(search.error) } };
      const page = store().searchLogs(search.value.filter, { limit, cursor, budgetMs: PAGE_BUDGET_MS });
      const { evictedUpToMs } = page.items.length > 0 ? {} : store().stats().logs;
      return { value: { ...logRecordsOf(page.items, search.value.pipeline), ...endOf(page), ...(evictedUpToMs === undefined ? {} : { evictedUpToMs }) } };
    },
    logHistogram({ from, bucketNano, bucketCount, ...params }) {
      const search = logFilterOf(params);
      if (!search.ok) return { value: { counts: {}, total: 0, problem: search.error } };
      return { value: store().countLogs({ filter: withoutWindow(search.value.filter), fromUnixNano: BigInt(from), bucketNano: BigInt(bucketNano), bucketCount }) };
    },
    tailLogs({ limit, after, ...params }) {
      const search = logFilterOf(params);
      if (!search.ok) return { value: { ...logRecordsOf([]), position: after ?? '', skipped: 0, problem: search.error } };
      const { items, position, skipped } = store().tailLogs(search.value.filter, after, limit);
      return { value: { ...logRecordsOf(items, search.value.pipeline), position, skipped } };
    },
    services(params) {
      const window = windowOf(params);
      const names = [...store().operations(window), ...store().logLevels(window)].map(({ service }) => service);
      return { value: { services: [...new Set(names)].sort() } };
    },
    operations(params) {
      const window = windowOf(params);
      return { value: { operations: store().operations(window), levels: store().logLevels(window) } };
    },
    dependencies({ from, to }) {
      return { value: { edges: store().dependencies(BigInt(from), BigInt(to)) } };
    },
    setPinned({ traceId, isPinned }) {
      if (isPinned) store().pin(normalTraceId(traceId));
      else store().unpin(normalTraceId(traceId));
      const value: PinsAnswer = { pinned: store().pinnedTraces() };
      return { value };
    },
  };
}

const pinnedIds = (store: EventsStore): ReadonlySet<string> => new Set(store.pinnedTraces().map(({ traceId }) => traceId));

/** Spans that one tail looks at; of more, the latest. */
const TAILED_SPANS = 5000;

function endOf({ next, isComplete, scannedBlocks }: Page<unknown>): PageEnd {
  return { ...(next === undefined ? {} : { next }), isComplete, scannedBlocks };
}

const endWith = (problem: QueryProblem): PageEnd => ({ isComplete: true, scannedBlocks: 0, problem });

// The store can count whole blocks when no window of its own is given: the buckets are one.
function withoutWindow(filter: LogFilter): LogFilter {
  return { ...filter, fromUnixNano: undefined, toUnixNano: undefined };
}
