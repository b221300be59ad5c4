import { MetricBatchBuilder, type MetricBatch } from '../../model/metric-batch.ts';
import type { Labels } from '../../model/labels.ts';
import type { MetricMetadata } from '../../model/metric.ts';
import type { ExpositionError, ExpositionFormat, ExpositionSink, FamilyFact } from './exposition-sink.ts';
import { parseExposition } from './parse-exposition.ts';

/** How to read an exposition on its own, without the memory of earlier scrapes that ScrapeAppender has. */
export interface DecodeExpositionOptions {
  readonly format: ExpositionFormat;
  /** Time of samples that carry none, ms since the epoch. */
  readonly timestampMs: number;
  /** Labels of a series as stored; undefined drops the series. Target labels, relabelling and the like happen here. */
  readonly transform?: (labels: Labels) => Labels | undefined;
}

/** Decodes an exposition into a batch. With an error the batch holds what came before it. */
export function decodeExposition(body: Uint8Array, options: DecodeExpositionOptions): { value: MetricBatch; problems: readonly ExpositionError[] } {
  const sink = new BatchSink(options);
  const error = parseExposition(body, options.format, sink);
  for (const metadata of sink.metadata.build()) sink.builder.addMetadata(metadata);
  return { value: sink.builder.build(), problems: error ? [error] : [] };
}

/** Joins the TYPE, HELP and UNIT lines of each family into one record. */
export class FamilyFacts {
  readonly #families = new Map<string, MetricMetadata>();

  add(family: string, fact: FamilyFact): void {
    const known = this.#families.get(family) ?? { family, type: 'unknown', help: '', unit: '' };
    const change = fact.kind === 'type' ? { type: fact.type } : fact.kind === 'help' ? { help: fact.help } : { unit: fact.unit };
    this.#families.set(family, { ...known, ...change });
  }

  build(): Iterable<MetricMetadata> {
    return this.#families.values();
  }
}

class BatchSink implements ExpositionSink<{ readonly labels: Labels | undefined }> {
  readonly seriesByText = new Map<string, { readonly labels: Labels | undefined }>();
  readonly builder = new MetricBatchBuilder();
  readonly metadata = new FamilyFacts();
  readonly #options: DecodeExpositionOptions;

  constructor(options: DecodeExpositionOptions) {
    this.#options = options;
  }

  createSeries(labels: Labels): { readonly labels: Labels | undefined } {
    return { labels: this.#options.transform ? this.#options.transform(labels) : labels };
  }

  sample(series: { readonly labels: Labels | undefined }, value: number, timestampMs: number | undefined): undefined {
    if (!series.labels) return;
    this.builder.startSeries(series.labels);
    this.builder.addFloat(timestampMs ?? this.#options.timestampMs, value);
  }

  exemplar(series: { readonly labels: Labels | undefined }, labels: Labels, value: number, timestampMs: number | undefined): void {
    if (series.labels) this.builder.addExemplar({ labels, value, timestampMs: timestampMs ?? this.#options.timestampMs });
  }

  fact(family: string, fact: FamilyFact): void {
    this.metadata.add(family, fact);
  }
}
