import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { LogRecord } from '../../model/log-record.ts';
import type { Span } from '../../model/span.ts';
import { openOrSetAside, type DamageReport } from '../open-or-set-aside.ts';
import { loadSqlite } from '../sqlite.ts';
import type { EventsBackend } from './blocks/backend.ts';
import { LOG_FORMAT } from './blocks/log-format.ts';
import { createMemoryBackend } from './blocks/memory-backend.ts';
import { SignalBlocks, type BlockLimits } from './blocks/signal-blocks.ts';
import { SPAN_FORMAT } from './blocks/span-format.ts';
import { openSqliteBackend } from './blocks/sqlite-backend.ts';
import type { LogView } from './encoding/log-view.ts';
import type { SpanView } from './encoding/span-view.ts';
import { collectStats, type EventsStats } from './events-stats.ts';
import { evictOldBlocks, type DoomedBlock } from './eviction.ts';
import { Pins, type PinnedTrace } from './pins.ts';
import { countDependencies, type Dependency } from './query/dependencies.ts';
import { countLogs, type LogHistogram, type LogHistogramRequest } from './query/log-histogram.ts';
import { createLogBlockTest, matchLogs } from './query/log-match.ts';
import { searchLogs } from './query/log-search.ts';
import type { LogFilter, Page, PageRequest, SpanFilter, TraceSummary } from './query/query-types.ts';
import { countNames, type NameTotal } from './query/services.ts';
import { createSpanBlockTest, matchSpans } from './query/span-match.ts';
import { searchSpans } from './query/span-search.ts';
import { readTail, type TailResult } from './query/tail.ts';
import { readTrace } from './query/trace-read.ts';
import { searchTraces } from './query/trace-search.ts';
import { createBlockSource } from './block-source.ts';

/** How to open the store. */
export interface EventsStoreOptions {
  /** The SQLite file. Undefined, or a host without SQLite: memory only. */
  readonly path: string | undefined;
  /** Undefined: any age. */
  readonly retentionAgeMs: number | undefined;
  readonly retentionBytesTraces: number;
  readonly retentionBytesLogs: number;
  /** For caches; without a file, for all data. */
  readonly memoryBytes: number;
  readonly clock: Clock;
  /** Hears of a file that could not be used and has been set aside. */
  readonly onDamage?: DamageReport;
  /** For tests: when a block is full. */
  readonly blockLimits?: BlockLimits | undefined;
  /** For tests: false as on a host without SQLite. */
  readonly useSqlite?: boolean | undefined;
}

/** A window of time; either end may be open. */
export interface TimeWindow {
  readonly fromUnixNano?: bigint | undefined;
  /** Exclusive. */
  readonly toUnixNano?: bigint | undefined;
}

const BLOCK_LIMITS: BlockLimits = { records: 1000, sizeBytes: 1 << 20 };

/** Blocks that one `maintain` removes at most, of each signal. */
const EVICTIONS_PER_SLICE = 32;

/**
 * Opens the store of traces and logs. A file that cannot be used is set aside; throws when the system is to blame.
 * Everything is synchronous: the store has its thread to itself.
 */
export function openEventsStore(options: EventsStoreOptions): EventsStore {
  const { path, onDamage } = options;
  const sqlite = path === undefined || options.useSqlite === false ? undefined : loadSqlite();
  if (!sqlite || path === undefined) return createStore(createMemoryBackend(), options);
  return openOrSetAside(path, () => createStore(openSqliteBackend(sqlite, path), options), (problem) => onDamage?.(problem));
}

function createStore(backend: EventsBackend, options: EventsStoreOptions): EventsStore {
  try {
    return new EventsStore(backend, options);
  } catch (error) {
    backend.close();
    throw error;
  }
}

