import type { Labels } from '../../model/labels.ts';
import type { MetricBatch } from '../../model/metric-batch.ts';
import type { MetricMetadata } from '../../model/metric.ts';
import type { Matcher, SeriesSamples } from '../../model/series-source.ts';
import { admit, hasStorableTimes } from './admission.ts';
import { Appender } from './appender.ts';
import { decodeBlockIndex } from './block.ts';
import { BlockTable } from './block-table.ts';
import { ColumnArena } from './column-arena.ts';
import { ColumnMemory } from './column-memory.ts';
import { CorruptChunkError } from './encoding/byte-reader.ts';
import { ByteWriter } from './encoding/byte-writer.ts';
import { ExemplarLog } from './exemplar-log.ts';
import { Flush } from './flush.ts';
import { encodeJournal } from './journal-codec.ts';
import { cardinalities, labelNames, labelSets, labelValues, seriesInRange } from './label-queries.ts';
import { createMemoryStorage } from './memory-storage.ts';
import { MetadataTable } from './metadata-table.ts';
import { readSamples } from './read-samples.ts';
import { replayJournal } from './replay.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import { dropEmptySeries, evictBlock } from './retention.ts';
import type { Series } from './series.ts';
import { KEY_SEPARATOR, SeriesIndex } from './series-index.ts';
import { openSqliteStorage } from './sqlite-storage.ts';
import { openOrSetAside } from '../open-or-set-aside.ts';
import type { MetricsStorage } from './storage.ts';
import type { AppendResult, Cardinalities, MetricsStore, MetricsStoreOptions, MetricsStoreStats, RejectionReason, SeriesExemplars } from './store-types.ts';

const DEFAULT_EXEMPLARS = 50_000;
const COLUMN_SHARE = 0.75;
const CACHE_SHARE = 0.15;
/** About 120 samples each, as they come in scrapes. */
const JOURNAL_BYTES_PER_SERIES = 120 * 7;
const SMALLEST_JOURNAL_LIMIT = 4 * 1024 * 1024;
const LARGEST_JOURNAL_LIMIT = 24 * 1024 * 1024;
/** A journal that grows slowly is emptied after this long, so that retention by age and the next start stay prompt. */
const LONGEST_JOURNAL_MS = 2 * 60 * 60 * 1000;
/** What a series may take on average in the index; with labels of usual length it is half of that. */
const BYTES_PER_SERIES = 2048;
const CHECKPOINT_AFTER_BYTES = 4 * 1024 * 1024;
/** Without input for so long, SQLite's log is emptied. */
const IDLE_MS = 2000;
const RETENTION_INTERVAL_MS = 5000;
/** From this multiple of the limits on, appends wait for the upkeep. */
const BACKPRESSURE_FACTOR = 2;

/** Opens the store; reads back what was acknowledged before. A file that cannot be used is set aside; throws when the system is to blame. */
export function openMetricsStore(options: MetricsStoreOptions): MetricsStore {
  const { path, onDamage } = options;
  return path === undefined ? createStore(createMemoryStorage(), options) : openOrSetAside(path, () => createStore(openSqliteStorage(path) ?? createMemoryStorage(), options), (problem) => onDamage?.(problem));
}

function createStore(storage: MetricsStorage, options: MetricsStoreOptions): MetricsStore {
  try {
    return new Store(storage, options);
  } catch (error) {
    storage.close();
    throw error;
  }
}

/** A batch as it can be stored, and its series. */
interface AdmittedBatch {
  readonly batch: MetricBatch;
  readonly targets: readonly Series[];
  readonly refused: ReadonlyMap<RejectionReason, number>;
}

const NO_REFUSALS: ReadonlyMap<RejectionReason, number> = new Map();

/** A flush and what the store held when it began. */
interface RunningFlush {
  readonly run: Flush;
  readonly lastJournalId: number;
  readonly exemplars: number;
  readonly journalBytes: number;
  readonly samples: number;
}

