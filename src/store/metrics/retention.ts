import type { Block } from './block.ts';
import type { BlockTable } from './block-table.ts';
import type { ColumnMemory } from './column-memory.ts';
import type { Series } from './series.ts';
import type { SeriesIndex } from './series-index.ts';
import type { MetricsStorage } from './storage.ts';

/** What eviction needs of the store. */
export interface EvictionTarget {
  readonly storage: MetricsStorage;
  readonly index: SeriesIndex;
  readonly blocks: BlockTable;
  readonly memory: ColumnMemory;
}

/** Deletes a block and the series that have no samples left; returns how many series went. */
export function evictBlock({ storage, index, blocks, memory }: EvictionTarget, block: Block): number {
  const affected = blocks.remove(block);
  const gone = new Set<Series>();
  for (const series of affected) {
    // What the blocks no longer hold must not live on in memory either.
    series.trim(memory);
    if (isEmpty(series)) gone.add(series);
    else series.minMs = oldestTime(series);
  }
  storage.transaction(() => {
    storage.deleteBlock(block.id);
    if (gone.size > 0) storage.deleteSeries([...gone].map((series) => series.ref), index.nextRef);
  });
  if (gone.size > 0) index.remove(gone);
  return gone.size;
}

/** Forgets series that never got a sample, because all of theirs were refused; returns how many. */
export function dropEmptySeries({ storage, index }: Pick<EvictionTarget, 'storage' | 'index'>): number {
  const gone = new Set(index.all().filter(isEmpty));
  if (gone.size === 0) return 0;
  storage.transaction(() => {
    storage.deleteSeries([...gone].map((series) => series.ref), index.nextRef);
  });
  index.remove(gone);
  return gone.size;
}

function isEmpty(series: Series): boolean {
  return series.length === 0 && series.chunkBlocks.length === 0 && series.outOfOrder === undefined && series.outOfOrderCut === undefined;
}

function oldestTime(series: Series): number {
  let minMs = Infinity;
  for (const column of [series, series.outOfOrder, series.outOfOrderCut]) {
    if (column !== undefined && column.length > 0) minMs = Math.min(minMs, column.times[0]!);
  }
  for (let i = 0; i < series.chunkBlocks.length; i++) minMs = Math.min(minMs, series.chunkBlocks[i]!.mins[series.chunkEntries[i]!]!);
  return minMs;
}