/** Traces and logs: append, search, follow, pin, evict. */
export class EventsStore implements Disposable {
  readonly #backend: EventsBackend;
  readonly #options: EventsStoreOptions;
  readonly #spans: SignalBlocks<Span, SpanView>;
  readonly #logs: SignalBlocks<LogRecord, LogView>;
  readonly #pins: Pins;
  readonly #spanSource: ReturnType<typeof createBlockSource<Span, SpanView>>;
  readonly #logSource: ReturnType<typeof createBlockSource<LogRecord, LogView>>;
  readonly #dropped = { spans: 0, logs: 0 };
  #isBatching = false;

  constructor(backend: EventsBackend, options: EventsStoreOptions) {
    const nowMs = (): number => options.clock.nowMs();
    const blocks = { limits: options.blockLimits ?? BLOCK_LIMITS, cacheBytes: options.memoryBytes / 4, nowMs };
    this.#backend = backend;
    this.#options = options;
    this.#spans = new SignalBlocks(SPAN_FORMAT, backend, blocks);
    this.#logs = new SignalBlocks(LOG_FORMAT, backend, blocks);
    this.#pins = new Pins(backend);
    this.#spanSource = createBlockSource(this.#spans, () => this.#pins.blocks());
    this.#logSource = createBlockSource(this.#logs, () => []);
    this.#load();
  }

  /** Whether what was appended survives this process. */
  get isDurable(): boolean {
    return this.#backend.isDurable;
  }

  /** Starts a batch: what is appended until `commit` becomes durable together. */
  begin(): void {
    this.#isBatching = true;
  }

  /** Makes the batch durable. When this throws, nothing of it is stored. */
  commit(): void {
    this.#isBatching = false;
    const spans = this.#spans.takeChange();
    const logs = this.#logs.takeChange();
    if (spans === undefined && logs === undefined) return;
    try {
      this.#backend.commit({ ...(spans && { spans }), ...(logs && { logs }) });
    } catch (error) {
      this.#load();
      throw error;
    }
    this.#spans.committed();
    this.#logs.committed();
  }

