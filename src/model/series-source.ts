import type { FloatHistogram } from './histogram.ts';
import type { Labels } from './labels.ts';

/** A matcher ready to run: `matches('')` decides on series without the label. */
export interface Matcher {
  readonly name: string;
  readonly type: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  matches(value: string): boolean;
  /** For a regular expression that is a plain alternation of literals: exactly the values it matches; else undefined. */
  readonly literals: readonly string[] | undefined;
}

/**
 * The samples of one series between two times, as columns.
 * `timestamps[0 … length)` are ms ascending. `values` keeps the bit patterns: a stale marker is recognised in `bits`
 * (the same memory as 32-bit words, little endian: low word at 2i, high word at 2i+1), see STALE_NAN_BITS.
 * Where `histograms?.[i]` is set, that sample is a histogram and `values[i]` means nothing.
 * The arrays may be longer than `length` and belong to the source: read only.
 */
export interface SeriesSamples {
  /** Stable while the process lives; equal refs are the same series. */
  readonly ref: number;
  readonly labels: Labels;
  readonly length: number;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly bits: Uint32Array;
  readonly histograms: readonly (FloatHistogram | undefined)[] | undefined;
  /** False when none of the values is a NaN, and so none a stale marker; absent when the source does not know. */
  readonly mayBeStale?: boolean;
  /** When each sample's counting began, ms; 0 for unknown. Absent when the store does not keep it. */
  readonly startTimestamps?: Float64Array;
}

/** What an engine needs of a store. Synchronous: engine and store live in the same worker. */
export interface SeriesSource {
  /** Every series that matches all matchers and has a sample with minMs <= t <= maxMs; sorted by labels when asked. */
  select(matchers: readonly Matcher[], minMs: number, maxMs: number): readonly SeriesSamples[];
}