class Store implements MetricsStore {
  readonly #storage: MetricsStorage;
  readonly #options: MetricsStoreOptions;
  readonly #index = new SeriesIndex();
  readonly #memory: ColumnMemory;
  readonly #blocks: BlockTable;
  readonly #appender: Appender;
  readonly #metadata = new MetadataTable();
  readonly #exemplars: ExemplarLog;
  readonly #seriesLimit: number;
  readonly #journal = new ByteWriter(1 << 16);
  /** Series that the storage does not know yet; it learns of them with the batch that brought them. */
  #unstored: Series[] = [];
  #nextJournalId: number;
  #journalBytes = 0;
  #journalSinceMs: number;
  #uncheckpointedBytes = 0;
  #appendedAtMs = -Infinity;
  #nextRetentionMs = 0;
  #flush: RunningFlush | undefined;
  #flushes = 0;
  #flushFailures = 0;
  #evictedBlocks = 0;
  #evictedSamples = 0;
  #evictedSeries = 0;

  constructor(storage: MetricsStorage, options: MetricsStoreOptions) {
    this.#storage = storage;
    this.#options = options;
    this.#memory = new ColumnMemory(this.#index, options.memoryBytes * COLUMN_SHARE);
    this.#blocks = new BlockTable(storage, this.#index, options.memoryBytes * CACHE_SHARE);
    this.#appender = new Appender(this.#blocks, this.#memory);
    this.#exemplars = new ExemplarLog(options.exemplarCapacity ?? DEFAULT_EXEMPLARS);
    this.#seriesLimit = options.seriesLimit ?? Math.ceil(options.memoryBytes / 1024);
    this.#nextJournalId = this.#load();
    this.#journalSinceMs = options.clock.nowMs();
  }

  get isDurable(): boolean {
    return this.#storage.isDurable;
  }

  append(batch: MetricBatch): AppendResult {
    return this.appendMany([batch])[0]!;
  }

