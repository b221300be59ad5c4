import type { BlockMeta, NameRow, PartName, Signal, StoredBlock } from './block-meta.ts';

/** What one commit changes in a signal. */
export interface SignalChange {
  readonly names: readonly NameRow[];
  readonly blocks: readonly StoredBlock[];
  /** Whether the open block of before is among `blocks`, so that its write-ahead rows go. */
  readonly isWalObsolete: boolean;
  /** What was added to the open block. */
  readonly delta: Uint8Array | undefined;
}

/** A signal as found when opening. `deltas` are those of the open block, oldest first. */
export interface LoadedSignal {
  readonly blocks: readonly BlockMeta[];
  readonly names: readonly NameRow[];
  readonly deltas: readonly Uint8Array[];
  readonly evicted: EvictionCount;
}

/** What retention has removed since the store exists. `upToMs` is the latest time among it. */
export interface EvictionCount {
  readonly records: number;
  readonly blocks: number;
  readonly upToMs: number | undefined;
}

/** A pinned trace: its spans as one block, compressed. */
export interface PinRow {
  readonly traceId: string;
  readonly pinnedMs: number;
  readonly count: number;
  readonly parts: Readonly<Record<'core' | 'ids' | 'detail', Uint8Array>>;
}

/** Where blocks are kept. Every method is one transaction: it happens whole or throws. */
export interface EventsBackend {
  readonly isDurable: boolean;
  load(signal: Signal): LoadedSignal;
  commit(changes: Partial<Record<Signal, SignalChange>>): void;
  readPart(signal: Signal, blockId: number, part: PartName): Uint8Array | undefined;
  /** Removes blocks and names, and keeps the new count. */
  evict(signal: Signal, blockIds: readonly number[], nameIds: readonly number[], total: EvictionCount): void;
  loadPins(): PinRow[];
  savePin(pin: PinRow): void;
  removePin(traceId: string): void;
  /** Bytes of the files, 0 in memory. */
  diskBytes(): number;
  close(): void;
}
