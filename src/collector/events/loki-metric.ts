import { fail, ok, type Result } from '../../base/result.ts';
import type { MetricQuery } from '../../logql/ast.ts';
import { WindowCounter, type LogSeries, type TimeGrid } from '../../logql/count-windows.ts';
import type { EventsStore } from '../../store/events/events-store.ts';
import type { LogFilter } from '../../store/events/query/query-types.ts';
import { logEntryOf, timeOf } from './logql-entry.ts';
import { logqlFilterOf } from './logql-filter.ts';

/** Lines that are read one by one for a metric query; more are an error that says so. */
const MOST_LINES = 500_000;
const MOST_SERIES = 500;
const PAGE_LINES = 5000;

/** Buckets that are counted for a histogram at most. */
const MOST_BUCKETS = 50_000;

/** Labels that tell the level: a sum by these alone is counted by the store, without a look at single lines. */
const LEVEL_LABELS: readonly string[] = ['level', 'detected_level'];

/** Computes `rate` and `count_over_time`. The error is for people. */
export function countSeries(store: EventsStore, query: MetricQuery, grid: TimeGrid, isCancelled: () => boolean): Result<readonly LogSeries[], string> {
  const counter = new WindowCounter(query, grid);
  const { filter, pipeline } = logqlFilterOf(query.log);
  const lastUnixNano = grid.startUnixNano + grid.stepNano * BigInt(grid.count - 1);
  const first = grid.startUnixNano - BigInt(Math.round(query.rangeNano)) + 1n;
  const window = { fromUnixNano: first < 0n ? 0n : first, toUnixNano: lastUnixNano + 1n };
  if (countByLevel(store, query, grid, filter, counter)) return ok(counter.series());
  let cursor: string | undefined;
  let lines = 0;
  do {
    if (isCancelled()) return fail('the client has gone');
    const page = store.searchLogs({ ...filter, ...window }, { limit: PAGE_LINES, cursor });
    lines += page.items.length;
    if (lines > MOST_LINES) return fail(`the query selects more than ${MOST_LINES} lines: narrow the selector or the time, or use sum by (level)`);
    for (const record of page.items) {
      const passed = pipeline(logEntryOf(record));
      if (!passed) continue;
      if (passed.labels.has('__error__')) return fail(pipelineError(passed.labels));
      counter.add(timeOf(record), passed);
    }
    if (counter.seriesCount > MOST_SERIES) return fail(`maximum of series (${MOST_SERIES}) reached for a single query`);
    cursor = page.next;
  } while (cursor !== undefined);
  return ok(counter.series());
}

// A histogram's buckets are the finest parts of the windows: window and step are multiples of them. False when that does not do.
function countByLevel(store: EventsStore, { sum, log, rangeNano }: MetricQuery, grid: TimeGrid, filter: LogFilter, counter: WindowCounter): boolean {
  if (!sum || sum.isWithout || !sum.names.every((name) => LEVEL_LABELS.includes(name))) return false;
  // What parsers find may have errors, and these have to be told.
  if (log.stages.some(({ kind }) => kind !== 'line' && kind !== 'drop') || log.stages.some((stage) => stage.kind === 'drop' && stage.names.some((name) => sum.names.includes(name)))) return false;
  const range = BigInt(Math.round(rangeNano));
  const bucketNano = grid.count === 1 ? range : greatestCommonDivisor(range, grid.stepNano);
  const fromUnixNano = grid.startUnixNano - range + 1n;
  const bucketCount = (grid.stepNano * BigInt(grid.count - 1) + range) / bucketNano;
  if (fromUnixNano < 0n || bucketCount > BigInt(MOST_BUCKETS)) return false;
  const { counts } = store.countLogs({ filter, fromUnixNano, bucketNano, bucketCount: Number(bucketCount) });
  for (const [level, buckets] of Object.entries(counts)) {
    const labels = new Map(LEVEL_LABELS.map((name) => [name, level]));
    for (const [i, count] of buckets.entries()) if (count > 0) counter.add(fromUnixNano + bucketNano * BigInt(i), { labels }, count);
  }
  return true;
}

function pipelineError(labels: ReadonlyMap<string, string>): string {
  return `pipeline error: '${labels.get('__error__') ?? ''}' for the labels ${JSON.stringify(Object.fromEntries(labels))}. Leave such lines out with a filter, or add | drop __error__`;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}
