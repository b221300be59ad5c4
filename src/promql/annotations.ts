import { formatGoGeneral, formatGoTwoDigits } from './go-general.ts';
import { goQuote } from './go-quote.ts';

/** What a query reports besides its value: `warning` for results likely wrong, `info` for those possibly misunderstood. */
export type AnnotationLevel = 'warning' | 'info';

/** One annotation; `text` without level and position. Equal texts of a query are merged. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly text: string;
  /** UTF-16 offset into the query of what it is about. */
  readonly position: number;
  /** Details over all merged annotations of a kind. */
  readonly detail?: MonotonicityDetail | OverlapDetail;
}

/** Where and when classic buckets had to be made monotonic. Times in ms. */
export interface MonotonicityDetail {
  readonly kind: 'monotonicity';
  readonly minMs: number;
  readonly maxMs: number;
  readonly minBucket: number;
  readonly maxBucket: number;
  readonly maxDifference: number;
  readonly count: number;
}

/** How often start timestamps overlapped. */
export interface OverlapDetail {
  readonly kind: 'overlap';
  readonly count: number;
}

/** The annotations of one evaluation, one for each text (prometheus/util/annotations). */
export class Annotations {
  readonly #byText = new Map<string, Annotation>();
  #last: Annotation | undefined;

  get size(): number {
    return this.#byText.size;
  }

