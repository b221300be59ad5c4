import type { LogRecord } from '../../../model/log-record.ts';
import type { LogView } from '../encoding/log-view.ts';
import { decodeRows } from './decode-rows.ts';
import { createLogBlockTest, matchLogs } from './log-match.ts';
import { searchNewestFirst, type Hit } from './newest-first.ts';
import type { LogFilter, Page, PageRequest } from './query-types.ts';
import type { LogSource } from './span-source.ts';

/** The place of a record in the order of a search: time, then the place where it is stored, the later one first. */
interface LogCursor {
  readonly timeUnixNano: bigint;
  readonly blockId: number;
  readonly row: number;
}

/** Finds log records, newest first; of the same time, the one that came later is first. */
export function searchLogs(source: LogSource, filter: LogFilter, page: PageRequest): Page<LogRecord> {
  const cursor = page.cursor === undefined ? undefined : decodeLogCursor(page.cursor);
  const window = cursor === undefined ? filter : { ...filter, toUnixNano: earlier(filter.toUnixNano, cursor.timeUnixNano + 1n) };
  const found = searchNewestFirst<LogView>({
    blocks: source.blocksNewestFirst(),
    mayMatch: createLogBlockTest(window, source.names),
    rows: (view, block) => {
      const rows = matchLogs(view, window);
      const hits: Hit<LogView>[] = [];
      if (!rows.includes(1)) return hits;
      const { values } = view.times();
      for (let row = rows.indexOf(1); row >= 0; row = rows.indexOf(1, row + 1)) {
        const hit = { timeUnixNano: values[row]!, view, row, blockId: block.id };
        if (cursor === undefined || compare(cursor, hit) < 0) hits.push(hit);
      }
      return hits;
    },
    compare,
    onUnreadable: source.onUnreadable,
    limit: page.limit,
    toUnixNano: window.toUnixNano,
    isTimeOver: source.stopwatch(page.budgetMs),
  });
  return {
    items: decodeRows(found.hits, source.onUnreadable),
    next: nextCursor(found.hits.at(-1), found.stoppedAtUnixNano, found.hasMore),
    isComplete: found.stoppedAtUnixNano === undefined,
    scannedBlocks: found.scannedBlocks,
  };
}

function compare(a: LogCursor, b: LogCursor): number {
  if (a.timeUnixNano !== b.timeUnixNano) return a.timeUnixNano < b.timeUnixNano ? 1 : -1;
  return b.blockId - a.blockId || b.row - a.row;
}

function nextCursor(last: LogCursor | undefined, stoppedAt: bigint | undefined, hasMore: boolean): string | undefined {
  // Everything earlier than the stop comes after this place, which no block has.
  if (stoppedAt !== undefined) return `${stoppedAt - 1n}.${Number.MAX_SAFE_INTEGER}.0`;
  return hasMore && last ? `${last.timeUnixNano}.${last.blockId}.${last.row}` : undefined;
}

function decodeLogCursor(text: string): LogCursor | undefined {
  const match = /^(\d{1,20})\.(\d{1,16})\.(\d{1,16})$/.exec(text);
  return match ? { timeUnixNano: BigInt(match[1]!), blockId: Number(match[2]), row: Number(match[3]) } : undefined;
}

function earlier(a: bigint | undefined, b: bigint): bigint {
  return a === undefined || b < a ? b : a;
}
