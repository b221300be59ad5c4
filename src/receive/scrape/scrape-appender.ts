import { exemplarCharacters, MOST_EXEMPLAR_CHARACTERS } from '../../codec/otlp/exemplar-labels.ts';
import { FamilyFacts } from '../../codec/prometheus-text/decode-exposition.ts';
import { expositionFormatOf } from '../../codec/prometheus-text/exposition-format.ts';
import type { ExpositionSink, FamilyFact } from '../../codec/prometheus-text/exposition-sink.ts';
import { parseExposition } from '../../codec/prometheus-text/parse-exposition.ts';
import { labelsFromPairs, labelsKey, METRIC_NAME, type Labels } from '../../model/labels.ts';
import { MetricBatchBuilder, type MetricBatch } from '../../model/metric-batch.ts';
import type { MetricMetadata } from '../../model/metric.ts';
import { compileRelabel, labelsToMap } from '../../model/relabel.ts';
import { finalSampleLabels, type SampleLabelRules } from './sample-labels.ts';
import { SCRAPE_PROTOCOL_MEDIA, type ScrapeConfig } from './scrape-config.ts';

/** What a worker has to know of a target to append its scrapes; plain data. */
export interface ScrapeTargetSpec {
  /** The target's public labels, such as job and instance. */
  readonly labels: Labels;
  readonly config: Pick<
    ScrapeConfig,
    'honorLabels' | 'honorTimestamps' | 'trackTimestampsStaleness' | 'fallbackProtocol' | 'isLegacyNames' | 'limits' | 'metricRelabel'
  >;
}

/** The part of a scrape config that a worker needs; secrets are no part of it. */
export function scrapeTargetSpec(labels: Labels, config: ScrapeTargetSpec['config']): ScrapeTargetSpec {
  const { honorLabels, honorTimestamps, trackTimestampsStaleness, fallbackProtocol, isLegacyNames, limits, metricRelabel } = config;
  return { labels, config: { honorLabels, honorTimestamps, trackTimestampsStaleness, fallbackProtocol, isLegacyNames, limits, metricRelabel } };
}

/** One scrape as it came from the network; without a body it failed, and `error` says why. */
export interface ScrapeInput {
  readonly timestampMs: number;
  /** How long fetching took. */
  readonly durationMs: number;
  readonly body: Uint8Array | undefined;
  readonly contentType: string;
  readonly error: string;
}

/** What became of a scrape; plain data. */
export interface ScrapeOutcome {
  /** '' when the target is up. */
  readonly error: string;
  readonly durationMs: number;
  /** Samples in the exposition. */
  readonly scraped: number;
  /** Of these, samples left after metric relabelling. */
  readonly kept: number;
  /** Series not seen in earlier scrapes. */
  readonly seriesAdded: number;
  /** Samples and exemplars that were dropped although the scrape succeeded. */
  readonly duplicates: number;
  readonly droppedExemplars: number;
}

const REPORTS: readonly (readonly [name: string, unit: string, help: string])[] = [
  ['up', 'targets', 'Health of the scrape target. 1 means the target is healthy, 0 if the scrape failed.'],
  ['scrape_duration_seconds', 'seconds', 'Duration of the last scrape in seconds.'],
  ['scrape_samples_scraped', 'samples', 'Number of samples last scraped.'],
  ['scrape_samples_post_metric_relabeling', 'samples', 'Number of samples remaining after metric relabeling was applied.'],
  ['scrape_series_added', 'series', 'Number of series in the last scrape.'],
];

/** A series as storage knows it; several texts may mean the same one. */
interface TrackedSeries {
  readonly labels: Labels;
  /** The scrape that last had a sample of it without a timestamp. */
  lastScrape: number;
  /** The scrape from which on its absence would be staleness. */
  trackedIn: number;
}

interface TextEntry {
  /** Undefined when relabelling drops the series. */
  readonly series: TrackedSeries | undefined;
  /** Why the series fails the scrape. */
  readonly problem: string | undefined;
  lastScrape: number;
}

/**
 * Turns the scrapes of one target into batches, remembering its series: known ones cost no label building, vanished ones get
 * stale markers (prometheus/scrape: scrapeLoop.append and report). A scrape that fails in any way counts as an empty one.
 */
