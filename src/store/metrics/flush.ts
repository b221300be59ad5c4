import { BlockBuilder, OUT_OF_ORDER, type Block } from './block.ts';
import type { BlockTable } from './block-table.ts';
import type { Column } from './encoding/column.ts';
import type { Series } from './series.ts';
import type { SeriesIndex } from './series-index.ts';
import type { MetricsStorage } from './storage.ts';

const SAMPLES_PER_CHUNK = 120;
const BLOCK_BYTES = 128 * 1024;
const SERIES_PER_STEP = 250;

/** What a flush needs of the store. */
export interface FlushTarget {
  readonly storage: MetricsStorage;
  readonly index: SeriesIndex;
  readonly blocks: BlockTable;
}

/**
 * Moves all samples that the store holds at its creation into blocks, a bounded step at a time, and then declares the
 * journal rows up to `lastJournalId` void. Until then the journal counts, afterwards the blocks do: a crash in between
 * loses and doubles nothing (see storage.ts). A step that throws leaves everything as it was; the flush can be made anew.
 */
export class Flush {
  readonly #target: FlushTarget;
  readonly #lastJournalId: number;
  readonly #all: readonly Series[];
  readonly #builder = new BlockBuilder();
  /** Whose samples are in the builder, up to their cut. */
  #encoded: Series[] = [];
  #next = 0;

  /** Marks where each series ends now. */
  constructor(target: FlushTarget, lastJournalId: number) {
    this.#target = target;
    this.#lastJournalId = lastJournalId;
    this.#all = target.index.all();
    for (const series of this.#all) {
      series.cut = series.length;
      // What a flush that failed left behind goes with this one.
      series.outOfOrderCut = series.outOfOrderCut === undefined ? series.outOfOrder : series.outOfOrderCut.mergedWith(series.outOfOrder);
      series.outOfOrder = undefined;
    }
  }

  /** Encodes some series; true when all are in blocks and {@link finish} is due. */
  step(): boolean {
    const end = Math.min(this.#all.length, this.#next + SERIES_PER_STEP);
    while (this.#next < end) {
      const series = this.#all[this.#next++]!;
      const isAdded = this.#encode(series, series, series.persisted, series.cut, 0);
      const { outOfOrderCut } = series;
      const isOldAdded = outOfOrderCut !== undefined && this.#encode(series, outOfOrderCut, 0, outOfOrderCut.length, OUT_OF_ORDER);
      if (isAdded || isOldAdded) this.#encoded.push(series);
      if (this.#builder.sizeBytes >= BLOCK_BYTES) this.#seal(undefined);
    }
    return this.#next >= this.#all.length;
  }

  /** Writes the last block and voids the journal rows, together with whatever `work` writes. */
  finish(work: () => void): void {
    this.#seal(() => {
      work();
      this.#target.storage.markFlushed(this.#lastJournalId);
    });
  }

  #encode(series: Series, column: Column, from: number, to: number, flags: number): boolean {
    if (to <= from) return false;
    // Even pieces: 130 samples are two chunks of 65.
    const pieces = Math.ceil((to - from) / SAMPLES_PER_CHUNK);
    for (let piece = 0; piece < pieces; piece++) {
      const start = from + Math.floor(((to - from) * piece) / pieces);
      const end = from + Math.floor(((to - from) * (piece + 1)) / pieces);
      this.#builder.add(series.ref, column, start, end, flags);
    }
    return true;
  }

  #seal(also: (() => void) | undefined): void {
    const { storage, blocks } = this.#target;
    let written: { readonly block: Block; readonly data: Uint8Array } | undefined;
    if (!this.#builder.isEmpty) written = this.#builder.take(blocks.takeId());
    storage.transaction(() => {
      if (written !== undefined) storage.putBlock(written.block, written.data, this.#lastJournalId);
      also?.();
    });
    if (written === undefined) return;
    // From here on the chunks are readable, so the samples must count as persisted in the same breath.
    blocks.add(written.block, written.data);
    for (const series of this.#encoded) {
      series.persisted = Math.max(series.persisted, series.cut);
      series.outOfOrderCut = undefined;
    }
    this.#encoded = [];
  }
}
