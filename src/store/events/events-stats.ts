import type { LogRecord } from '../../model/log-record.ts';
import type { Span } from '../../model/span.ts';
import type { EventsBackend } from './blocks/backend.ts';
import type { SignalBlocks } from './blocks/signal-blocks.ts';
import type { BlockView } from './encoding/block-parts.ts';
import type { LogView } from './encoding/log-view.ts';
import type { SpanView } from './encoding/span-view.ts';
import type { Pins } from './pins.ts';

/** Counters of one signal. */
export interface SignalStats {
  /** Stored records; a span that was sent twice counts twice. */
  readonly records: number;
  /** Closed blocks. */
  readonly blocks: number;
  /** Compressed data, filters included, of the closed blocks. */
  readonly storedBytes: number;
  readonly memoryBytes: number;
  /** Removed by retention since the store exists. */
  readonly evictedRecords: number;
  readonly evictedBlocks: number;
  /** The latest time among what was evicted: before it, data may be missing. */
  readonly evictedUpToMs: number | undefined;
  /** The earliest time among the closed blocks. */
  readonly oldestMs: number | undefined;
  /** Records without proper ids, or lost in a damaged file, since the store was opened. */
  readonly dropped: number;
  readonly unreadableBlocks: number;
}

/** Counters and sizes of the store. */
export interface EventsStats {
  readonly isDurable: boolean;
  /** Of the SQLite file and its log. */
  readonly diskBytes: number;
  readonly memoryBytes: number;
  readonly spans: SignalStats;
  readonly logs: SignalStats;
  readonly pinnedTraces: number;
  readonly pinnedBytes: number;
}

/** Adds everything up. */
export function collectStats(parts: {
  readonly backend: EventsBackend;
  readonly spans: SignalBlocks<Span, SpanView>;
  readonly logs: SignalBlocks<LogRecord, LogView>;
  readonly pins: Pins;
  readonly dropped: { readonly spans: number; readonly logs: number };
}): EventsStats {
  const spans = signalStats(parts.spans, parts.dropped.spans);
  const logs = signalStats(parts.logs, parts.dropped.logs);
  return {
    isDurable: parts.backend.isDurable,
    diskBytes: parts.backend.diskBytes(),
    memoryBytes: spans.memoryBytes + logs.memoryBytes + parts.pins.sizeBytes,
    spans,
    logs,
    pinnedTraces: parts.pins.list().length,
    pinnedBytes: parts.pins.sizeBytes,
  };
}

function signalStats<R, V extends BlockView<R>>(blocks: SignalBlocks<R, V>, dropped: number): SignalStats {
  let oldestMs = Infinity;
  for (const meta of blocks.metas()) oldestMs = Math.min(oldestMs, meta.minMs);
  return {
    records: blocks.recordCount,
    blocks: blocks.blockCount,
    storedBytes: blocks.sizeBytes,
    memoryBytes: blocks.memoryBytes,
    evictedRecords: blocks.evicted.records,
    evictedBlocks: blocks.evicted.blocks,
    evictedUpToMs: blocks.evicted.upToMs,
    oldestMs: oldestMs === Infinity ? undefined : oldestMs,
    dropped,
    unreadableBlocks: blocks.unreadableBlocks,
  };
}
