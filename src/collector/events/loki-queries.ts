import type { LogQuery } from '../../logql/ast.ts';
import type { LogSeries, TimeGrid } from '../../logql/count-windows.ts';
import { describeLogqlProblem, parseLogql } from '../../logql/parse-logql.ts';
import type { EventsStore } from '../../store/events/events-store.ts';
import { labelNames, labelValues, listStreams } from './loki-labels.ts';
import { countSeries } from './loki-metric.ts';
import { findStreams } from './loki-streams.ts';

/** A window of time, nanoseconds since the Unix epoch. */
export interface LokiWindow {
  readonly fromUnixNano: bigint;
  /** Exclusive. */
  readonly toUnixNano: bigint;
}

/** A question of Loki's query API, its parameters read. */
export type LokiQuery =
  | {
      readonly kind: 'query_range';
      readonly query: string;
      readonly window: LokiWindow;
      readonly grid: TimeGrid;
      readonly limit: number;
      readonly isForward: boolean;
      /** The client wants metadata and parsed labels apart from the stream's (X-Loki-Response-Encoding-Flags). */
      readonly isCategorized: boolean;
    }
  | { readonly kind: 'query'; readonly query: string; readonly timeUnixNano: bigint }
  | { readonly kind: 'labels'; readonly window: LokiWindow }
  | { readonly kind: 'label_values'; readonly name: string; readonly query: string; readonly window: LokiWindow }
  | { readonly kind: 'series'; readonly matches: readonly string[]; readonly window: LokiWindow };

/** An answer: JSON when good, else a text. */
export interface LokiAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Answers a question of Loki's query API from the store (grafana/loki pkg/loghttp). Long work asks `isCancelled`. */
export function answerLoki(store: EventsStore, query: LokiQuery, isCancelled: () => boolean): LokiAnswer {
  switch (query.kind) {
    case 'query_range':
    case 'query':
      return answerQuery(store, query, isCancelled);
    case 'labels':
      return success(labelNames(store, query.window));
    case 'label_values': {
      const selector = readSelector(query.query);
      return 'problem' in selector ? refuse(selector.problem) : success(labelValues(store, query.name, selector.query, query.window));
    }
    case 'series': {
      const selectors = query.matches.length === 0 ? ['{}'] : query.matches;
      const streams = new Map<string, Readonly<Record<string, string>>>();
      for (const match of selectors) {
        const selector = readSelector(match);
        if ('problem' in selector) return refuse(selector.problem);
        for (const labels of listStreams(store, selector.query, query.window)) streams.set(JSON.stringify(labels), labels);
      }
      return success([...streams.values()]);
    }
  }
}

function answerQuery(store: EventsStore, query: Extract<LokiQuery, { kind: 'query' | 'query_range' }>, isCancelled: () => boolean): LokiAnswer {
  const parsed = parseLogql(query.query);
  if (!parsed.ok) return refuse(describeLogqlProblem(query.query, parsed.error));
  const isInstant = query.kind === 'query';
  const grid = isInstant ? { startUnixNano: query.timeUnixNano, stepNano: 1n, count: 1 } : query.grid;
  const { value } = parsed;
  if (value.kind === 'constant') return seriesAnswer([{ labels: new Map(), values: new Array<number>(grid.count).fill(value.value) }], grid, isInstant);
  if (value.kind === 'metric') {
    const series = countSeries(store, value, grid, isCancelled);
    return series.ok ? seriesAnswer(series.value, grid, isInstant) : refuse(series.error);
  }
  if (isInstant) return refuse('log queries are not supported as an instant query type, please change your query to a range query type');
  const found = findStreams(store, value, query);
  return found === undefined
    ? refuse('the oldest lines cannot be found among so many: take a shorter time, or direction=backward')
    : success({ resultType: 'streams', result: found, ...(query.isCategorized ? { encodingFlags: ['categorize-labels'] } : {}), stats: {} });
}

function seriesAnswer(series: readonly LogSeries[], grid: TimeGrid, isInstant: boolean): LokiAnswer {
  const result = series.flatMap(({ labels, values }) => {
    const points = values.flatMap((value, i) => (value === undefined ? [] : [[secondsOf(grid, i), String(value)] as const]));
    const [first] = points;
    if (first === undefined) return [];
    const metric = Object.fromEntries(labels);
    return [isInstant ? { metric, value: first } : { metric, values: points }];
  });
  return success({ resultType: isInstant ? 'vector' : 'matrix', result, stats: {} });
}

const secondsOf = ({ startUnixNano, stepNano }: TimeGrid, index: number): number => Number((startUnixNano + stepNano * BigInt(index)) / 1_000_000n) / 1000;

// '' selects everything.
function readSelector(text: string): { readonly query: LogQuery } | { readonly problem: string } {
  const parsed = parseLogql(text.trim() === '' ? '{}' : text);
  if (!parsed.ok) return { problem: describeLogqlProblem(text, parsed.error) };
  return parsed.value.kind === 'log' ? { query: parsed.value } : { problem: `only a stream selector is allowed here, not ${text}` };
}

const success = (data: unknown): LokiAnswer => ({ status: 200, body: Buffer.from(JSON.stringify({ status: 'success', data })) });

const refuse = (problem: string): LokiAnswer => ({ status: 400, body: Buffer.from(problem) });
