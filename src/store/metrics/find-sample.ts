import { ColumnArena } from './column-arena.ts';
import type { BlockTable } from './block-table.ts';
import { lowerBound, type Column } from './encoding/column.ts';
import type { Series } from './series.ts';

/** Where a sample is. */
export interface FoundSample {
  readonly column: Column;
  readonly at: number;
}

/** The last chunk decoded on behalf of {@link findSample}; samples to compare arrive in runs. */
export class FindCache {
  #series: Series | undefined;
  #key = '';
  #column: Column | undefined;

  decode(blocks: BlockTable, series: Series, chunk: number): Column {
    const key = `${series.chunkBlocks[chunk]!.id}/${series.chunkEntries[chunk]!}`;
    if (this.#series !== series || this.#key !== key || this.#column === undefined) {
      this.#column = blocks.decode(series, [chunk], new ColumnArena());
      this.#series = series;
      this.#key = key;
    }
    return this.#column;
  }
}

/** The sample of a series at exactly `timeMs`, wherever it is kept. */
export function findSample(blocks: BlockTable, cache: FindCache, series: Series, timeMs: number): FoundSample | undefined {
  if (timeMs < series.minMs || timeMs > series.maxMs) return undefined;
  for (const column of [series, series.outOfOrder, series.outOfOrderCut]) {
    const found = column === undefined ? undefined : findIn(column, timeMs);
    if (found !== undefined) return found;
  }
  for (let i = series.chunkBlocks.length - 1; i >= 0; i--) {
    if (!blocks.isNeeded(series, i, timeMs, timeMs)) continue;
    const found = findIn(cache.decode(blocks, series, i), timeMs);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findIn(column: Column, timeMs: number): FoundSample | undefined {
  const at = lowerBound(column.times, column.length, timeMs);
  return at < column.length && column.times[at] === timeMs ? { column, at } : undefined;
}
