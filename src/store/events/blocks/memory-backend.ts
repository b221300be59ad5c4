import type { EventsBackend, LoadedSignal, PinRow } from './backend.ts';
import type { PartName, Signal } from './block-meta.ts';

const NOTHING: LoadedSignal = { blocks: [], names: [], deltas: [], evicted: { records: 0, blocks: 0, upToMs: undefined } };

/** Keeps blocks in this process's memory: for hosts without SQLite, and when no folder is given. */
export function createMemoryBackend(): EventsBackend {
  const parts: Readonly<Record<Signal, Map<number, Readonly<Record<PartName, Uint8Array>>>>> = { spans: new Map(), logs: new Map() };
  const pins = new Map<string, PinRow>();
  const signals: readonly Signal[] = ['spans', 'logs'];
  return {
    isDurable: false,
    load: () => NOTHING,
    commit(changes) {
      for (const signal of signals) {
        for (const block of changes[signal]?.blocks ?? []) parts[signal].set(block.meta.id, block.parts);
      }
    },
    readPart: (signal, blockId, part) => parts[signal].get(blockId)?.[part],
    evict(signal, blockIds) {
      for (const id of blockIds) parts[signal].delete(id);
    },
    loadPins: () => [...pins.values()],
    savePin: (pin) => void pins.set(pin.traceId, pin),
    removePin: (traceId) => void pins.delete(traceId),
    diskBytes: () => 0,
    close() {
      pins.clear();
      for (const signal of signals) parts[signal].clear();
    },
  };
}
