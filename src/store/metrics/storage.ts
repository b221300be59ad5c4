import type { MetricMetadata } from '../../model/metric.ts';
import type { Block } from './block.ts';

/** What a storage hands back at start, in this order. Blocks of a flush that did not finish are gone. */
export interface StorageVisitor {
  series(ref: number, key: string): void;
  metadata(metadata: MetricMetadata): void;
  block(id: number, index: Uint8Array): void;
  exemplars(lastJournalId: number, data: Uint8Array): void;
  /** Batches whose samples are in no block yet, in the order of their acknowledgement. */
  journal(data: Uint8Array): void;
}

/**
 * Where acknowledged data is kept. `journal` rows hold batches until a flush has put their samples into blocks;
 * a flush writes its blocks under the id of the last journal row that they cover, and at its end that id as the mark.
 * Rows up to the mark are void and deleted little by little; blocks beyond it belong to a flush that did not finish, and
 * `load` drops them.
 */
export interface MetricsStorage {
  readonly isDurable: boolean;
  /** Reads everything back; the result are the lowest numbers that were never used. */
  load(visitor: StorageVisitor): { readonly nextRef: number; readonly nextJournalId: number };
  /** Runs `work` so that all of it or nothing is kept; durable against the process's death when it returns. */
  transaction(work: () => void): void;
  putSeries(ref: number, key: string): void;
  putMetadata(metadata: MetricMetadata): void;
  putJournal(id: number, data: Uint8Array): void;
  putBlock(block: Block, data: Uint8Array, lastJournalId: number): void;
  putExemplars(lastJournalId: number, data: Uint8Array): void;
  /** Sets the mark: all rows up to this one are in blocks. */
  markFlushed(lastJournalId: number): void;
  /** Deletes some rows up to the mark; true when there are more. */
  deleteFlushedJournal(): boolean;
  deleteBlock(id: number): void;
  /** Drops exemplars older than the row of `lastJournalId`. */
  deleteExemplarsBefore(lastJournalId: number): void;
  /** Forgets series without samples; `nextRef` keeps their numbers from being used again. */
  deleteSeries(refs: readonly number[], nextRef: number): void;
  readBlock(id: number): Uint8Array | undefined;
  /** Bytes that hold data; freed pages, which are used again, do not count. */
  sizeBytes(): number;
  /** Moves SQLite's write-ahead log into the file; with `isFinal` the log is emptied as well. */
  checkpoint(isFinal: boolean): void;
  close(): void;
}
