import type { LogQuery } from '../../logql/ast.ts';
import type { PassedEntry } from '../../logql/log-entry.ts';
import type { LogRecord } from '../../model/log-record.ts';
import type { EventsStore } from '../../store/events/events-store.ts';
import { logEntryOf, timeOf } from './logql-entry.ts';
import { logqlFilterOf } from './logql-filter.ts';

/** More lines than this are not read to find the oldest ones, since a store finds the newest first. */
const MOST_READ = 100_000;

/** One stream of an answer: `values` are `[time in nanoseconds, line]`, or `[time, line, {structuredMetadata, parsed}]` when categorized. */
export interface LokiStream {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: readonly (readonly unknown[])[];
}

/** The lines a query finds, by stream. Undefined when the oldest are wanted and there are too many to find them. */
export function findStreams(
  store: EventsStore,
  query: LogQuery,
  request: { readonly window: { readonly fromUnixNano: bigint; readonly toUnixNano: bigint }; readonly limit: number; readonly isForward: boolean; readonly isCategorized: boolean },
): LokiStream[] | undefined {
  const { window, limit, isForward, isCategorized } = request;
  const { filter, pipeline } = logqlFilterOf(query);
  const page = store.searchLogs({ ...filter, ...window }, { limit: isForward ? MOST_READ : limit });
  if (isForward && page.next !== undefined) return undefined;
  const records = isForward ? page.items.slice(-limit).reverse() : page.items;
  const streams = new Map<string, { readonly stream: Readonly<Record<string, string>>; readonly values: unknown[][] }>();
  for (const record of records) {
    const passed = pipeline(logEntryOf(record));
    if (!passed) continue;
    const labels = sorted(isCategorized ? passed.entry.stream : passed.labels);
    const key = JSON.stringify(labels);
    let stream = streams.get(key);
    if (!stream) streams.set(key, (stream = { stream: Object.fromEntries(labels), values: [] }));
    stream.values.push(valueOf(record, passed, isCategorized));
  }
  return [...streams.values()];
}

function valueOf(record: LogRecord, { entry, parsed }: PassedEntry, isCategorized: boolean): unknown[] {
  const value = [timeOf(record).toString(), entry.line];
  if (!isCategorized) return value;
  const metadata = { structuredMetadata: Object.fromEntries(entry.metadata) };
  return [...value, parsed.size > 0 ? { ...metadata, parsed: Object.fromEntries(parsed) } : metadata];
}

const sorted = (labels: ReadonlyMap<string, string>): [string, string][] => [...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1));
