import type { Labels } from '../../model/labels.ts';
import type { MetricType } from '../../model/metric.ts';

/** `prometheus` is text/plain 0.0.4, `openmetrics` is application/openmetrics-text 1.0. */
export type ExpositionFormat = 'prometheus' | 'openmetrics';

/** One piece of a family's metadata. */
export type FamilyFact =
  | { readonly kind: 'type'; readonly type: MetricType }
  | { readonly kind: 'help'; readonly help: string }
  | { readonly kind: 'unit'; readonly unit: string };

/**
 * Receives what a parser finds, in the order of the text. `S` is whatever the receiver keeps for a series;
 * it is made once and found again by the raw text of the series, so a repeated scrape builds no labels.
 * A returned string ends the parsing with that message.
 */
export interface ExpositionSink<S> {
  /** Series by raw text; the sink owns it and evicts from it. */
  readonly seriesByText: { get(text: string): S | undefined; set(text: string, series: S): unknown };
  createSeries(labels: Labels): S;
  /** `timestampMs` is undefined when the line has none. */
  sample(series: S, value: number, timestampMs: number | undefined): string | undefined;
  exemplar(series: S, labels: Labels, value: number, timestampMs: number | undefined): void;
  fact(family: string, fact: FamilyFact): void;
}

/** Why parsing stopped: in the words of Prometheus, with where it happened (line from 1, byte offset from 0). */
export interface ExpositionError {
  readonly message: string;
  readonly line: number;
  readonly offset: number;
  /** Was it a well-formed sample whose labels cannot be? Such a one counts as scraped. */
  readonly isSample: boolean;
}
