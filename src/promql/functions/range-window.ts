import type { FloatHistogram } from '../../model/histogram.ts';
import { labelValue, METRIC_NAME } from '../../model/labels.ts';
import type { Annotation } from '../annotations.ts';
import type { RangeSeries } from '../eval/range-series.ts';

/**
 * One window of one series: floats at [lo, hi), histograms at [hlo, hhi) of `series`.
 * A range function looks at it and leaves its result in it; without one there is no sample at this step.
 */
export interface RangeWindow {
  series: RangeSeries;
  lo: number;
  hi: number;
  hlo: number;
  hhi: number;
  /** The bounds of the range as written, ms: the first is outside, the second inside. */
  startMs: number;
  endMs: number;
  /** The range's length, ms. */
  readonly windowMs: number;
  /** The evaluation time, ms. */
  timeMs: number;
  readonly extension: 'anchored' | 'smoothed' | undefined;
  /** The values of the function's other arguments at this step, in order. */
  readonly scalars: number[];
  /** Where the range stands in the query. */
  readonly position: number;
  /** Where the first argument stands in the query, be that the range or not. */
  readonly argumentPosition: number;
  readonly annotate: (annotation: Annotation) => void;
  /** See EvaluationOptions. */
  readonly isNewer: boolean;
  /** 0: nothing, 1: `value`, 2: `histogram`; see FLOAT and HISTOGRAM of a Block. */
  kind: number;
  value: number;
  histogram: FloatHistogram | undefined;
}

/** What a function over a range computes for one window. */
export type RangeFunction = (window: RangeWindow) => void;

/** Leaves a float as the window's result. */
export function giveFloat(window: RangeWindow, value: number): void {
  window.kind = 1;
  window.value = value;
}

/** Leaves a histogram as the window's result. */
export function giveHistogram(window: RangeWindow, histogram: FloatHistogram): void {
  window.kind = 2;
  window.histogram = histogram;
}

/** The metric name of the window's series, for annotations. */
export function metricName(window: RangeWindow): string {
  return labelValue(window.series.labels, METRIC_NAME);
}

/** How many floats and histograms the window has. */
export function floatCount(window: RangeWindow): number {
  return window.hi - window.lo;
}

export function histogramCount(window: RangeWindow): number {
  return window.hhi - window.hlo;
}
