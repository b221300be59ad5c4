/** What is known about whether a histogram continues the one before it (prometheus/model/histogram: CounterResetHint). */
export type CounterResetHint = 'unknown' | 'reset' | 'not_reset' | 'gauge';

/** The schema number of histograms with custom bucket bounds (prometheus/model/histogram: CustomBucketsSchema). */
export const CUSTOM_BUCKETS_SCHEMA = -53;

/** The populated buckets of one side: bucket indexes ascending, and for each its own (not cumulative) count. */
export interface SparseBuckets {
  readonly indexes: readonly number[];
  readonly counts: readonly number[];
}

/**
 * A native histogram with float counts.
 * Exponential (schema -4 … 8): bucket `i` holds (base^(i-1), base^i] with base = 2^(2^-schema); the negative side mirrors it.
 * Custom (schema -53): bucket `i` holds (customValues[i-1], customValues[i]], the last one reaches to +Inf; no negative side, no zero bucket.
 */
export interface FloatHistogram {
  readonly schema: number;
  readonly count: number;
  readonly sum: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: SparseBuckets;
  readonly negative: SparseBuckets;
  /** Upper bounds, ascending, without +Inf; only with the custom schema. */
  readonly customValues?: readonly number[];
  readonly counterReset: CounterResetHint;
  /** True for a stale marker in a histogram series; then nothing else of it counts. */
  readonly isStale?: boolean;
}
