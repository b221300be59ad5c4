import type { SearchBlock } from '../blocks/signal-blocks.ts';
import type { BlockRow } from './decode-rows.ts';

/** A row that meets a search, before it is decoded. */
export interface Hit<V> extends BlockRow<V> {
  readonly timeUnixNano: bigint;
}

/** How a signal is searched. */
export interface NewestFirstSearch<V> {
  /** Open block first, then by latest time. */
  readonly blocks: readonly SearchBlock<V>[];
  readonly mayMatch: (block: SearchBlock<V>) => boolean;
  /** Rows of the block that match and come after the cursor. May throw a CorruptBlockError. */
  readonly rows: (view: V, block: SearchBlock<V>) => Hit<V>[];
  /** Newest first; 0 for two copies of the same record, of which one is kept. */
  readonly compare: (a: Hit<V>, b: Hit<V>) => number;
  readonly onUnreadable: (blockId: number, error: unknown) => void;
  readonly limit: number;
  /** Nothing from this time on is wanted. */
  readonly toUnixNano: bigint | undefined;
  /** Whether to stop now; asked between blocks. */
  readonly isTimeOver: () => boolean;
}

/** What was found, and if the search stopped early, the time before which it did not look. */
export interface NewestFirstResult<V> {
  readonly hits: readonly Hit<V>[];
  readonly hasMore: boolean;
  readonly stoppedAtUnixNano: bigint | undefined;
  readonly scannedBlocks: number;
}

/** Merges blocks until the newest `limit` hits are certain: no block that is left can hold a newer one. */
export function searchNewestFirst<V>(search: NewestFirstSearch<V>): NewestFirstResult<V> {
  const { limit } = search;
  let hits: Hit<V>[] = [];
  let scannedBlocks = 0;
  let progressBound = search.toUnixNano;
  for (const block of search.blocks) {
    const bound = boundOf(block);
    if (bound !== undefined) {
      // One hit more than the limit tells that there is a next page.
      if (hits.length > limit && hits[limit]!.timeUnixNano >= bound) break;
      // Stopping must leave less to do than there was, or the next page would start at the same place.
      if (progressBound !== undefined && bound < progressBound && search.isTimeOver()) return cutAt(hits, bound, limit, scannedBlocks);
    }
    if (!search.mayMatch(block)) continue;
    progressBound ??= bound;
    const found = readBlock(search, block);
    scannedBlocks++;
    if (found.length === 0) continue;
    hits = mergeHits(hits, found, search.compare, limit + 1);
  }
  return { hits: hits.slice(0, limit), hasMore: hits.length > limit, stoppedAtUnixNano: undefined, scannedBlocks };
}

function readBlock<V>(search: NewestFirstSearch<V>, block: SearchBlock<V>): Hit<V>[] {
  try {
    const view = block.view();
    return view === undefined ? [] : search.rows(view, block);
  } catch (error) {
    search.onUnreadable(block.id, error);
    return [];
  }
}

function mergeHits<V>(hits: Hit<V>[], found: Hit<V>[], compare: (a: Hit<V>, b: Hit<V>) => number, keep: number): Hit<V>[] {
  const merged = [...hits, ...found].sort(compare);
  const distinct: Hit<V>[] = [];
  for (const hit of merged) {
    if (distinct.length >= keep) break;
    const last = distinct.at(-1);
    if (last === undefined || compare(last, hit) !== 0) distinct.push(hit);
  }
  return distinct;
}

function cutAt<V>(hits: readonly Hit<V>[], bound: bigint, limit: number, scannedBlocks: number): NewestFirstResult<V> {
  const certain = hits.filter((hit) => hit.timeUnixNano >= bound);
  if (certain.length > limit) return { hits: certain.slice(0, limit), hasMore: true, stoppedAtUnixNano: undefined, scannedBlocks };
  return { hits: certain, hasMore: true, stoppedAtUnixNano: bound, scannedBlocks };
}

// The first nanosecond that is later than all of the block.
function boundOf<V>(block: SearchBlock<V>): bigint | undefined {
  return block.meta && BigInt(block.meta.maxMs + 1) * 1_000_000n;
}
