import { allBuckets, type HistogramBucket } from '../model/histogram-bounds.ts';
import type { FloatHistogram } from '../model/histogram.ts';
import type { Labels } from '../model/labels.ts';
import { ByteText } from './byte-text.ts';
import type { QueryValue, ResultSample, ResultSeries } from './result.ts';

/**
 * A number as the Prometheus API writes sample values: shortest digits, an exponent below 1e-6 and from 1e21 on
 * (prometheus/util/jsonutil: MarshalFloat), without quotes.
 */
export function formatApiFloat(value: number): string {
  if (Number.isInteger(value) && value !== 0 && Math.abs(value) < 1e15) return `${value}`;
  if (value !== value) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const text = `${value}`;
  // JavaScript switches to exponents where the API does, but writes e-7 for e-07.
  const exponent = text.indexOf('e');
  return exponent >= 0 && text.length === exponent + 3 ? `${text.slice(0, exponent + 2)}0${text.slice(exponent + 2)}` : text;
}

/** A time in ms as the API writes it: seconds with at most three decimals, and no zeros at their end left out. */
export function formatApiTime(timeMs: number): string {
  const isNegative = timeMs < 0;
  const size = Math.abs(timeMs);
  const fraction = size % 1000;
  const text = `${Math.trunc(size / 1000)}${fraction === 0 ? '' : `.${String(fraction).padStart(3, '0')}`}`;
  return isNegative ? `-${text}` : text;
}

/** A native histogram as the API writes it: count, sum and the populated buckets with their bounds. */
export function formatApiHistogram(histogram: FloatHistogram): string {
  const buckets = allBuckets(histogram).filter((bucket) => bucket.count !== 0).map(bucketText);
  const list = buckets.length === 0 ? '' : `,"buckets":[${buckets.join(',')}]`;
  return `{"count":"${formatApiFloat(histogram.count)}","sum":"${formatApiFloat(histogram.sum)}"${list}}`;
}

/** The first number says which bounds belong to the bucket: 0 the upper, 1 the lower, 2 neither, 3 both. */
function bucketText(bucket: HistogramBucket): string {
  const inclusive = bucket.lowerInclusive ? (bucket.upperInclusive ? 3 : 1) : bucket.upperInclusive ? 0 : 2;
  return `[${inclusive},"${formatApiFloat(bucket.lower)}","${formatApiFloat(bucket.upper)}","${formatApiFloat(bucket.count)}"]`;
}

/** The `data` of a query's answer in the Prometheus API, as UTF-8: `{"resultType":…,"result":…}`. */
export function encodeQueryData(value: QueryValue): Uint8Array {
  const out = new ByteText(estimateBytes(value));
  writeQueryData(out, value);
  return out.view();
}

/** The same as text. */
export function formatQueryData(value: QueryValue): string {
  return new TextDecoder().decode(encodeQueryData(value));
}

/** Appends the `data` of a query's answer; `writeMore` can add fields at its end, each with a comma before it. */
export function writeQueryData(out: ByteText, value: QueryValue, writeMore?: () => void): void {
  out.ascii(`{"resultType":"${value.type}","result":[`);
  switch (value.type) {
    case 'scalar':
      out.ascii(`${formatApiTime(value.timeMs)},"${formatApiFloat(value.value)}"`);
      break;
    case 'string':
      out.text(`${formatApiTime(value.timeMs)},${JSON.stringify(value.value)}`);
      break;
    case 'vector':
      writeVector(out, formatApiTime(value.timeMs), value.samples);
      break;
    case 'matrix':
      writeMatrix(out, value.series);
  }
  out.ascii(']');
  writeMore?.();
  out.ascii('}');
}

/** About how long the `data` of an answer gets; rather too much, because memory that nobody writes to costs nothing. */
export function estimateBytes(value: QueryValue): number {
  if (value.type === 'vector') return 256 + value.samples.length * 256;
  if (value.type !== 'matrix') return 1024;
  return Math.min(LARGEST_ESTIMATE, 1024 + value.series.reduce((sum, { timestamps }) => sum + 256 + timestamps.length * 36, 0));
}

const LARGEST_ESTIMATE = 16 * 1024 * 1024;