  appendMany(batches: readonly MetricBatch[]): readonly AppendResult[] {
    this.#keepUp();
    const { retentionAgeMs, clock } = this.#options;
    this.#appendedAtMs = clock.nowMs();
    const oldestMs = retentionAgeMs === undefined ? -Infinity : this.#appendedAtMs - retentionAgeMs;
    const admitted = batches.map((batch) => this.#admit(batch));
    this.#acknowledge(admitted);
    return admitted.map(({ batch, targets, refused }) => {
      for (const [reason, count] of refused) this.#appender.reject(reason, count);
      const result = this.#appender.apply(batch, targets, oldestMs);
      for (const { seriesIndex, exemplar } of batch.exemplars) this.#exemplars.add(targets[seriesIndex]!, exemplar);
      return result;
    });
  }

  select(matchers: readonly Matcher[], minMs: number, maxMs: number): readonly SeriesSamples[] {
    const source = { blocks: this.#blocks, memory: this.#memory, arena: new ColumnArena() };
    const result: SeriesSamples[] = [];
    for (const series of this.#index.match(matchers)) {
      const samples = readSamples(source, series, minMs, maxMs);
      if (samples !== undefined) result.push(samples);
    }
    return result;
  }

  labelNames(matcherSets: readonly (readonly Matcher[])[], minMs: number, maxMs: number): readonly string[] {
    return labelNames(this.#index, matcherSets, minMs, maxMs);
  }

  labelValues(name: string, matcherSets: readonly (readonly Matcher[])[], minMs: number, maxMs: number): readonly string[] {
    return labelValues(this.#index, name, matcherSets, minMs, maxMs);
  }

  series(matcherSets: readonly (readonly Matcher[])[], minMs: number, maxMs: number): readonly Labels[] {
    return labelSets(this.#index, matcherSets, minMs, maxMs);
  }

  metadata(family?: string): readonly MetricMetadata[] {
    return this.#metadata.get(family);
  }

  exemplars(matcherSets: readonly (readonly Matcher[])[], minMs: number, maxMs: number): readonly SeriesExemplars[] {
    const wanted = new Set(seriesInRange(this.#index, matcherSets, -Infinity, Infinity));
    const { ring } = this.#exemplars;
    const found = [...ring.range(0, ring.added)].filter(
      ({ series, exemplar }) => wanted.has(series) && exemplar.timestampMs >= minMs && exemplar.timestampMs <= maxMs,
    );
    return [...Map.groupBy(found, ({ series }) => series)].map(([series, entries]) => ({
      series: series.labels,
      exemplars: entries.map(({ exemplar }) => exemplar).sort((a, b) => a.timestampMs - b.timestampMs),
    }));
  }

  cardinalities(limit: number): Cardinalities {
    return cardinalities(this.#index, limit);
  }

  stats(): MetricsStoreStats {
    let minMs = Infinity;
    let maxMs = -Infinity;
    for (const series of this.#index.all()) {
      minMs = Math.min(minMs, series.minMs);
      maxMs = Math.max(maxMs, series.maxMs);
    }
    const { ring } = this.#exemplars;
    return {
      isDurable: this.isDurable,
      series: this.#index.size,
      samples: this.#blocks.sampleCount + this.#appender.pendingSamples,
      chunks: this.#blocks.chunkCount,
      blocks: this.#blocks.size,
      exemplars: ring.size,
      metadataFamilies: this.#metadata.size,
      memoryBytes: this.#index.sizeBytes + this.#memory.columnBytes + this.#blocks.memoryBytes + (this.isDurable ? 0 : this.#storage.sizeBytes()),
      diskBytes: this.isDurable ? this.#storage.sizeBytes() : 0,
      journalBytes: this.#journalBytes,
      minMs: minMs === Infinity ? undefined : minMs,
      maxMs: maxMs === -Infinity ? undefined : maxMs,
      appendedTotal: this.#appender.appendedTotal,
      outOfOrderTotal: this.#appender.outOfOrderTotal,
      repeatedTotal: this.#appender.repeatedTotal,
      rejectedTotal: { ...this.#appender.rejectedTotal },
      evictedBlocksTotal: this.#evictedBlocks,
      evictedSamplesTotal: this.#evictedSamples,
      evictedSeriesTotal: this.#evictedSeries,
      overwrittenExemplarsTotal: ring.overwritten,
      droppedMetadataTotal: this.#metadata.dropped,
      corruptChunksTotal: this.#blocks.corruptChunks,
      flushesTotal: this.#flushes,
      flushFailuresTotal: this.#flushFailures,
    };
  }

  maintain(): boolean {
    if (this.#flush !== undefined || this.#isFlushDue()) return this.#flushStep();
    if (this.#memory.isOverLimit && this.#memory.sweep()) return true;
    if (this.#storage.deleteFlushedJournal()) return true;
    if (this.#evictStep()) return true;
    this.#checkpointWhenDue();
    return false;
  }

  flush(): void {
    // A flush under way first: it covers only what came before it.
    this.#finishFlush();
    if (this.#journalBytes === 0) return;
    this.#flush = this.#beginFlush();
    this.#finishFlush();
  }

  close(): void {
    this.#storage.close();
  }

  #load(): number {
    const replay = new ReplayBuffer(this.#appender, this.#memory);
    const { nextRef, nextJournalId } = this.#storage.load({
      series: (ref, key) => {
        this.#index.restore(ref, key);
      },
      metadata: (metadata) => {
        this.#metadata.set(metadata);
      },
      block: (id, index) => {
        this.#readBack(() => {
          this.#blocks.add(decodeBlockIndex(id, index), undefined);
        });
      },
      exemplars: (lastJournalId, row) => {
        this.#readBack(() => {
          this.#exemplars.restore(lastJournalId, row, this.#index);
        });
      },
      journal: (row) => {
        this.#journalBytes += row.length;
        this.#readBack(() => {
          replayJournal(row, { index: this.#index, appender: this.#appender, exemplars: this.#exemplars, floats: replay });
        });
      },
    });
    replay.apply();
    this.#index.nextRef = nextRef;
    this.#appender.resetTotals();
    return nextJournalId;
  }

  /** Passes over a damaged row, so that the rest of the file stays readable, and counts it. */
  #readBack(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof CorruptChunkError)) throw error;
      this.#blocks.corruptChunks++;
    }
  }

  /** The series of a batch, made when new; what cannot be stored is left out. */
  #admit(batch: MetricBatch): AdmittedBatch {
    const targets = hasStorableTimes(batch) ? this.#resolveAll(batch) : undefined;
    if (targets !== undefined) return { batch, targets, refused: NO_REFUSALS };
    const refused = new Map<RejectionReason, number>();
    const reduced = admit(
      batch,
      (labels) => this.#resolve(labels).refusal,
      (reason, count) => refused.set(reason, (refused.get(reason) ?? 0) + count),
    );
    return { batch: reduced, targets: this.#resolveAll(reduced)!, refused };
  }

  /** Undefined when one of the series is refused. */
  #resolveAll({ series: labelSets }: MetricBatch): readonly Series[] | undefined {
    const targets: Series[] = [];
    for (const labels of labelSets) {
      const series = this.#index.find(labels) ?? this.#resolve(labels).series;
      if (series === undefined) return undefined;
      targets.push(series);
    }
    return targets;
  }

  #resolve(labels: Labels): { readonly series?: Series; readonly refusal?: RejectionReason } {
    const known = this.#index.find(labels);
    if (known !== undefined) return { series: known };
    // By bytes as well, because a label may be as long as a body.
    if (this.#index.size >= this.#seriesLimit || this.#index.sizeBytes >= this.#seriesLimit * BYTES_PER_SERIES) return { refusal: 'series_limit' };
    if (labels.some((text) => text.includes(KEY_SEPARATOR))) return { refusal: 'invalid_labels' };
    const series = this.#index.add(labels);
    this.#unstored.push(series);
    return { series };
  }

  /** Makes batches durable; nothing of them is in memory before that. */
  #acknowledge(admitted: readonly AdmittedBatch[]): void {
    const metadata = admitted.flatMap(({ batch }) => this.#metadata.changed(batch.metadata));
    if (this.#storage.isDurable) {
      this.#journal.clear();
      for (const { batch, targets } of admitted) if (targets.length > 0) encodeJournal(this.#journal, batch, targets);
      const row = this.#journal.view();
      if (this.#unstored.length > 0 || metadata.length > 0) {
        this.#storage.transaction(() => {
          for (const series of this.#unstored) this.#storage.putSeries(series.ref, series.key);
          for (const entry of metadata) this.#storage.putMetadata(entry);
          if (row.length > 0) this.#storage.putJournal(this.#nextJournalId, row);
        });
      } else if (row.length > 0) this.#storage.putJournal(this.#nextJournalId, row);
      if (row.length > 0) this.#nextJournalId++;
      if (this.#journalBytes === 0) this.#journalSinceMs = this.#options.clock.nowMs();
      this.#journalBytes += row.length;
      this.#uncheckpointedBytes += row.length;
    } else for (const { batch } of admitted) this.#journalBytes += 7 * batch.timestampsMs.length + 100 * batch.histograms.length;
    this.#unstored = [];
    for (const entry of metadata) this.#metadata.set(entry);
  }

  #journalLimit(): number {
    const limit = Math.max(SMALLEST_JOURNAL_LIMIT, Math.min(LARGEST_JOURNAL_LIMIT, this.#index.size * JOURNAL_BYTES_PER_SERIES));
    return Math.min(limit, this.#options.retentionBytes / 4);
  }

  #isFlushDue(): boolean {
    // Also without new samples: repeated ones and exemplars are in the journal, too.
    if (this.#journalBytes === 0) return false;
    if (this.#journalBytes >= this.#journalLimit()) return true;
    return this.#options.clock.nowMs() - this.#journalSinceMs >= LONGEST_JOURNAL_MS;
  }

  /** One step of a flush, which it begins when none is under way; true when more is left. */
  #flushStep(): boolean {
    this.#flush ??= this.#beginFlush();
    const { run, lastJournalId, exemplars, journalBytes, samples } = this.#flush;
    const before = this.#blocks.sampleCount;
    try {
      if (!run.step()) return true;
      run.finish(() => {
        this.#exemplars.write(this.#storage, lastJournalId, exemplars);
      });
    } catch (error) {
      this.#flush = undefined;
      this.#flushFailures++;
      throw error;
    } finally {
      this.#appender.pendingSamples -= this.#blocks.sampleCount - before;
    }
    this.#flush = undefined;
    this.#flushes++;
    this.#journalBytes -= journalBytes;
    this.#journalSinceMs = this.#options.clock.nowMs();
    this.#uncheckpointedBytes += samples * 2;
    if (dropEmptySeries({ storage: this.#storage, index: this.#index }) > 0) this.#unstored = this.#unstored.filter((series) => this.#index.byRef(series.ref) !== undefined);
    return true;
  }

  #finishFlush(): void {
    while (this.#flush !== undefined) this.#flushStep();
  }

  #beginFlush(): RunningFlush {
    const lastJournalId = this.#nextJournalId - 1;
    return {
      run: new Flush({ storage: this.#storage, index: this.#index, blocks: this.#blocks }, lastJournalId),
      lastJournalId,
      exemplars: this.#exemplars.ring.added,
      journalBytes: this.#journalBytes,
      samples: this.#appender.pendingSamples,
    };
  }

  #checkpointWhenDue(): void {
    const isIdle = this.#options.clock.nowMs() - this.#appendedAtMs >= IDLE_MS;
    if (this.#uncheckpointedBytes <= (isIdle ? 0 : CHECKPOINT_AFTER_BYTES)) return;
    this.#uncheckpointedBytes = 0;
    this.#storage.checkpoint(isIdle);
  }

  /** Deletes at most one block: the oldest, when it is too old or the file too large. */
  #evictStep(): boolean {
    const { clock, retentionAgeMs, retentionBytes, memoryBytes } = this.#options;
    const nowMs = clock.nowMs();
    // A clock that was put back must not put retention off.
    if (nowMs < this.#nextRetentionMs && nowMs >= this.#nextRetentionMs - RETENTION_INTERVAL_MS) return false;
    const oldest = this.#blocks.oldest();
    const limitBytes = this.isDurable ? retentionBytes : Math.min(retentionBytes, memoryBytes / 2);
    const isTooOld = oldest !== undefined && retentionAgeMs !== undefined && oldest.maxMs < nowMs - retentionAgeMs;
    if (oldest === undefined || !(isTooOld || this.#storage.sizeBytes() > limitBytes)) {
      this.#nextRetentionMs = nowMs + RETENTION_INTERVAL_MS;
      return false;
    }
    this.#evictedSeries += evictBlock({ storage: this.#storage, index: this.#index, blocks: this.#blocks, memory: this.#memory }, oldest);
    this.#evictedBlocks++;
    this.#evictedSamples += oldest.sampleCount;
    return true;
  }

  /** Upkeep on the writer's time: a slice of what is due with each append, and all of it when it falls far behind. */
  #keepUp(): void {
    if (this.#flush !== undefined || this.#isFlushDue()) {
      const isFarBehind = this.#journalBytes > BACKPRESSURE_FACTOR * this.#journalLimit();
      try {
        this.#flushStep();
        while (this.#journalBytes > BACKPRESSURE_FACTOR * this.#journalLimit() && this.#flushStep());
      } catch (error) {
        // Counted, and tried again by maintain(), which reports it. Input is taken as long as the journal has room.
        if (isFarBehind) throw error;
      }
    } else this.#storage.deleteFlushedJournal();
    while (this.#memory.isOverLimit && this.#memory.sweep());
    if (this.#memory.columnBytes <= BACKPRESSURE_FACTOR * this.#memory.limitBytes || this.#appender.pendingSamples === 0) return;
    this.flush();
    while (this.#memory.isOverLimit && this.#memory.sweep());
  }
}