export class ScrapeAppender {
  #spec!: ScrapeTargetSpec;
  #rules!: SampleLabelRules;
  #reportLabels: readonly Labels[] = [];
  #entries = new Map<string, TextEntry>();
  #seriesByKey = new Map<string, TrackedSeries>();
  /** Series that had a sample in the last scrape. */
  #tracked: TrackedSeries[] = [];
  #metadata = new Map<string, MetricMetadata>();
  #scrape = 0;

  constructor(spec: ScrapeTargetSpec) {
    this.configure(spec);
  }

  /** Takes a changed configuration; series that it makes vanish are marked stale at the next scrape. */
  configure(spec: ScrapeTargetSpec): void {
    this.#spec = spec;
    const { honorLabels, isLegacyNames, limits, metricRelabel } = spec.config;
    this.#rules = { targetLabels: spec.labels, honorLabels, isLegacyNames, limits, relabel: compileRelabel(metricRelabel) };
    this.#reportLabels = REPORTS.map(([name]) => labelsFromPairs([...labelsToMap(spec.labels), [METRIC_NAME, name]]));
    this.#entries = new Map();
  }

  /** Series with a sample in the last scrape. */
  get trackedCount(): number {
    return this.#tracked.length;
  }

  /** Series texts whose labels are kept ready. */
  get rememberedCount(): number {
    return this.#entries.size;
  }

  /** Appends a scrape: its samples, stale markers for what vanished, and the report series. */
  append(input: ScrapeInput): { readonly batch: MetricBatch; readonly outcome: ScrapeOutcome } {
    const startMs = performance.now();
    this.#scrape++;
    const run = new ScrapeRun(this.#spec, this.#rules, this.#entries, this.#seriesByKey, this.#scrape, input.timestampMs);
    let error = input.error;
    if (input.body && input.body.length > 0) error = run.parse(input.body, input.contentType);
    let { builder, tracked } = run;
    if (error !== '') {
      builder = new MetricBatchBuilder();
      tracked = [];
      for (const series of run.tracked) series.trackedIn = 0;
    }
    for (const series of this.#tracked) {
      if (series.trackedIn === this.#scrape) continue;
      builder.startSeries(series.labels);
      builder.addStale(input.timestampMs);
    }
    this.#tracked = tracked;
    if (error === '') this.#addMetadata(builder, run.facts);
    this.#sweep();
    const outcome: ScrapeOutcome = { ...run.counts, error, durationMs: input.durationMs + performance.now() - startMs };
    this.#report(builder, input.timestampMs, outcome);
    return { batch: builder.build(), outcome };
  }

  /** Marks everything of the target stale, report series too: the target is gone. */
  end(timestampMs: number): MetricBatch {
    const builder = new MetricBatchBuilder();
    const reports = this.#scrape > 0 ? this.#reportLabels : [];
    for (const labels of [...this.#tracked.map((series) => series.labels), ...reports]) {
      builder.startSeries(labels);
      builder.addStale(timestampMs);
    }
    this.#tracked = [];
    return builder.build();
  }

  #report(builder: MetricBatchBuilder, timestampMs: number, outcome: ScrapeOutcome): void {
    const { error, durationMs, scraped, kept, seriesAdded } = outcome;
    const values = [error === '' ? 1 : 0, durationMs / 1000, scraped, kept, seriesAdded];
    this.#reportLabels.forEach((labels, i) => {
      builder.startSeries(labels);
      builder.addFloat(timestampMs, values[i]!);
    });
    if (this.#scrape === 1) for (const [family, unit, help] of REPORTS) builder.addMetadata({ family, type: 'gauge', help, unit });
  }

  /** Hands on only what is new since the last scrape. */
  #addMetadata(builder: MetricBatchBuilder, facts: FamilyFacts): void {
    const current = new Map<string, MetricMetadata>();
    for (const metadata of facts.build()) {
      const before = this.#metadata.get(metadata.family);
      const isSame = before && before.type === metadata.type && before.help === metadata.help && before.unit === metadata.unit;
      current.set(metadata.family, isSame ? before : metadata);
      if (!isSame) builder.addMetadata(metadata);
    }
    this.#metadata = current;
  }

