import { CorruptBlockError } from '../encoding/byte-reader.ts';
import type { BlockEncoder, BlockParts, BlockView, ColumnLayout, PartSource } from '../encoding/block-parts.ts';
import { joinDeltas, packParts } from '../encoding/columns.ts';
import { compressBytes, decompressBytes } from '../encoding/compression.ts';
import type { EventsBackend, EvictionCount, SignalChange } from './backend.ts';
import type { BlockMeta, BlockSummary, PartName, Signal, StoredBlock } from './block-meta.ts';
import { NameCatalogue } from './name-catalogue.ts';
import { WeightedCache } from './weighted-cache.ts';

/** What differs between the signals. */
export interface SignalFormat<R, V extends BlockView<R>> {
  readonly signal: Signal;
  readonly layout: ColumnLayout;
  createEncoder(): BlockEncoder<R>;
  openView(parts: PartSource, count: number): V;
}

/** A block to search: a stored one, the open one, or a pinned trace. */
export interface SearchBlock<V> {
  /** Stays the same when the open block is closed, and across restarts. */
  readonly id: number;
  /** Undefined while the block is open and for pins: nothing can be ruled out. */
  readonly meta: BlockMeta | undefined;
  /** Undefined when the stored bytes cannot be read. */
  view(): V | undefined;
  filter(name: FilterName): Uint8Array | undefined;
}

const FILTER_NAMES = ['traces', 'tokens', 'grams'] as const;

/** The filters of a block: trace ids, attributes, three neighbouring characters of bodies. */
export type FilterName = (typeof FILTER_NAMES)[number];

/** Limits of an open block. */
export interface BlockLimits {
  readonly records: number;
  readonly sizeBytes: number;
}

/** A decoded row and its cached columns take about this much. */
const VIEW_BYTES_PER_RECORD = 500;

/** The blocks of one signal: the open one, those not yet committed, and those in the backend. */
export class SignalBlocks<R, V extends BlockView<R>> {
  readonly names = new NameCatalogue();
  readonly #format: SignalFormat<R, V>;
  readonly #backend: EventsBackend;
  readonly #limits: BlockLimits;
  readonly #nowMs: () => number;
  readonly #encoder: BlockEncoder<R>;
  readonly #metas = new Map<number, BlockMeta>();
  readonly #pending = new Map<number, StoredBlock>();
  readonly #views: WeightedCache<V>;
  readonly #filters: WeightedCache<Uint8Array>;
  #openId = 1;
  #openView: { readonly count: number; readonly view: V } | undefined;
  /** The closed blocks in order; undefined when they have changed. */
  #newestFirst: SearchBlock<V>[] | undefined;
  #closedOpenBlock = false;
  #recordCount = 0;
  #sizeBytes = 0;
  #evicted: EvictionCount = { records: 0, blocks: 0, upToMs: undefined };
  #unreadable = new Set<number>();

  constructor(
    format: SignalFormat<R, V>,
    backend: EventsBackend,
    options: { readonly limits: BlockLimits; readonly cacheBytes: number; readonly nowMs: () => number },
  ) {
    this.#format = format;
    this.#backend = backend;
    this.#limits = options.limits;
    this.#nowMs = options.nowMs;
    this.#encoder = format.createEncoder();
    this.#views = new WeightedCache(options.cacheBytes / 2, 'unused');
    // A search asks nearly all of them, so keeping an order of use would only cost.
    this.#filters = new WeightedCache(options.cacheBytes / 2, 'oldest');
  }

  get recordCount(): number {
    return this.#recordCount + this.#encoder.count;
  }

  get openCount(): number {
    return this.#encoder.count;
  }

  get blockCount(): number {
    return this.#metas.size;
  }

  /** Stored bytes of the closed blocks. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get memoryBytes(): number {
    return this.#encoder.sizeBytes + this.#views.weight + this.#filters.weight + (this.#backend.isDurable ? 0 : this.#sizeBytes);
  }

  get evicted(): EvictionCount {
    return this.#evicted;
  }

  get unreadableBlocks(): number {
    return this.#unreadable.size;
  }

  /** Metas of the closed blocks. */
  metas(): Iterable<BlockMeta> {
    return this.#metas.values();
  }

