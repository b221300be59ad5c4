/** The two signals of the store. */
export type Signal = 'spans' | 'logs';

/** How often a name occurs in a block: for spans service and operation, for logs service and level. */
export interface NameCount {
  readonly nameId: number;
  readonly count: number;
  readonly errors: number;
}

/** What is known of a block without reading it. Times are ms since the epoch, widened so that every record lies inside. */
export interface BlockMeta {
  readonly id: number;
  readonly count: number;
  readonly errors: number;
  /** Of start times. */
  readonly minMs: number;
  readonly maxMs: number;
  readonly maxEndMs: number;
  /** What age is counted from: the latest time, but never after the block was written (a clock may be ahead). */
  readonly evictMs: number;
  readonly minDurationNano: number;
  readonly maxDurationNano: number;
  readonly sizeBytes: number;
  readonly names: readonly NameCount[];
}

/** A service with one of its operations, or with a level. */
export interface NameRow {
  readonly id: number;
  readonly service: string;
  readonly name: string;
}

/** What a block's content says about it, before it has an id and its names have numbers. */
export interface BlockSummary {
  readonly errors: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly maxEndMs: number;
  readonly minDurationNano: number;
  readonly maxDurationNano: number;
  readonly names: readonly { readonly service: string; readonly name: string; readonly count: number; readonly errors: number }[];
  /** Bloom filters of trace ids and attributes; trigrams of log bodies, empty for spans. */
  readonly filters: { readonly traces: Uint8Array; readonly tokens: Uint8Array; readonly grams: Uint8Array };
}

/** The stored byte strings of a block: three of data, three filters. */
export const PART_NAMES = ['core', 'ids', 'detail', 'traces', 'tokens', 'grams'] as const;

/** One of the stored byte strings. */
export type PartName = (typeof PART_NAMES)[number];

/** A block as it goes to the backend. */
export interface StoredBlock {
  readonly meta: BlockMeta;
  readonly parts: Readonly<Record<PartName, Uint8Array>>;
}
