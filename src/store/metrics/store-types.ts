import type { Clock } from '../../base/clock.ts';
import type { Labels } from '../../model/labels.ts';
import type { MetricBatch } from '../../model/metric-batch.ts';
import type { Exemplar, MetricMetadata } from '../../model/metric.ts';
import type { Matcher, SeriesSource } from '../../model/series-source.ts';
import type { DamageReport } from '../open-or-set-aside.ts';

/** How a metrics store is opened. */
export interface MetricsStoreOptions {
  /** The database file; undefined keeps everything in memory, as does a host without node:sqlite. */
  readonly path: string | undefined;
  /** Samples older than this are refused and dropped; undefined keeps any age. */
  readonly retentionAgeMs: number | undefined;
  /** Ceiling of the data in the file; the oldest blocks go first. */
  readonly retentionBytes: number;
  /** Ceiling of decoded samples and cached blocks in memory. */
  readonly memoryBytes: number;
  readonly clock: Clock;
  /** Hears of a file that could not be used and has been set aside. */
  readonly onDamage?: DamageReport;
  /** Default 50,000. */
  readonly exemplarCapacity?: number;
  /** Default one for each KiB of `memoryBytes`. */
  readonly seriesLimit?: number;
}

/** Why a sample was refused; `invalid_labels` are those with U+FFFF, which separates labels in keys. */
export type RejectionReason = 'too_old' | 'duplicate_timestamp' | 'invalid_timestamp' | 'invalid_labels' | 'series_limit';

/** What became of a batch. Samples that repeat a stored one count as appended. */
export interface AppendResult {
  readonly appended: number;
  readonly rejected: readonly { readonly reason: RejectionReason; readonly count: number }[];
}

/** The exemplars of one series. */
export interface SeriesExemplars {
  readonly series: Labels;
  readonly exemplars: readonly Exemplar[];
}

/** A name and how often it occurs. */
export interface Cardinality {
  readonly name: string;
  readonly value: number;
}

/** Figures of the store; sizes in bytes, `…Total` counts since it was opened. */
export interface MetricsStoreStats {
  readonly isDurable: boolean;
  readonly series: number;
  /** Stored samples, in blocks and not yet. */
  readonly samples: number;
  readonly chunks: number;
  readonly blocks: number;
  readonly exemplars: number;
  readonly metadataFamilies: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly journalBytes: number;
  readonly minMs: number | undefined;
  readonly maxMs: number | undefined;
  readonly appendedTotal: number;
  readonly outOfOrderTotal: number;
  /** Samples that were stored already with the same value. */
  readonly repeatedTotal: number;
  readonly rejectedTotal: Readonly<Record<RejectionReason, number>>;
  readonly evictedBlocksTotal: number;
  readonly evictedSamplesTotal: number;
  readonly evictedSeriesTotal: number;
  readonly overwrittenExemplarsTotal: number;
  readonly droppedMetadataTotal: number;
  readonly corruptChunksTotal: number;
  readonly flushesTotal: number;
  readonly flushFailuresTotal: number;
}

/** The most frequent names, as `/api/v1/status/tsdb` shows them. */
export interface Cardinalities {
  readonly labelCount: number;
  readonly labelPairCount: number;
  readonly seriesByMetric: readonly Cardinality[];
  readonly valuesByLabel: readonly Cardinality[];
  readonly memoryBytesByLabel: readonly Cardinality[];
  readonly seriesByLabelPair: readonly Cardinality[];
}

/**
 * Metric series with their samples, exemplars and metadata. One thread, synchronous; one open store a file.
 * What `append` acknowledged survives the death of the process.
 */
export interface MetricsStore extends SeriesSource {
  readonly isDurable: boolean;
  /** Stores a batch durably; throws when the disk refuses, and then nothing of it is stored. */
  append(batch: MetricBatch): AppendResult;
  /** As {@link append} for batches that arrived together, in one transaction; one result each. */
  appendMany(batches: readonly MetricBatch[]): readonly AppendResult[];
  /** Label names, sorted, of the series that match any of the sets (all series without sets) and have samples around the range. */
  labelNames(matcherSets: readonly (readonly Matcher[])[], minMs: number, maxMs: number): readonly string[];
  /** As {@link labelNames}, the values of one label. */
  labelValues(name: string, matcherSets: readonly (readonly Matcher[])[], minMs: number, maxMs: number): readonly string[];
  /** Label sets of the matching series with samples around the range, sorted. */
  series(matcherSets: readonly (readonly Matcher[])[], minMs: number, maxMs: number): readonly Labels[];
  /** What is known of one family, or of all. */
  metadata(family?: string): readonly MetricMetadata[];
  /** Exemplars of matching series between the two times, oldest first. */
  exemplars(matcherSets: readonly (readonly Matcher[])[], minMs: number, maxMs: number): readonly SeriesExemplars[];
  stats(): MetricsStoreStats;
  cardinalities(limit: number): Cardinalities;
  /** A bounded slice of upkeep (flush, eviction, memory, checkpoint), some ms; true when more is waiting. */
  maintain(): boolean;
  /** Puts all samples into blocks now, as if {@link maintain} had found it due. */
  flush(): void;
  close(): void;
}
