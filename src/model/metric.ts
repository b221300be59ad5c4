import type { FloatHistogram } from './histogram.ts';
import type { Labels } from './labels.ts';

/** The metric types of Prometheus and OpenMetrics, as `/api/v1/metadata` names them. */
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'gaugehistogram' | 'summary' | 'info' | 'stateset' | 'unknown';

/** What is known of a metric family besides its samples. */
export interface MetricMetadata {
  readonly family: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}

/** One float sample. `timestampMs` is milliseconds since the Unix epoch, any integer of a double. */
export interface FloatSample {
  readonly timestampMs: number;
  readonly value: number;
}

/** One native-histogram sample. */
export interface HistogramSample {
  readonly timestampMs: number;
  readonly histogram: FloatHistogram;
}

/** A trace (or anything else) that stands for one measurement of a series. */
export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly timestampMs: number;
}

/**
 * What a decoder hands to the metrics store: the samples of one series.
 * Stale markers travel apart from the samples, because a NaN does not keep its payload through JavaScript.
 */
export interface SeriesAppend {
  readonly labels: Labels;
  readonly floats: readonly FloatSample[];
  readonly histograms?: readonly HistogramSample[];
  readonly exemplars?: readonly Exemplar[];
  /** Times (ms) at which the series is known to have gone: each is stored as a stale marker. */
  readonly staleMs?: readonly number[];
}

/** A decoded push or scrape: series and the metadata that came with them. */
export interface MetricBatch {
  readonly series: readonly SeriesAppend[];
  readonly metadata: readonly MetricMetadata[];
}

/**
 * The NaN that marks the end of a series (prometheus/model/value: StaleNaN), as high and low 32-bit words.
 * V8 may rewrite the payload of a NaN that passes through a variable, so it is written and read as integers only.
 */
export const STALE_NAN_BITS = { high: 0x7ff00000, low: 0x00000002 } as const;
