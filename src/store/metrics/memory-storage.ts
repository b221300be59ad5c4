import type { MetricsStorage } from './storage.ts';

/** Keeps blocks in memory and nothing else: for hosts without SQLite, and for tests. */
export function createMemoryStorage(): MetricsStorage {
  const blocks = new Map<number, Uint8Array>();
  let sizeBytes = 0;
  return {
    isDurable: false,
    load: () => ({ nextRef: 1, nextJournalId: 1 }),
    transaction: (work) => {
      work();
    },
    putSeries: () => undefined,
    putMetadata: () => undefined,
    putJournal: () => undefined,
    putExemplars: () => undefined,
    markFlushed: () => undefined,
    deleteFlushedJournal: () => false,
    deleteExemplarsBefore: () => undefined,
    deleteSeries: () => undefined,
    putBlock: (block, data) => {
      blocks.set(block.id, data);
      sizeBytes += data.length;
    },
    deleteBlock: (id) => {
      sizeBytes -= blocks.get(id)?.length ?? 0;
      blocks.delete(id);
    },
    readBlock: (id) => blocks.get(id),
    sizeBytes: () => sizeBytes,
    checkpoint: () => undefined,
    close: () => {
      blocks.clear();
    },
  };
}
