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

/** Labels as a JSON object. */
export function formatApiLabels(labels: Labels): string {
  let text = '{';
  for (let i = 0; i < labels.length; i += 2) text += `${i === 0 ? '' : ','}${JSON.stringify(labels[i])}:${JSON.stringify(labels[i + 1])}`;
  return `${text}}`;
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
  const out = new ByteText();
  writeQueryData(out, value);
  return out.view();
}

/** The same as text. */
export function formatQueryData(value: QueryValue): string {
  return new TextDecoder().decode(encodeQueryData(value));
}

/** Appends the `data` of a query's answer. */
export function writeQueryData(out: ByteText, value: QueryValue): void {
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
  out.ascii(']}');
}

function writeFloat(out: ByteText, value: number): void {
  if (value !== 0 && value < 1e15 && value > -1e15 && Math.trunc(value) === value) out.integer(value);
  else out.ascii(formatApiFloat(value));
}

function writeVector(out: ByteText, time: string, samples: readonly ResultSample[]): void {
  for (let i = 0; i < samples.length; i++) {
    const { labels, value, histogram } = samples[i]!;
    out.ascii(i === 0 ? '{"metric":' : ',{"metric":');
    out.text(formatApiLabels(labels));
    if (histogram !== undefined) out.ascii(`,"histogram":[${time},${formatApiHistogram(histogram)}]}`);
    else {
      out.ascii(`,"value":[${time},"`);
      writeFloat(out, value);
      out.ascii('"]}');
    }
  }
}

/** The beginning of a sample in an array, up to its value: with and without the comma before it. */
interface SampleHead {
  readonly first: Uint8Array;
  readonly next: Uint8Array;
}

function writeMatrix(out: ByteText, series: readonly ResultSeries[]): void {
  // Series of a range query share their times, so that these are formatted once.
  let times: Float64Array | undefined;
  let heads: readonly SampleHead[] = [];
  const encoder = new TextEncoder();
  for (let i = 0; i < series.length; i++) {
    const one = series[i]!;
    if (one.timestamps !== times) {
      times = one.timestamps;
      heads = Array.from(times, (timeMs) => {
        const head = `[${formatApiTime(timeMs)},`;
        return { first: encoder.encode(head), next: encoder.encode(`,${head}`) };
      });
    }
    out.ascii(i === 0 ? '{"metric":' : ',{"metric":');
    out.text(formatApiLabels(one.labels));
    writeFloats(out, one, heads);
    if (one.histograms !== undefined) writeHistograms(out, one, one.histograms, heads);
    out.ascii('}');
  }
}

function writeFloats(out: ByteText, series: ResultSeries, heads: readonly SampleHead[]): void {
  const { values, present } = series;
  let isFirst = true;
  for (let i = 0; i < heads.length; i++) {
    if (present[i] !== 1) continue;
    if (isFirst) out.ascii(',"values":[');
    out.bytes(isFirst ? heads[i]!.first : heads[i]!.next);
    isFirst = false;
    out.ascii('"');
    writeFloat(out, values[i]!);
    out.ascii('"]');
  }
  if (!isFirst) out.ascii(']');
}

function writeHistograms(
  out: ByteText, series: ResultSeries, histograms: NonNullable<ResultSeries['histograms']>, heads: readonly SampleHead[],
): void {
  let isFirst = true;
  for (let i = 0; i < heads.length; i++) {
    if (series.present[i] !== 2) continue;
    if (isFirst) out.ascii(',"histograms":[');
    out.bytes(isFirst ? heads[i]!.first : heads[i]!.next);
    isFirst = false;
    out.ascii(`${formatApiHistogram(histograms[i]!)}]`);
  }
  if (!isFirst) out.ascii(']');
}