  /** Forgets texts that have not been seen for some scrapes, once they outnumber the others. */
  #sweep(): void {
    if (this.#entries.size > 2 * this.#tracked.length + 1000) {
      for (const [text, entry] of this.#entries) if (entry.lastScrape < this.#scrape - 2) this.#entries.delete(text);
    }
    if (this.#seriesByKey.size > 2 * this.#tracked.length + 1000) {
      const used = new Set<TrackedSeries | undefined>(Array.from(this.#entries.values(), (entry) => entry.series));
      for (const [key, series] of this.#seriesByKey) if (!used.has(series)) this.#seriesByKey.delete(key);
    }
  }
}

/** The parsing of one scrape. */
class ScrapeRun implements ExpositionSink<TextEntry> {
  readonly seriesByText: Map<string, TextEntry>;
  readonly builder = new MetricBatchBuilder();
  readonly facts = new FamilyFacts();
  readonly tracked: TrackedSeries[] = [];
  readonly counts = { scraped: 0, kept: 0, seriesAdded: 0, duplicates: 0, droppedExemplars: 0 };
  readonly #spec: ScrapeTargetSpec;
  readonly #rules: SampleLabelRules;
  readonly #seriesByKey: Map<string, TrackedSeries>;
  readonly #scrape: number;
  readonly #timestampMs: number;
  #appended = 0;
  #isLastKept = false;

  constructor(
    spec: ScrapeTargetSpec,
    rules: SampleLabelRules,
    entries: Map<string, TextEntry>,
    seriesByKey: Map<string, TrackedSeries>,
    scrape: number,
    timestampMs: number,
  ) {
    this.#spec = spec;
    this.#rules = rules;
    this.seriesByText = entries;
    this.#seriesByKey = seriesByKey;
    this.#scrape = scrape;
    this.#timestampMs = timestampMs;
  }

  /** '' or why the scrape fails. */
  parse(body: Uint8Array, contentType: string): string {
    const { fallbackProtocol, limits } = this.#spec.config;
    const format = expositionFormatOf(contentType, fallbackProtocol ? SCRAPE_PROTOCOL_MEDIA[fallbackProtocol] : '');
    if (!format.ok) return format.error;
    const error = parseExposition(body, format.value, this);
    if (error?.isSample) this.counts.scraped++;
    if (error) return `${error.message} (line ${error.line})`;
    return limits.samples > 0 && this.#appended > limits.samples ? 'sample limit exceeded' : '';
  }

  createSeries(exposed: Labels): TextEntry {
    const final = finalSampleLabels(exposed, this.#rules);
    if (!final.ok) return { series: undefined, problem: final.error, lastScrape: 0 };
    if (!final.value) return { series: undefined, problem: undefined, lastScrape: 0 };
    const key = labelsKey(final.value);
    let series = this.#seriesByKey.get(key);
    if (!series) this.#seriesByKey.set(key, (series = { labels: final.value, lastScrape: 0, trackedIn: 0 }));
    return { series, problem: undefined, lastScrape: 0 };
  }

  sample(entry: TextEntry, value: number, exposedMs: number | undefined): string | undefined {
    this.counts.scraped++;
    this.#isLastKept = false;
    if (entry.problem !== undefined) return entry.problem;
    const isNew = entry.lastScrape === 0;
    entry.lastScrape = this.#scrape;
    const { series } = entry;
    if (!series) return undefined;
    const { config } = this.#spec;
    const timestampMs = config.honorTimestamps ? exposedMs : undefined;
    this.counts.kept++;
    if (timestampMs === undefined) {
      if (series.lastScrape === this.#scrape) {
        this.counts.duplicates++;
        return undefined;
      }
      series.lastScrape = this.#scrape;
    }
    if ((timestampMs === undefined || config.trackTimestampsStaleness) && series.trackedIn !== this.#scrape) {
      series.trackedIn = this.#scrape;
      this.tracked.push(series);
    }
    this.#appended++;
    // Past the limit samples are only counted: the report says how many there were.
    if (config.limits.samples > 0 && this.#appended > config.limits.samples) return undefined;
    if (isNew) this.counts.seriesAdded++;
    this.builder.startSeries(series.labels);
    this.builder.addFloat(timestampMs ?? this.#timestampMs, value);
    this.#isLastKept = true;
    return undefined;
  }

  exemplar(_: TextEntry, labels: Labels, value: number, timestampMs: number | undefined): void {
    if (!this.#isLastKept) return;
    if (exemplarCharacters(labelsToMap(labels)) > MOST_EXEMPLAR_CHARACTERS) this.counts.droppedExemplars++;
    else this.builder.addExemplar({ labels, value, timestampMs: timestampMs ?? this.#timestampMs });
  }

  fact(family: string, fact: FamilyFact): void {
    this.facts.add(family, fact);
  }
}
