import type { EventRequests } from '../protocol/rpc.ts';
import type { EventsCalls } from './events-calls.ts';
import { eventGuards } from './rpc-event-guards.ts';
import type { WorkerClient } from './worker-channel.ts';

/** One handler for each question about traces and logs. */
export type EventRpcHandlers = { readonly [K in keyof EventRequests]: (params: EventRequests[K]['params']) => Promise<EventRequests[K]['result']> };

/** Checks what windows ask about traces and logs, and passes it to the worker that has them. */
export function eventRpcHandlers(events: WorkerClient<EventsCalls>): EventRpcHandlers {
  return {
    searchTraces: async (params) => events.call('searchTraces', eventGuards.searchTraces(params)),
    getTrace: async (params) => events.call('getTrace', eventGuards.getTrace(params)),
    tailTraces: async (params) => events.call('tailTraces', eventGuards.tailTraces(params)),
    searchLogs: async (params) => events.call('searchLogs', eventGuards.searchLogs(params)),
    logHistogram: async (params) => events.call('logHistogram', eventGuards.logHistogram(params)),
    tailLogs: async (params) => events.call('tailLogs', eventGuards.tailLogs(params)),
    services: async (params) => events.call('services', eventGuards.services(params)),
    operations: async (params) => events.call('operations', eventGuards.operations(params)),
    dependencies: async (params) => events.call('dependencies', eventGuards.dependencies(params)),
    setPinned: async (params) => events.call('setPinned', eventGuards.setPinned(params)),
  };
}