function writeFloat(out: ByteText, value: number): void {
  if (value !== 0 && value < 1e15 && value > -1e15 && Math.trunc(value) === value) out.integer(value);
  else out.ascii(formatApiFloat(value));
}

/** Labels as a JSON object. */
function writeLabels(out: ByteText, labels: Labels): void {
  out.ascii('{');
  for (let i = 0; i < labels.length; i += 2) {
    if (i > 0) out.ascii(',');
    out.json(labels[i]!);
    out.ascii(':');
    out.json(labels[i + 1]!);
  }
  out.ascii('}');
}

function writeVector(out: ByteText, time: string, samples: readonly ResultSample[]): void {
  for (let i = 0; i < samples.length; i++) {
    const { labels, value, histogram } = samples[i]!;
    out.ascii(i === 0 ? '{"metric":' : ',{"metric":');
    writeLabels(out, labels);
    if (histogram !== undefined) out.ascii(`,"histogram":[${time},${formatApiHistogram(histogram)}]}`);
    else {
      out.ascii(`,"value":[${time},"`);
      writeFloat(out, value);
      out.ascii('"]}');
    }
  }
}

function writeMatrix(out: ByteText, series: readonly ResultSeries[]): void {
  // Series of a range query share their times, so that these are formatted once.
  let heads: SampleHeads | undefined;
  for (let i = 0; i < series.length; i++) {
    const one = series[i]!;
    if (heads?.times !== one.timestamps) heads = sampleHeads(one.timestamps);
    out.ascii(i === 0 ? '{"metric":' : ',{"metric":');
    writeLabels(out, one.labels);
    writeFloats(out, one, heads);
    if (one.histograms !== undefined) writeHistograms(out, one, one.histograms, heads);
    out.ascii('}');
  }
}

/** `,[TIME,"` for each time, one after the other: what stands before a float. Head `i` is at `[ends[i - 1], ends[i])`. */
interface SampleHeads {
  readonly times: Float64Array;
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

function sampleHeads(times: Float64Array): SampleHeads {
  const out = new ByteText(times.length * 24);
  const ends = new Uint32Array(times.length);
  for (let i = 0; i < times.length; i++) {
    const timeMs = times[i]!;
    out.ascii(',[');
    if (timeMs >= 0 && timeMs % 1000 === 0) out.integer(timeMs / 1000);
    else out.ascii(formatApiTime(timeMs));
    out.ascii(',"');
    ends[i] = out.length;
  }
  return { times, bytes: out.view(), ends };
}

function writeFloats(out: ByteText, series: ResultSeries, { times, bytes, ends }: SampleHeads): void {
  const { values, present } = series;
  let isFirst = true;
  // Neighbours are often equal, and copying digits costs less than finding them.
  let previous = NaN;
  let from = 0;
  let to = 0;
  for (let i = 0; i < times.length; i++) {
    if (present[i] !== 1) continue;
    const head = i === 0 ? 0 : ends[i - 1]!;
    if (isFirst) {
      out.ascii(',"values":[');
      out.part(bytes, head + 1, ends[i]!);
      isFirst = false;
    } else out.part(bytes, head, ends[i]!);
    const value = values[i]!;
    const start = out.length;
    // Zeros are short, and there are two.
    if (value === previous && value !== 0) out.again(from, to);
    else writeFloat(out, value);
    previous = value;
    from = start;
    to = out.length;
    out.ascii('"]');
  }
  if (!isFirst) out.ascii(']');
}

function writeHistograms(
  out: ByteText, series: ResultSeries, histograms: NonNullable<ResultSeries['histograms']>, { times, bytes, ends }: SampleHeads,
): void {
  let isFirst = true;
  for (let i = 0; i < times.length; i++) {
    if (series.present[i] !== 2) continue;
    if (isFirst) out.ascii(',"histograms":[');
    const head = i === 0 ? 0 : ends[i - 1]!;
    // Without the quote, and the first one without the comma.
    out.part(bytes, isFirst ? head + 1 : head, ends[i]! - 1);
    isFirst = false;
    out.ascii(`${formatApiHistogram(histograms[i]!)}]`);
  }
  if (!isFirst) out.ascii(']');
}
