import { blockIndexBytes, OUT_OF_ORDER, type Block } from './block.ts';
import { ByteReader, CorruptChunkError } from './encoding/byte-reader.ts';
import { decodeChunk, hasHistograms } from './encoding/chunk-codec.ts';
import { copySamples, type Column } from './encoding/column.ts';
import type { Series } from './series.ts';
import type { SeriesIndex } from './series-index.ts';
import type { ColumnArena } from './column-arena.ts';
import type { MetricsStorage } from './storage.ts';

const NO_BYTES = new Uint8Array(0);

/** The blocks of the store: which chunks each series has, and their bytes through a cache. */
export class BlockTable {
  readonly #storage: MetricsStorage;
  readonly #index: SeriesIndex;
  readonly #cacheLimitBytes: number;
  readonly #blocks = new Map<number, Block>();
  /** Insertion order is the order of use. */
  readonly #cache = new Map<number, Uint8Array>();
  #cacheBytes = 0;
  #indexBytes = 0;
  #nextId = 1;
  sampleCount = 0;
  chunkCount = 0;
  /** Chunks that could not be read back. */
  corruptChunks = 0;

  constructor(storage: MetricsStorage, index: SeriesIndex, cacheLimitBytes: number) {
    this.#storage = storage;
    this.#index = index;
    this.#cacheLimitBytes = cacheLimitBytes;
  }

  get size(): number {
    return this.#blocks.size;
  }

  get memoryBytes(): number {
    return this.#cacheBytes + this.#indexBytes;
  }

  takeId(): number {
    return this.#nextId++;
  }

  /** Makes a block's chunks known to their series. */
  add(block: Block, data: Uint8Array | undefined): void {
    this.#blocks.set(block.id, block);
    this.#nextId = Math.max(this.#nextId, block.id + 1);
    this.#indexBytes += blockIndexBytes(block);
    this.sampleCount += block.sampleCount;
    this.chunkCount += block.refs.length;
    for (let i = 0; i < block.refs.length; i++) {
      const series = this.#index.byRef(block.refs[i]!);
      if (series === undefined) continue;
      series.chunkBlocks.push(block);
      series.chunkEntries.push(i);
      if (block.mins[i]! < series.minMs) series.minMs = block.mins[i]!;
      if ((block.flags[i]! & OUT_OF_ORDER) !== 0) series.outOfOrderChunks++;
      else if (block.maxs[i]! > series.maxMs) series.maxMs = block.maxs[i]!;
    }
    if (data !== undefined) this.#remember(block.id, data);
  }

  /** Forgets a block; the result are the series that had chunks in it. */
  remove(block: Block): readonly Series[] {
    this.#blocks.delete(block.id);
    this.#forget(block.id);
    this.#indexBytes -= blockIndexBytes(block);
    this.sampleCount -= block.sampleCount;
    this.chunkCount -= block.refs.length;
    const affected = new Set<Series>();
    for (const ref of block.refs) {
      const series = this.#index.byRef(ref);
      if (series !== undefined) affected.add(series);
    }
    for (const series of affected) {
      for (let i = series.chunkBlocks.length - 1; i >= 0; i--) {
        if (series.chunkBlocks[i] !== block) continue;
        if ((block.flags[series.chunkEntries[i]!]! & OUT_OF_ORDER) !== 0) series.outOfOrderChunks--;
        series.chunkBlocks.splice(i, 1);
        series.chunkEntries.splice(i, 1);
      }
    }
    return [...affected];
  }

  /** Whether a chunk of the series must be read besides its column for times between the two. */
  isNeeded(series: Series, chunk: number, minMs: number, maxMs: number): boolean {
    const block = series.chunkBlocks[chunk]!;
    const entry = series.chunkEntries[chunk]!;
    if (block.mins[entry]! > maxMs || block.maxs[entry]! < minMs) return false;
    const mayBeInColumn = chunk < series.absorbedChunks || (block.flags[entry]! & OUT_OF_ORDER) === 0;
    return !mayBeInColumn || series.length === 0 || block.mins[entry]! < series.times[0]!;
  }

  /** The block whose newest sample is the oldest. */
  oldest(): Block | undefined {
    let oldest: Block | undefined;
    for (const block of this.#blocks.values()) if (oldest === undefined || block.maxMs < oldest.maxMs) oldest = block;
    return oldest;
  }

  /** The oldest time in any block. */
  minMs(): number {
    let minMs = Infinity;
    for (const block of this.#blocks.values()) minMs = Math.min(minMs, block.minMs);
    return minMs;
  }

  /**
   * Decodes chunks of one series, one after the other, into a new column, and puts `newer` behind them; unreadable ones are
   * left out and counted.
   */
  decode(series: Series, chunks: readonly number[], arena: ColumnArena, newer?: Column): Column {
    let total = newer?.length ?? 0;
    let isMixed = newer?.histograms !== undefined;
    for (const chunk of chunks) {
      const block = series.chunkBlocks[chunk]!;
      const entry = series.chunkEntries[chunk]!;
      total += block.counts[entry]!;
      isMixed ||= hasHistograms(this.#data(block.id), block.offsets[entry]!);
    }
    const column = arena.create(total, isMixed);
    let length = 0;
    for (const chunk of chunks) {
      const block = series.chunkBlocks[chunk]!;
      const entry = series.chunkEntries[chunk]!;
      const count = block.counts[entry]!;
      try {
        decodeChunk(new ByteReader(this.#data(block.id), block.offsets[entry], block.offsets[entry + 1]), count, column, length);
        length += count;
      } catch (error) {
        if (!(error instanceof CorruptChunkError)) throw error;
        this.corruptChunks++;
      }
    }
    if (newer !== undefined) {
      copySamples(newer, column, length);
      length += newer.length;
    }
    return { ...column, length };
  }

  /** The block's chunks; nothing when it cannot be read. */
  #data(id: number): Uint8Array {
    const cached = this.#cache.get(id);
    if (cached !== undefined) {
      this.#cache.delete(id);
      this.#cache.set(id, cached);
      return cached;
    }
    const data = this.#storage.readBlock(id) ?? NO_BYTES;
    this.#remember(id, data);
    return data;
  }

  #remember(id: number, data: Uint8Array): void {
    if (!this.#storage.isDurable) return;
    this.#cache.set(id, data);
    this.#cacheBytes += data.length;
    for (const oldest of this.#cache.keys()) {
      if (this.#cacheBytes <= this.#cacheLimitBytes || oldest === id) return;
      this.#forget(oldest);
    }
  }

  #forget(id: number): void {
    this.#cacheBytes -= this.#cache.get(id)?.length ?? 0;
    this.#cache.delete(id);
  }
}
