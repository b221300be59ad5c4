import type { BlockView } from '../encoding/block-parts.ts';
import type { SearchBlock } from '../blocks/signal-blocks.ts';
import { decodeRows, type BlockRow } from './decode-rows.ts';
import type { BlockSource } from './span-source.ts';

/** The records that came after a place, in the order in which they came. */
export interface TailResult<R> {
  readonly items: readonly R[];
  /** Where to go on. */
  readonly position: string;
  /** Matching records that came meanwhile and were left out, because there were more than the limit. */
  readonly skipped: number;
}

/** What a tail needs to know of its signal. */
export interface TailRequest<R, V extends BlockView<R>> {
  readonly source: BlockSource<V>;
  readonly mayMatch: (block: SearchBlock<V>) => boolean;
  readonly match: (view: V) => Uint8Array;
  /** The `position` of the result before; undefined to start at `end`. */
  readonly after: string | undefined;
  readonly end: { readonly block: number; readonly row: number };
  readonly limit: number;
}

/** Follows a signal by arrival, whatever times the records bear. When more came than the limit, the latest are returned. */
export function readTail<R, V extends BlockView<R>>(request: TailRequest<R, V>): TailResult<R> {
  const { source, end } = request;
  const position = `${end.block}.${end.row}`;
  const start = /^(\d{1,15})\.(\d{1,15})$/.exec(request.after ?? '');
  if (!start) return { items: [], position, skipped: 0 };
  const [block, row] = [Number(start[1]), Number(start[2])];
  let hits: BlockRow<V>[] = [];
  for (const candidate of source.blocksInArrivalOrder(block)) {
    if (!request.mayMatch(candidate)) continue;
    try {
      const view = candidate.view();
      if (view) hits.push(...rowsFrom(view, candidate.id, request.match(view), candidate.id === block ? row : 0));
    } catch (error) {
      source.onUnreadable(candidate.id, error);
    }
  }
  const skipped = Math.max(0, hits.length - request.limit);
  hits = hits.slice(skipped);
  return { items: decodeRows(hits, source.onUnreadable), position, skipped };
}

function rowsFrom<V>(view: V, blockId: number, matched: Uint8Array, first: number): BlockRow<V>[] {
  const rows: BlockRow<V>[] = [];
  for (let row = matched.indexOf(1, first); row >= 0; row = matched.indexOf(1, row + 1)) rows.push({ blockId, view, row });
  return rows;
}
