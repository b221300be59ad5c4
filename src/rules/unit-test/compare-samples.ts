import { equalHistograms } from '../../model/histogram-compare.ts';
import { compactHistogram } from '../../model/histogram-arithmetic.ts';
import type { FloatHistogram } from '../../model/histogram.ts';
import type { Labels } from '../../model/labels.ts';
import { histogramText } from '../../promql/histogram-text.ts';
import { formatLabels } from '../format-labels.ts';
import type { RuleSample } from '../rule-query.ts';
import { readHistogram } from './read-histogram.ts';
import { readSeriesLabels } from './read-series.ts';
import type { UnitTestFailure } from './run-unit-test.ts';
import type { ExprTest } from './unit-test-file.ts';

interface Sample {
  readonly key: string;
  readonly value: number;
  readonly histogram: FloatHistogram | undefined;
}

/** Compares the value of an expression with the samples that are expected; their order does not count. */
export function compareSamples(test: ExprTest, value: readonly RuleSample[], head: string, isFuzzy: boolean): readonly UnitTestFailure[] {
  const expected: Sample[] = [];
  for (const sample of test.samples) {
    const labels = readSeriesLabels(sample.labels);
    if (!labels.ok) return [{ message: `${head} err: labels ${JSON.stringify(sample.labels)}: ${labels.error}`, place: test.place }];
    const histogram = sample.histogram === '' ? undefined : readHistogram(sample.histogram.replace(/^\s*\{\{|\}\}\s*$/g, ''));
    if (histogram && !histogram.ok) return [{ message: `${head} err: histogram ${JSON.stringify(sample.histogram)}: ${histogram.error}`, place: test.place }];
    expected.push(toSample(labels.value, sample.value, histogram?.value));
  }
  const got = value.map(({ labels, value: number, histogram }) => toSample(labels, number, histogram)).sort(byKey);
  expected.sort(byKey);
  if (got.length === expected.length && got.every((sample, i) => isSame(sample, expected[i]!, isFuzzy))) return [];
  const shownExpected = show(expected);
  const shownGot = show(got);
  return [{ message: `${head}\n        exp: ${shownExpected}\n        got: ${shownGot}`, place: test.place, expected: shownExpected, got: shownGot }];
}

function toSample(labels: Labels, value: number, histogram: FloatHistogram | undefined): Sample {
  return { key: formatLabels(labels), value: histogram ? 0 : value, histogram: histogram && compactHistogram(histogram) };
}

function byKey(a: Sample, b: Sample): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function isSame(a: Sample, b: Sample, isFuzzy: boolean): boolean {
  if (a.key !== b.key) return false;
  if (a.histogram || b.histogram) return a.histogram !== undefined && b.histogram !== undefined && a.histogram.counterReset === b.histogram.counterReset && equalHistograms(a.histogram, b.histogram);
  return isSameNumber(a.value, b.value) || (isFuzzy && [-1n, 1n].includes(ordinal(a.value) - ordinal(b.value)));
}

function isSameNumber(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

const float = new DataView(new ArrayBuffer(8));

/** The position of a float among all floats, so that neighbours differ by one. */
function ordinal(value: number): bigint {
  float.setFloat64(0, value);
  const bits = float.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

function show(samples: readonly Sample[]): string {
  if (samples.length === 0) return 'nil';
  return samples.map(({ key, value, histogram }) => `${key} ${histogram ? `${histogramText(histogram)} ${histogram.counterReset}` : goExponent(value)}`).join(', ');
}

/** A float as Go's `%E` with shortest digits: `1E+00`. */
function goExponent(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2').toUpperCase();
}
