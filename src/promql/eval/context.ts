import type { Labels } from '../../model/labels.ts';
import type { Matcher, SeriesSamples, SeriesSource } from '../../model/series-source.ts';
import { Annotations, type Annotation } from '../annotations.ts';
import type { Grid, Plan, SelectorPlan } from '../plan.ts';
import { QueryError } from '../query-error.ts';
import type { Block, Row } from './block.ts';
import { withoutBuckets } from './histogram-stats.ts';

/** What a query is run with, defaults filled in. */
export interface EvaluationOptions {
  readonly lookbackMs: number;
  readonly maxSamples: number;
  /** Epoch ms after which the query has timed out. */
  readonly deadlineMs: number;
  readonly isCancelled: () => boolean;
  readonly delayedNameRemoval: boolean;
  readonly useStartTimestamps: boolean;
  readonly typeAndUnitLabels: boolean;
  /** Behave as the versions after 3.5 where they changed something, in results or in annotations. */
  readonly isNewer: boolean;
  readonly nowMs: () => number;
}

/** What one node of a query did, for `--explain`. Times include the node's inputs. */
export interface NodeStats {
  series: number;
  samples: number;
  timeMs: number;
  calls: number;
}

/** A set of series kept for the rest of the query. */
interface Selection {
  readonly minMs: number;
  readonly maxMs: number;
  readonly series: readonly SeriesSamples[];
}

/** How nodes evaluate their inputs. */
export interface Evaluator {
  /** All rows of a vector or scalar expression; a scalar is one row without labels. */
  block(plan: Plan, grid: Grid): Block;
  /** The same row by row; see Row for what a visitor may do. */
  rows(plan: Plan, grid: Grid, visit: (row: Row) => void): void;
}

/** Everything the nodes of one running query share. */
export class EvaluationContext {
  readonly source: SeriesSource;
  readonly options: EvaluationOptions;
  readonly annotations = new Annotations();
  readonly stats = new Map<Plan, NodeStats>();
  /** Samples read from selections over all steps, as `totalQueryableSamples` of the Prometheus API counts them. */
  totalSamples = 0;
  /** The same for each step of the query, where that is wanted; undefined inside of what has steps of its own. */
  samplesPerStep: Float64Array | undefined;
  peakSamples = 0;
  #liveSamples = 0;
  #ticks = 0;
  readonly #selections = new Map<string, Selection>();
  /** Selectors whose histograms are wanted without buckets. */
  readonly statsOnly = new Set<SelectorPlan>();
  readonly #reserved = new Map<string, { readonly minMs: number; readonly maxMs: number }>();
  #evaluator: Evaluator | undefined;

  constructor(source: SeriesSource, options: EvaluationOptions) {
    this.source = source;
    this.options = options;
  }

  get evaluate(): Evaluator {
    if (this.#evaluator === undefined) throw new QueryError('internal', 'the evaluator is not set');
    return this.#evaluator;
  }

  set evaluate(evaluator: Evaluator) {
    this.#evaluator = evaluator;
  }

  annotate(annotation: Annotation): void {
    this.annotations.add(annotation);
  }

  /** Called once per row or so: throws when the query was cancelled or ran out of time. */
  tick(): void {
    if ((++this.#ticks & 63) === 0) this.checkNow();
  }

  checkNow(where = 'expression evaluation'): void {
    if (this.options.isCancelled()) throw new QueryError('canceled', `query was canceled in ${where}`);
    if (this.options.nowMs() > this.options.deadlineMs) throw new QueryError('timeout', `query timed out in ${where}`);
  }

  /** Counts samples held in memory; throws when there are too many. */
  hold(samples: number): void {
    this.#liveSamples += samples;
    if (this.#liveSamples > this.peakSamples) this.peakSamples = this.#liveSamples;
    this.checkSize(this.#liveSamples);
  }

  /** Throws when something would have more cells than there may be samples. */
  checkSize(cells: number): void {
    if (cells <= this.options.maxSamples) return;
    throw new QueryError('execution', 'query processing would load too many samples into memory in query execution');
  }

  /** Samples in memory now. */
  get liveSamples(): number {
    return this.#liveSamples;
  }

  /** Goes back to an earlier count, after what was read for an intermediate result is gone. */
  resetLiveSamples(samples: number): void {
    this.#liveSamples = samples;
  }

  /** Notes that selectors with this key will want samples in [minMs, maxMs]. */
  reserve(key: string, minMs: number, maxMs: number): void {
    const known = this.#reserved.get(key);
    this.#reserved.set(key, { minMs: Math.min(minMs, known?.minMs ?? minMs), maxMs: Math.max(maxMs, known?.maxMs ?? maxMs) });
  }

  /**
   * The series of a selector with samples in [minMs, maxMs], and perhaps more of them and of their samples: what was
   * reserved for equal selectors is fetched once for the whole query.
   */
  select(plan: SelectorPlan, minMs: number, maxMs: number): readonly SeriesSamples[] {
    const series = this.#selected(plan, minMs, maxMs);
    return this.statsOnly.has(plan) ? series.map(withoutBuckets) : series;
  }

  #selected(plan: SelectorPlan, minMs: number, maxMs: number): readonly SeriesSamples[] {
    const known = this.#selections.get(plan.key);
    if (known !== undefined && known.minMs <= minMs && known.maxMs >= maxMs) return known.series;
    const reserved = this.#reserved.get(plan.key);
    return this.#fetch(plan.key, plan.matchers, Math.min(minMs, reserved?.minMs ?? minMs), Math.max(maxMs, reserved?.maxMs ?? maxMs));
  }

  /** Series by matchers that are no selector of the query. */
  selectMatching(matchers: readonly Matcher[], minMs: number, maxMs: number): readonly SeriesSamples[] {
    return this.source.select(matchers, minMs, maxMs);
  }

  #fetch(key: string, matchers: readonly Matcher[], minMs: number, maxMs: number): readonly SeriesSamples[] {
    const series = this.source.select(matchers, minMs, maxMs);
    this.#selections.set(key, { minMs, maxMs, series });
    return series;
  }
}

/** The labels without the metric name (and, as upstream, without `__type__` and `__unit__`). */
export function withoutName(labels: Labels): Labels {
  const { length } = labels;
  let first = 0;
  while (first < length && !isMetadataLabel(labels[first]!)) first += 2;
  if (first === length) return labels;
  let last = first;
  for (let i = first + 2; i < length; i += 2) if (isMetadataLabel(labels[i]!)) last = i;
  // Usually there is the name only, and before all others.
  if (first === 0 && last === 0) return labels.slice(2);
  return labels.filter((_, i) => !isMetadataLabel(labels[i - (i % 2)]!));
}

function isMetadataLabel(name: string): boolean {
  return name.charCodeAt(0) === 95 && (name === '__name__' || name === '__type__' || name === '__unit__');
}
