import type { Span } from '../../../model/span.ts';
import type { SearchBlock } from '../blocks/signal-blocks.ts';
import { HEAD_ERROR } from '../encoding/span-layout.ts';
import type { SpanView } from '../encoding/span-view.ts';
import { bloomHas } from '../filter/bloom.ts';
import { traceToken } from '../filter/tokens.ts';
import { decodeRows, type BlockRow } from './decode-rows.ts';
import type { TraceSummary } from './query-types.ts';
import { traceNumber } from './span-match.ts';
import type { SpanSource } from './span-source.ts';

/** A span of a trace, not yet decoded. */
export type TraceRow = BlockRow<SpanView>;

/** The spans of a trace by start time, each span id once; empty when the trace is unknown. */
export function readTrace(source: SpanSource, traceId: string): Span[] {
  return decodeRows(findTraceRows(source, source.blocksNewestFirst(), traceId), source.onUnreadable);
}

/** The rows of a trace by start time, each span id once: of copies, the one that came last. */
export function findTraceRows(source: SpanSource, blocks: readonly SearchBlock<SpanView>[], traceId: string): TraceRow[] {
  const token = traceToken(traceId);
  if (token === undefined) return [];
  const found: { readonly blockId: number; readonly view: SpanView; readonly rows: number[] }[] = [];
  for (const block of blocks) {
    const filter = block.meta && block.filter('traces');
    if (filter && !bloomHas(filter, token)) continue;
    try {
      const view = block.view();
      const rows = view ? rowsOfTrace(view, traceId) : [];
      if (view && rows.length > 0) found.push({ blockId: block.id, view, rows });
    } catch (error) {
      source.onUnreadable(block.id, error);
    }
  }
  found.sort((a, b) => a.blockId - b.blockId);
  const bySpanId = new Map<string, TraceRow>();
  for (const { blockId, view, rows } of found) for (const row of rows) bySpanId.set(view.spanId(row), { blockId, view, row });
  return [...bySpanId.values()].sort(compareStarts);
}

/** What a list shows of a trace; `matches` counts the spans that meet the search. Undefined for no rows. */
export function summarizeTrace(rows: readonly TraceRow[], matches: (row: TraceRow) => boolean): TraceSummary | undefined {
  const first = rows[0];
  if (first === undefined) return undefined;
  const root = rows.find(({ view, row }) => view.parents()[row] === -1) ?? first;
  const start = startOf(first);
  let durationNano = 0;
  let errorCount = 0;
  let matchCount = 0;
  const services = new Map<string, { service: string; spanCount: number; errorCount: number }>();
  for (const traceRow of rows) {
    const { view, row } = traceRow;
    const isError = (view.heads()[row]! & HEAD_ERROR) !== 0;
    durationNano = Math.max(durationNano, Number(startOf(traceRow) - start) + view.durations()[row]!);
    if (isError) errorCount++;
    if (matches(traceRow)) matchCount++;
    const service = view.service(row);
    let entry = services.get(service);
    if (entry === undefined) services.set(service, (entry = { service, spanCount: 0, errorCount: 0 }));
    entry.spanCount++;
    if (isError) entry.errorCount++;
  }
  return {
    traceId: first.view.traceId(first.row),
    rootService: root.view.service(root.row),
    rootName: root.view.name(root.row),
    startUnixNano: start,
    durationNano,
    spanCount: rows.length,
    errorCount,
    matchCount,
    services: [...services.values()].sort((a, b) => b.spanCount - a.spanCount || (a.service < b.service ? -1 : 1)),
  };
}

function rowsOfTrace(view: SpanView, traceId: string): number[] {
  const number = traceNumber(view, traceId);
  if (number < 0) return [];
  const rows: number[] = [];
  const traces = view.traces();
  for (let row = 0; row < view.count; row++) if (traces[row] === number) rows.push(row);
  return rows;
}

function startOf({ view, row }: TraceRow): bigint {
  return view.starts().values[row]!;
}

function compareStarts(a: TraceRow, b: TraceRow): number {
  const [startA, startB] = [startOf(a), startOf(b)];
  if (startA !== startB) return startA < startB ? -1 : 1;
  return a.view.spanId(a.row) < b.view.spanId(b.row) ? -1 : 1;
}
