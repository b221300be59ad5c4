import type { FloatHistogram } from '../model/histogram.ts';
import type { Labels } from '../model/labels.ts';
import type { QueryErrorType } from './query-error.ts';

/**
 * One series of a result, as columns over `timestamps`: at `i` there is a float when `present[i]` is 1, the histogram
 * `histograms[i]` when it is 2, and nothing when it is 0. The arrays may be shared: read only.
 */
export interface ResultSeries {
  readonly labels: Labels;
  /** Ms ascending; for a range query the steps, the same array for all series. */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly present: Uint8Array;
  readonly histograms: readonly (FloatHistogram | undefined)[] | undefined;
}

/** One sample of an instant vector. */
export interface ResultSample {
  readonly labels: Labels;
  readonly value: number;
  readonly histogram: FloatHistogram | undefined;
}

/** The value of a query; times in ms. */
export type QueryValue =
  | { readonly type: 'scalar'; readonly timeMs: number; readonly value: number }
  | { readonly type: 'string'; readonly timeMs: number; readonly value: string }
  | { readonly type: 'vector'; readonly timeMs: number; readonly samples: readonly ResultSample[] }
  | { readonly type: 'matrix'; readonly series: readonly ResultSeries[] };

/** One node of an explained query: what it is, what it gave and how long it took, its inputs included. */
export interface ExplainedNode {
  readonly text: string;
  readonly series: number;
  readonly samples: number;
  readonly timeMs: number;
  /** Evaluated once for the whole range. */
  readonly isInvariant: boolean;
  readonly children: readonly ExplainedNode[];
}

/** What a query cost. */
export interface QueryStats {
  /** Samples that the query's selectors gave, over all steps. */
  readonly totalSamples: number;
  readonly peakSamples: number;
  /** The samples of each step, for a query that was run with step statistics. */
  readonly samplesPerStep: Float64Array | undefined;
  readonly evaluationMs: number;
  readonly plan: ExplainedNode | undefined;
}

/** The outcome of a query. */
export type QueryResult =
  | { readonly ok: true; readonly value: QueryValue; readonly warnings: readonly string[]; readonly infos: readonly string[]; readonly stats: QueryStats }
  | {
    readonly ok: false; readonly errorType: QueryErrorType; readonly message: string;
    readonly warnings: readonly string[]; readonly infos: readonly string[];
  };