  /** Stores spans; durable on return, or with `commit` when a batch was begun. Spans without proper ids are dropped and counted. */
  appendSpans(spans: readonly Span[]): void {
    this.#append(() => {
      for (const span of spans) if (!this.#spans.append(span)) this.#dropped.spans++;
    });
  }

  /** Stores log records, like `appendSpans`. A record without any time gets the current one as observed. */
  appendLogs(records: readonly LogRecord[]): void {
    this.#append(() => {
      for (const record of records) if (!this.#logs.append(this.#withTime(record))) this.#dropped.logs++;
    });
  }

  /** The spans of a trace by start time, each once; empty when it is unknown or evicted. */
  getTrace(traceId: string): Span[] {
    return readTrace(this.#spanSource, traceId);
  }

  /** Finds spans, newest start first. */
  searchSpans(filter: SpanFilter, page: PageRequest): Page<Span> {
    return searchSpans(this.#spanSource, filter, page);
  }

  /** Finds traces with a span that meets the filter, by the newest such span. */
  searchTraces(filter: SpanFilter, page: PageRequest): Page<TraceSummary> {
    return searchTraces(this.#spanSource, filter, page);
  }

  /** Finds log records, newest first. */
  searchLogs(filter: LogFilter, page: PageRequest): Page<LogRecord> {
    return searchLogs(this.#logSource, filter, page);
  }

  /** Counts log records over time by level. */
  countLogs(request: LogHistogramRequest): LogHistogram {
    return countLogs(this.#logSource, request);
  }

  /** Services with their operations, sorted; blocks that overlap the window count whole. */
  operations(window: TimeWindow = {}): NameTotal[] {
    const open = this.#spans.openNames();
    return countNames(this.#spans.metas(), open, this.#spans.names, window);
  }

  /** Services with their levels, sorted; blocks that overlap the window count whole. */
  logLevels(window: TimeWindow = {}): NameTotal[] {
    const open = this.#logs.openNames();
    return countNames(this.#logs.metas(), open, this.#logs.names, window);
  }

  /** Services that have spans or logs, sorted. */
  services(): string[] {
    const names = [...this.operations(), ...this.logLevels()].map(({ service }) => service);
    return [...new Set(names)].sort();
  }

  /** Calls between services whose called span starts in [fromUnixNano, toUnixNano). */
  dependencies(fromUnixNano: bigint, toUnixNano: bigint): Dependency[] {
    return countDependencies(this.#spanSource, fromUnixNano, toUnixNano);
  }

  /** Spans that came after `after` (the `position` of the call before; undefined starts now). */
  tailSpans(filter: SpanFilter, after: string | undefined, limit: number): TailResult<Span> {
    return readTail({
      source: this.#spanSource,
      mayMatch: createSpanBlockTest(filter, this.#spans.names),
      match: (view) => matchSpans(view, filter),
      after,
      end: this.#spans.nextPlace,
      limit,
    });
  }

  /** Log records that came after `after`, like `tailSpans`. */
  tailLogs(filter: LogFilter, after: string | undefined, limit: number): TailResult<LogRecord> {
    return readTail({
      source: this.#logSource,
      mayMatch: createLogBlockTest(filter, this.#logs.names),
      match: (view) => matchLogs(view, filter),
      after,
      end: this.#logs.nextPlace,
      limit,
    });
  }

  /** Keeps a trace from eviction, spans that come later included. False when the trace is unknown. */
  pin(traceId: string): boolean {
    const spans = this.getTrace(traceId);
    if (spans.length === 0) return false;
    this.#pins.save(traceId, spans, this.#options.clock.nowMs());
    return true;
  }

  /** Lets a trace go the way of the others. */
  unpin(traceId: string): void {
    this.#pins.remove(traceId);
  }

  /** The pinned traces. */
  pinnedTraces(): PinnedTrace[] {
    return this.#pins.list();
  }

  /** Evicts what is too old or too much, a bounded number of blocks; true when there is more to do. Not within a batch. */
  maintain(): boolean {
    if (this.#isBatching) return false;
    const { retentionAgeMs: ageMs, retentionBytesTraces, retentionBytesLogs, memoryBytes, clock } = this.#options;
    const share = this.isDurable ? Infinity : memoryBytes / 4;
    const common = { nowMs: clock.nowMs(), maxBlocks: EVICTIONS_PER_SLICE };
    const spanLimits = { ageMs, sizeBytes: Math.min(retentionBytesTraces, share) };
    const logLimits = { ageMs, sizeBytes: Math.min(retentionBytesLogs, share) };
    const spans = evictOldBlocks(this.#spans, { ...common, limits: spanLimits, beforeEviction: (blocks) => this.#refreshPins(blocks) });
    const logs = evictOldBlocks(this.#logs, { ...common, limits: logLimits });
    return spans + logs >= EVICTIONS_PER_SLICE;
  }

  /** Counters and sizes. */
  stats(): EventsStats {
    return collectStats({ backend: this.#backend, spans: this.#spans, logs: this.#logs, pins: this.#pins, dropped: this.#dropped });
  }

  dispose(): void {
    this.#backend.close();
  }

  #append(write: () => void): void {
    try {
      write();
    } catch (error) {
      // A record that cannot be encoded may have been written in part, so the open blocks are taken from the backend again.
      this.#isBatching = false;
      this.#load();
      throw error;
    }
    if (!this.#isBatching) this.commit();
  }

  #load(): void {
    this.#dropped.spans += this.#spans.load();
    this.#dropped.logs += this.#logs.load();
  }

  #withTime(record: LogRecord): LogRecord {
    if (record.timeUnixNano !== 0n || record.observedUnixNano !== 0n) return record;
    return { ...record, observedUnixNano: BigInt(Math.trunc(this.#options.clock.nowMs())) * 1_000_000n };
  }

  // A pin holds what was known when it was set; spans that came later are about to go with their blocks.
  #refreshPins(blocks: readonly DoomedBlock[]): void {
    for (const traceId of this.#pins.ids()) {
      if (blocks.some((block) => block.hasTrace(traceId))) this.pin(traceId);
    }
  }
}
