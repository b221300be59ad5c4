import type { Span } from '../../../model/span.ts';
import type { SearchBlock } from '../blocks/signal-blocks.ts';
import type { SpanView } from '../encoding/span-view.ts';
import { decodeRows } from './decode-rows.ts';
import { searchNewestFirst, type Hit } from './newest-first.ts';
import type { Page, PageRequest, SpanFilter } from './query-types.ts';
import { decodeSpanCursor, encodeSpanCursor, type SpanCursor } from './span-cursor.ts';
import { createSpanBlockTest, matchSpans } from './span-match.ts';
import type { SpanSource } from './span-source.ts';

/** Finds spans, newest start first; spans that start at once are ordered by their ids. A repeated span is found once. */
export function searchSpans(source: SpanSource, filter: SpanFilter, page: PageRequest): Page<Span> {
  const { hits, next, isComplete, scannedBlocks } = searchSpanHits(source, filter, page);
  return { items: decodeRows(hits, source.onUnreadable), next, isComplete, scannedBlocks };
}

/** The same, not yet decoded. */
export function searchSpanHits(
  source: SpanSource,
  filter: SpanFilter,
  page: PageRequest,
): { readonly hits: readonly Hit<SpanView>[]; readonly next: string | undefined; readonly isComplete: boolean; readonly scannedBlocks: number } {
  const cursor = page.cursor === undefined ? undefined : decodeSpanCursor(page.cursor);
  const window = cursor === undefined ? filter : { ...filter, toUnixNano: earlier(filter.toUnixNano, cursor.startUnixNano + 1n) };
  const blockTest = createSpanBlockTest(window, source.names);
  const isTimeOver = source.stopwatch(page.budgetMs);
  const found = searchNewestFirst<SpanView>({
    blocks: source.blocksNewestFirst(),
    mayMatch: blockTest,
    rows: (view, block) => spanHits(view, block, window, cursor),
    compare: compareHits,
    onUnreadable: source.onUnreadable,
    limit: page.limit,
    toUnixNano: window.toUnixNano,
    isTimeOver,
  });
  return {
    hits: found.hits,
    next: nextCursor(found.hits.at(-1), found.stoppedAtUnixNano, found.hasMore),
    isComplete: found.stoppedAtUnixNano === undefined,
    scannedBlocks: found.scannedBlocks,
  };
}

/** Orders hits newest first, then by trace id and span id. */
export function compareHits(a: Hit<SpanView>, b: Hit<SpanView>): number {
  if (a.timeUnixNano !== b.timeUnixNano) return a.timeUnixNano < b.timeUnixNano ? 1 : -1;
  return compareText(a.view.traceId(a.row), b.view.traceId(b.row)) || compareText(a.view.spanId(a.row), b.view.spanId(b.row));
}

/** The cursor after which a hit comes. */
export function cursorOf(hit: Hit<SpanView>): SpanCursor {
  return { startUnixNano: hit.timeUnixNano, traceId: hit.view.traceId(hit.row), spanId: hit.view.spanId(hit.row) };
}

function spanHits(view: SpanView, block: SearchBlock<SpanView>, filter: SpanFilter, cursor: SpanCursor | undefined): Hit<SpanView>[] {
  const rows = matchSpans(view, filter);
  const hits: Hit<SpanView>[] = [];
  if (!rows.includes(1)) return hits;
  const { values } = view.starts();
  for (let row = rows.indexOf(1); row >= 0; row = rows.indexOf(1, row + 1)) {
    const hit = { timeUnixNano: values[row]!, view, row, blockId: block.id };
    if (cursor === undefined || isAfter(hit, cursor)) hits.push(hit);
  }
  return hits;
}

function isAfter(hit: Hit<SpanView>, cursor: SpanCursor): boolean {
  if (hit.timeUnixNano !== cursor.startUnixNano) return hit.timeUnixNano < cursor.startUnixNano;
  const order = compareText(hit.view.traceId(hit.row), cursor.traceId) || compareText(hit.view.spanId(hit.row), cursor.spanId);
  return order > 0;
}

function nextCursor(last: Hit<SpanView> | undefined, stoppedAt: bigint | undefined, hasMore: boolean): string | undefined {
  if (stoppedAt !== undefined) return encodeSpanCursor({ startUnixNano: stoppedAt - 1n, traceId: '', spanId: '' });
  return hasMore && last ? encodeSpanCursor(cursorOf(last)) : undefined;
}

function earlier(a: bigint | undefined, b: bigint): bigint {
  return a === undefined || b < a ? b : a;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
