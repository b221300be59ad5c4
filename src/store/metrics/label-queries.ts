import type { Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/series-source.ts';
import type { Series } from './series.ts';
import type { SeriesIndex } from './series-index.ts';
import type { Cardinalities, Cardinality } from './store-types.ts';

type MatcherSets = readonly (readonly Matcher[])[];

/** The series that match any of the sets (all without sets) and whose first and last sample enclose a part of the range. */
export function seriesInRange(index: SeriesIndex, matcherSets: MatcherSets, minMs: number, maxMs: number): readonly Series[] {
  const isInRange = (series: Series): boolean => series.minMs <= maxMs && series.maxMs >= minMs;
  if (matcherSets.length === 0) return index.all().filter(isInRange);
  if (matcherSets.length === 1) return index.match(matcherSets[0]!).filter(isInRange);
  return [...new Set(matcherSets.flatMap((matchers) => index.match(matchers)))].filter(isInRange);
}

/** Sorted label names of those series. */
export function labelNames(index: SeriesIndex, matcherSets: MatcherSets, minMs: number, maxMs: number): readonly string[] {
  const names = new Set<string>();
  for (const { labels } of seriesInRange(index, matcherSets, minMs, maxMs)) for (let i = 0; i < labels.length; i += 2) names.add(labels[i]!);
  return [...names].sort(compareText);
}

/** Sorted values of one label among those series. */
export function labelValues(index: SeriesIndex, name: string, matcherSets: MatcherSets, minMs: number, maxMs: number): readonly string[] {
  const values = new Set<string>();
  for (const { labels } of seriesInRange(index, matcherSets, minMs, maxMs)) {
    for (let i = 0; i < labels.length; i += 2) if (labels[i] === name) values.add(labels[i + 1]!);
  }
  return [...values].sort(compareText);
}

/** Sorted label sets of those series. */
export function labelSets(index: SeriesIndex, matcherSets: MatcherSets, minMs: number, maxMs: number): readonly Labels[] {
  return seriesInRange(index, matcherSets, minMs, maxMs)
    .map(({ labels }) => labels)
    .sort(compareLabels);
}

/** What `/api/v1/status/tsdb` shows, each list the `limit` largest. */
export function cardinalities(index: SeriesIndex, limit: number): Cardinalities {
  const { postings } = index;
  const valuesByLabel: Cardinality[] = [];
  const memoryBytesByLabel: Cardinality[] = [];
  const seriesByLabelPair: Cardinality[] = [];
  for (const name of postings.names()) {
    const values = postings.values(name);
    valuesByLabel.push({ name, value: values.size });
    let bytes = 0;
    for (const [value, series] of values) {
      bytes += (name.length + value.length) * series.length;
      seriesByLabelPair.push({ name: `${name}=${value}`, value: series.length });
    }
    memoryBytesByLabel.push({ name, value: bytes });
  }
  const seriesByMetric = [...postings.values('__name__')].map(([name, series]) => ({ name, value: series.length }));
  return {
    labelCount: valuesByLabel.length,
    labelPairCount: seriesByLabelPair.length,
    seriesByMetric: largest(seriesByMetric, limit),
    valuesByLabel: largest(valuesByLabel, limit),
    memoryBytesByLabel: largest(memoryBytesByLabel, limit),
    seriesByLabelPair: largest(seriesByLabelPair, limit),
  };
}

function largest(list: readonly Cardinality[], limit: number): readonly Cardinality[] {
  return list.toSorted((a, b) => b.value - a.value || compareText(a.name, b.name)).slice(0, limit);
}

function compareLabels(a: Labels, b: Labels): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return compareText(a[i]!, b[i]!);
  return a.length - b.length;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
