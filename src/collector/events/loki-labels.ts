import type { LogQuery } from '../../logql/ast.ts';
import { logLevel } from '../../store/events/encoding/log-level.ts';
import type { EventsStore } from '../../store/events/events-store.ts';
import { streamLabelsOf } from './logql-entry.ts';
import { logqlFilterOf } from './logql-filter.ts';
import { UNKNOWN_SERVICE } from './json-telemetry.ts';

/** The newest records whose labels are looked at: a stream that is silent for longer is not listed, but still found. */
const SAMPLED_RECORDS = 2000;
const BUDGET_MS = 1000;

interface Window {
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
}

/** The labels that name streams: `level`, `service_name` and those of the newest resources; sorted. */
export function labelNames(store: EventsStore, window: Window): string[] {
  return distinct(listStreams(store, EVERYTHING, window).flatMap((labels) => Object.keys(labels)));
}

/** The values of a stream label, sorted: all services and levels, other labels from the newest records. */
export function labelValues(store: EventsStore, name: string, selector: LogQuery, window: Window): string[] {
  const isEverything = selector.matchers.length === 0 && selector.stages.length === 0;
  const totals = isEverything ? store.logLevels(window) : [];
  if (isEverything && name === 'service_name') return distinct(totals.map(({ service }) => service || UNKNOWN_SERVICE));
  if (isEverything && name === 'level') return distinct(totals.map((total) => total.name));
  return distinct(listStreams(store, selector, window).flatMap((labels) => (Object.hasOwn(labels, name) ? [labels[name]!] : [])));
}

/** The labels of each stream that a query finds among the newest records. */
export function listStreams(store: EventsStore, query: LogQuery, window: Window): Readonly<Record<string, string>>[] {
  const { filter } = logqlFilterOf(query);
  const { items } = store.searchLogs({ ...filter, ...window }, { limit: SAMPLED_RECORDS, budgetMs: BUDGET_MS });
  const streams = new Map<string, Readonly<Record<string, string>>>();
  for (const record of items) {
    const labels = Object.fromEntries([...streamLabelsOf(record.resource, logLevel(record.severityNumber, record.severityText))].sort(([a], [b]) => (a < b ? -1 : 1)));
    streams.set(JSON.stringify(labels), labels);
  }
  return [...streams.values()];
}

const EVERYTHING: LogQuery = { kind: 'log', matchers: [], stages: [] };

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();
