import type { EventsBackend, EvictionCount, PinRow } from './backend.ts';
import type { NameRow, Signal, StoredBlock } from './block-meta.ts';

interface SignalMemory {
  readonly blocks: Map<number, StoredBlock>;
  readonly names: Map<number, NameRow>;
  evicted: EvictionCount;
}

/**
 * Keeps blocks in this process's memory: for hosts without SQLite, and when no folder is given.
 * Records of the open block are kept by its owner only, so `load` gives the closed blocks.
 */
export function createMemoryBackend(): EventsBackend {
  const signals: Readonly<Record<Signal, SignalMemory>> = { spans: createSignalMemory(), logs: createSignalMemory() };
  const pins = new Map<string, PinRow>();
  return {
    isDurable: false,
    load(signal) {
      const { blocks, names, evicted } = signals[signal];
      return { blocks: [...blocks.values()].map(({ meta }) => meta), names: [...names.values()], deltas: [], evicted };
    },
    commit(changes) {
      for (const signal of ['spans', 'logs'] as const) {
        const { blocks, names } = signals[signal];
        for (const name of changes[signal]?.names ?? []) names.set(name.id, name);
        for (const block of changes[signal]?.blocks ?? []) blocks.set(block.meta.id, block);
      }
    },
    readPart: (signal, blockId, part) => signals[signal].blocks.get(blockId)?.parts[part],
    evict(signal, blockIds, nameIds, total) {
      const memory = signals[signal];
      for (const id of blockIds) memory.blocks.delete(id);
      for (const id of nameIds) memory.names.delete(id);
      memory.evicted = total;
    },
    loadPins: () => [...pins.values()],
    savePin: (pin) => void pins.set(pin.traceId, pin),
    removePin: (traceId) => void pins.delete(traceId),
    diskBytes: () => 0,
    close() {
      pins.clear();
      for (const memory of Object.values(signals)) memory.blocks.clear();
    },
  };
}

function createSignalMemory(): SignalMemory {
  return { blocks: new Map(), names: new Map(), evicted: { records: 0, blocks: 0, upToMs: undefined } };
}