  /** Adds one; of two with the same text the later one's position stays. */
  add(annotation: Annotation): void {
    // Many steps in a row may have the same to say.
    if (annotation === this.#last && annotation.detail === undefined) return;
    this.#last = annotation;
    const key = `${annotation.level}:${annotation.text}`;
    const before = this.#byText.get(key);
    this.#byText.set(key, before === undefined ? annotation : merged(before, annotation));
  }

  /** The texts as shown, with positions in `query`; at most `limit` of each level, 0 for all. */
  texts(query: string, limit: number): { warnings: string[]; infos: string[] } {
    const warnings: string[] = [];
    const infos: string[] = [];
    let skippedWarnings = 0;
    let skippedInfos = 0;
    for (const annotation of this.#byText.values()) {
      const list = annotation.level === 'warning' ? warnings : infos;
      if (limit === 0 || list.length < limit) list.push(annotationText(annotation, query));
      else if (annotation.level === 'warning') skippedWarnings++;
      else skippedInfos++;
    }
    if (skippedWarnings > 0) warnings.push(`${skippedWarnings} more warning annotations omitted`);
    if (skippedInfos > 0) infos.push(`${skippedInfos} more info annotations omitted`);
    return { warnings, infos };
  }
}

function merged(before: Annotation, after: Annotation): Annotation {
  const a = before.detail;
  const b = after.detail;
  if (a?.kind === 'overlap' && b?.kind === 'overlap') return { ...before, detail: { kind: 'overlap', count: a.count + b.count } };
  if (a?.kind !== 'monotonicity' || b?.kind !== 'monotonicity') return after;
  const detail: MonotonicityDetail = {
    kind: 'monotonicity',
    minMs: Math.min(a.minMs, b.minMs),
    maxMs: Math.max(a.maxMs, b.maxMs),
    minBucket: Math.min(a.minBucket, b.minBucket),
    maxBucket: Math.max(a.maxBucket, b.maxBucket),
    maxDifference: Math.max(a.maxDifference, b.maxDifference),
    count: a.count + b.count,
  };
  return { ...before, detail };
}

function annotationText(annotation: Annotation, query: string): string {
  const level = annotation.level === 'warning' ? 'PromQL warning' : 'PromQL info';
  const at = positionText(query, annotation.position);
  const { detail } = annotation;
  let extra = '';
  if (detail?.kind === 'overlap' && detail.count > 1) extra = ` (${detail.count} occurrences)`;
  if (detail?.kind === 'monotonicity') {
    extra = `, from buckets ${formatGoGeneral(detail.minBucket)} to ${formatGoGeneral(detail.maxBucket)}`
      + `, with a max diff of ${formatGoTwoDigits(detail.maxDifference)}`
      + `, over ${detail.count} samples from ${dateText(detail.minMs)} to ${dateText(detail.maxMs)}`;
  }
  return `${level}: ${annotation.text}${extra} (${at})`;
}

/** Line and column, both from 1, the column in bytes of UTF-8. */
function positionText(query: string, position: number): string {
  if (query === '') return 'unknown position';
  if (position < 0 || position > query.length) return 'invalid position';
  const before = query.slice(0, position);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (const character of before) if (character === '\n') line++;
  return `${line}:${new TextEncoder().encode(before.slice(lineStart)).length + 1}`;
}

function dateText(timeMs: number): string {
  return new Date(Math.trunc(timeMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

const warning = (text: string, position: number): Annotation => ({ level: 'warning', text, position });
const info = (text: string, position: number): Annotation => ({ level: 'info', text, position });
/** Up to 3.5 (`isAlways`) an empty name is told as well. */
const forMetric = (name: string, isAlways = false): string => (name === '' && !isAlways ? '' : ` for metric name ${goQuote(name)}`);
const manualUrl = 'https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile';

/** The kind of histogram arithmetic an annotation speaks of. */
export type HistogramOperation = 'addition' | 'subtraction' | 'aggregation';

/** Every annotation, in Prometheus's words (prometheus/util/annotations). */
export const annotate = {
  invalidQuantile: (quantile: number, at: number) => warning(`quantile value should be between 0 and 1, got ${formatGoGeneral(quantile)}`, at),
  invalidRatio: (ratio: number, capped: number, at: number) =>
    warning(`ratio value should be between -1 and 1, got ${formatGoGeneral(ratio)}, capping to ${formatGoGeneral(capped)}`, at),
  badBucketLabel: (name: string, label: string, at: number, isAlways = false) =>
    warning(`bucket label "le" is missing or has a malformed value of ${goQuote(label)}${forMetric(name, isAlways)}`, at),
  mixedFloatsHistograms: (name: string, at: number) => warning(`encountered a mix of histograms and floats for metric name ${goQuote(name)}`, at),
  mixedFloatsHistogramsAggregation: (at: number) => warning('encountered a mix of histograms and floats for aggregation', at),
  mixedClassicNative: (name: string, at: number, isAlways = false) =>
    warning(`vector contains a mix of classic and native histograms${forMetric(name, isAlways)}`, at),
  nativeNotCounter: (name: string, at: number) => warning(`this native histogram metric is not a counter: ${goQuote(name)}`, at),
  nativeNotGauge: (name: string, at: number) => warning(`this native histogram metric is not a gauge: ${goQuote(name)}`, at),
  mixedExponentialCustom: (name: string, at: number) =>
    warning(`vector contains a mix of histograms with exponential and custom buckets schemas for metric name ${goQuote(name)}`, at),
  /** Up to 3.5, where different custom bounds are not reconciled. */
  incompatibleCustomBuckets: (name: string, at: number) => warning(`vector contains histograms with incompatible custom buckets for metric name ${goQuote(name)}`, at),
  incompatibleLayout: (operator: string, at: number) => warning(`incompatible bucket layout encountered for binary operator ${operator}`, at),
  sortInRangeQuery: (at: number) => warning('sort is ineffective for range queries since results are always ordered by labels', at),
  resetCollision: (operation: HistogramOperation, at: number) => warning(`conflicting counter resets during histogram ${operation}`, at),
  startTimeOverlap: (name: string, at: number): Annotation => ({
    ...warning(`sample has start time that overlaps with previous sample timestamp for metric ${goQuote(name)}`, at),
    detail: { kind: 'overlap', count: 1 },
  }),
  possibleNonCounter: (name: string, at: number) =>
    info(`metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${goQuote(name)}`, at),
  possibleNonCounterLabel: (name: string, type: string, at: number) =>
    info(`metric might not be a counter, __type__ label is not set to "counter" or "histogram", got ${goQuote(type)}: ${goQuote(name)}`, at),
  forcedMonotonicity: (name: string, at: number, detail: Omit<MonotonicityDetail, 'kind'> | undefined): Annotation => ({
    ...info(`input to histogram_quantile needed to be fixed for monotonicity (see ${manualUrl})${forMetric(name, detail === undefined)}`, at),
    ...(detail === undefined ? {} : { detail: { kind: 'monotonicity', ...detail } }),
  }),
  incompatibleTypes: (left: string, operator: string, right: string, at: number) =>
    info(`incompatible sample types encountered for binary operator ${goQuote(operator)}: ${left} ${operator} ${right}`, at),
  histogramIgnoredInAggregation: (aggregation: string, at: number) => info(`ignored histogram in ${aggregation} aggregation`, at),
  histogramIgnoredInRange: (name: string, at: number) =>
    info(`ignored histograms in a range containing both floats and histograms for metric name ${goQuote(name)}`, at),
  quantileNaNResult: (name: string, at: number) => info(`input to histogram_quantile has NaN observations, result is NaN${forMetric(name)}`, at),
  quantileNaNSkew: (name: string, at: number) => info(`input to histogram_quantile has NaN observations, result is skewed higher${forMetric(name)}`, at),
  fractionNaNs: (name: string, at: number) =>
    info(`input to histogram_fraction has NaN observations, which are excluded from all fractions${forMetric(name)}`, at),
  reconciledBounds: (operation: HistogramOperation, at: number) => info(`mismatched custom buckets were reconciled during ${operation}`, at),
} as const;
