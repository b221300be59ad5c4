import type { SpanView } from '../encoding/span-view.ts';
import type { Page, PageRequest, SpanFilter, TraceSummary } from './query-types.ts';
import { decodeSpanCursor, encodeSpanCursor, type SpanCursor } from './span-cursor.ts';
import { cursorOf, searchSpanHits } from './span-search.ts';
import { matchSpans } from './span-match.ts';
import type { SpanSource } from './span-source.ts';
import { findTraceRows, summarizeTrace, type TraceRow } from './trace-read.ts';

/** Spans looked at in one go while collecting traces: few at first, more when many are of the same trace. */
const FIRST_STEP = 500;
const LARGEST_STEP = 16_000;

/**
 * Finds traces that have a span which meets the filter, ordered by the newest such span.
 * A trace is on one page only: the page where its newest matching span is.
 */
export function searchTraces(source: SpanSource, filter: SpanFilter, page: PageRequest): Page<TraceSummary> {
  const blocks = source.blocksNewestFirst();
  const isTimeOver = source.stopwatch(page.budgetMs);
  const start = page.cursor === undefined ? undefined : decodeSpanCursor(page.cursor);
  const matches = createMatchCache(filter);
  const items: TraceSummary[] = [];
  const seen = new Set<string>();
  let cursor = page.cursor;
  let last: SpanCursor | undefined;
  let scannedBlocks = 0;
  for (let stepSize = FIRST_STEP; ; stepSize = Math.min(stepSize * 4, LARGEST_STEP)) {
    const step = searchSpanHits(source, filter, { limit: stepSize, cursor, budgetMs: page.budgetMs });
    scannedBlocks += step.scannedBlocks;
    for (const hit of step.hits) {
      const traceId = hit.view.traceId(hit.row);
      if (seen.has(traceId)) {
        last = cursorOf(hit);
        continue;
      }
      if (items.length >= page.limit) return { items, next: last && encodeSpanCursor(last), isComplete: true, scannedBlocks };
      seen.add(traceId);
      last = cursorOf(hit);
      const rows = findTraceRows(source, blocks, traceId);
      if (start !== undefined && rows.some((row) => matches(row) && isBefore(row, start))) continue;
      const summary = summarizeTrace(rows, matches);
      if (summary) items.push(summary);
    }
    if (step.next === undefined || !step.isComplete || isTimeOver()) {
      return { items, next: step.next, isComplete: step.next === undefined, scannedBlocks };
    }
    cursor = step.next;
  }
}

function createMatchCache(filter: SpanFilter): (row: TraceRow) => boolean {
  const matched = new Map<SpanView, Uint8Array>();
  return ({ view, row }) => {
    let rows = matched.get(view);
    if (rows === undefined) matched.set(view, (rows = matchSpans(view, filter)));
    return rows[row] === 1;
  };
}

// Whether the row was on a page before the one that starts at the cursor.
function isBefore({ view, row }: TraceRow, cursor: SpanCursor): boolean {
  const start = view.starts().values[row]!;
  if (start !== cursor.startUnixNano) return start > cursor.startUnixNano;
  const ids = view.traceId(row) + view.spanId(row);
  return ids <= cursor.traceId + cursor.spanId;
}
