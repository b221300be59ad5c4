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

/** A trace (or anything else) that stands for one measurement of a series. */
export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly timestampMs: number;
}

/**
 * The NaN that marks the end of a series (prometheus/model/value: StaleNaN), as high and low 32-bit words.
 * V8 may rewrite the payload of a NaN that passes through a variable, so it is written and read as integers only.
 */
export const STALE_NAN_BITS = { high: 0x7ff00000, low: 0x00000002 } as const;