  /** Takes what the backend has: when opening, and again when a commit failed. Returns how many records could not be recovered. */
  load(): number {
    const loaded = this.#backend.load(this.#format.signal);
    this.#encoder.clear();
    this.#openView = undefined;
    this.#closedOpenBlock = false;
    this.#pending.clear();
    this.#metas.clear();
    this.#newestFirst = undefined;
    this.#views.clear();
    this.#filters.clear();
    this.#recordCount = 0;
    this.#sizeBytes = 0;
    this.#evicted = loaded.evicted;
    // Ids are never used again: places of records are kept by those who follow them.
    this.#openId = loaded.evicted.blocks + 1;
    this.names.load(loaded.names);
    for (const meta of loaded.blocks) this.#addMeta(meta);
    return this.#recover(loaded.deltas);
  }

  /** Adds a record to the open block; false when it has no usable ids. */
  append(record: R): boolean {
    if (!this.#encoder.append(record)) return false;
    const { count } = this.#encoder;
    // The size is a sum over all columns, so it is looked at only now and then.
    if (count >= this.#limits.records || (count % 16 === 0 && this.#encoder.sizeBytes >= this.#limits.sizeBytes)) this.#closeOpenBlock();
    return true;
  }

  /** What is to be committed; undefined when nothing was appended. Call `committed` when it is. */
  takeChange(): SignalChange | undefined {
    const delta = this.#encoder.count > 0 ? this.#encoder.takeDelta() : undefined;
    if (delta === undefined && this.#pending.size === 0) return undefined;
    return {
      names: this.names.takeAdded(),
      blocks: [...this.#pending.values()],
      isWalObsolete: this.#closedOpenBlock,
      delta,
    };
  }

  committed(): void {
    this.#pending.clear();
    this.#closedOpenBlock = false;
  }

  /** Every block, the open one first, then by latest start time. */
  blocksNewestFirst(): readonly SearchBlock<V>[] {
    this.#newestFirst ??= [...this.#metas.values()].sort((a, b) => b.maxMs - a.maxMs || b.id - a.id).map((meta) => this.#searchBlock(meta));
    return this.#encoder.count > 0 ? [this.#openBlock(), ...this.#newestFirst] : this.#newestFirst;
  }

  /** Every block with id `from` or later, in the order in which records came. */
  blocksInArrivalOrder(from: number): SearchBlock<V>[] {
    const metas = [...this.#metas.values()].filter((meta) => meta.id >= from).sort((a, b) => a.id - b.id);
    const blocks = metas.map((meta) => this.#searchBlock(meta));
    if (this.#encoder.count > 0) blocks.push(this.#openBlock());
    return blocks;
  }

  /** The place the next record will get. */
  get nextPlace(): { readonly block: number; readonly row: number } {
    return { block: this.#openId, row: this.#encoder.count };
  }

  /** Names of the records that are not in a closed block yet. */
  openNames(): BlockSummary['names'] {
    return this.#encoder.count > 0 ? this.#encoder.summarize().names : [];
  }

  stored(meta: BlockMeta): SearchBlock<V> {
    return this.#searchBlock(meta);
  }

  /** Removes closed blocks and counts them as evicted. */
  evict(metas: readonly BlockMeta[]): void {
    if (metas.length === 0) return;
    this.#newestFirst = undefined;
    let { records, blocks, upToMs } = this.#evicted;
    const unusedNames: number[] = [];
    for (const meta of metas) {
      this.#metas.delete(meta.id);
      this.#recordCount -= meta.count;
      this.#sizeBytes -= meta.sizeBytes;
      this.#unreadable.delete(meta.id);
      this.#views.delete(meta.id);
      for (const name of FILTER_NAMES) this.#filters.delete(filterKey(meta.id, name));
      unusedNames.push(...this.names.removeBlock(meta));
      records += meta.count;
      blocks++;
      upToMs = Math.max(upToMs ?? -Infinity, meta.evictMs);
    }
    this.#evicted = { records, blocks, upToMs };
    this.#backend.evict(this.#format.signal, metas.map((meta) => meta.id), unusedNames, this.#evicted);
  }

  #addMeta(meta: BlockMeta): void {
    this.#metas.set(meta.id, meta);
    this.#newestFirst = undefined;
    this.names.addBlock(meta);
    this.#recordCount += meta.count;
    this.#sizeBytes += meta.sizeBytes;
    this.#openId = Math.max(this.#openId, meta.id + 1);
  }

  #closeOpenBlock(): void {
    const encoder = this.#encoder;
    const parts = encoder.parts();
    const summary = encoder.summarize();
    const stored = {
      core: compressBytes(parts.core),
      ids: parts.ids,
      detail: compressBytes(parts.detail),
      traces: summary.filters.traces,
      tokens: summary.filters.tokens,
      grams: compressBytes(summary.filters.grams),
    };
    let sizeBytes = 0;
    for (const part of Object.values(stored)) sizeBytes += part.length;
    const { filters: _filters, names, ...range } = summary;
    const meta: BlockMeta = {
      ...range,
      id: this.#openId,
      count: encoder.count,
      evictMs: Math.min(summary.maxEndMs, this.#nowMs()),
      sizeBytes,
      names: names.map(({ service, name, count, errors }) => ({ nameId: this.names.id(service, name), count, errors })),
    };
    this.#pending.set(meta.id, { meta, parts: stored });
    this.#closedOpenBlock = true;
    encoder.clear();
    this.#openView = undefined;
    this.#addMeta(meta);
  }

  #openBlock(): SearchBlock<V> {
    return {
      id: this.#openId,
      meta: undefined,
      view: () => {
        const { count } = this.#encoder;
        if (this.#openView?.count !== count) {
          const parts: BlockParts = this.#encoder.parts();
          this.#openView = { count, view: this.#format.openView((name) => parts[name], count) };
        }
        return this.#openView.view;
      },
      filter: () => undefined,
    };
  }

  #searchBlock(meta: BlockMeta): SearchBlock<V> {
    return { id: meta.id, meta, view: () => this.#view(meta), filter: (name) => this.#filter(meta.id, name) };
  }

  #view(meta: BlockMeta): V | undefined {
    const cached = this.#views.get(meta.id);
    if (cached) return cached;
    if (this.#unreadable.has(meta.id)) return undefined;
    const view = this.#format.openView((name) => this.#data(meta.id, name), meta.count);
    this.#views.set(meta.id, view, meta.count * VIEW_BYTES_PER_RECORD);
    return view;
  }

  /** Notes that a block's bytes make no sense; it is not read again, and counted. */
  markUnreadable(id: number): void {
    this.#unreadable.add(id);
    this.#views.delete(id);
  }

  #filter(id: number, name: FilterName): Uint8Array | undefined {
    const key = filterKey(id, name);
    const cached = this.#filters.get(key);
    if (cached) return cached;
    const stored = this.#part(id, name);
    if (stored === undefined) return undefined;
    const filter = name === 'grams' ? decompressBytes(stored) : stored;
    this.#filters.set(key, filter, filter.length + 100);
    return filter;
  }

  #data(id: number, name: keyof BlockParts): Uint8Array {
    const stored = this.#part(id, name);
    if (stored === undefined) throw new CorruptBlockError(`block ${id} is gone`);
    return name === 'ids' ? stored : decompressBytes(stored);
  }

  #part(id: number, name: PartName): Uint8Array | undefined {
    return this.#pending.get(id)?.parts[name] ?? this.#backend.readPart(this.#format.signal, id, name);
  }

  // The open block is decoded and appended again, in one piece: the encoder needs its tables back.
  #recover(deltas: readonly Uint8Array[]): number {
    if (deltas.length === 0) return 0;
    const { layout } = this.#format;
    let lost = 0;
    try {
      const columns = joinDeltas(deltas, layout.core + layout.ids + layout.detail);
      const parts = packParts(columns, layout);
      const count = rowCount(columns, layout);
      const view = this.#format.openView((name) => parts[name], count);
      for (let row = 0; row < count; row++) {
        if (!this.append(view.record(row))) lost++;
      }
    } catch (error) {
      if (!(error instanceof CorruptBlockError)) throw error;
      lost++;
    }
    this.#closedOpenBlock = true;
    return lost;
  }
}

// Both signals have a column of exactly one byte a row at the same place.
function rowCount(columns: readonly Uint8Array[], layout: ColumnLayout): number {
  return columns[layout.rowBytes]!.length;
}

function filterKey(id: number, name: FilterName): number {
  return id * FILTER_NAMES.length + FILTER_NAMES.indexOf(name);
}
