import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FloatHistogram } from '../../../../src/model/histogram.ts';
import { labelsFromRecord } from '../../../../src/model/labels.ts';
import { MetricBatchBuilder, type MetricBatch } from '../../../../src/model/metric-batch.ts';
import type { Matcher, SeriesSamples } from '../../../../src/model/series-source.ts';
import { openMetricsStore } from '../../../../src/store/metrics/metrics-store.ts';
import type { MetricsStore, MetricsStoreOptions } from '../../../../src/store/metrics/store-types.ts';

/** Everything from 1970 on, 64 MiB of memory, the time that `nowMs` says. */
export function openStore(options: Partial<MetricsStoreOptions> = {}): MetricsStore {
  return openMetricsStore({
    path: undefined,
    retentionAgeMs: undefined,
    retentionBytes: 2 ** 30,
    memoryBytes: 2 ** 26,
    clock: { nowMs: () => 1_700_000_000_000 },
    ...options,
  });
}

/** Runs `work` with the path of a database in a folder of its own. */
export function withFile<T>(work: (path: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'sightline-metrics-'));
  try {
    return work(join(dir, 'metrics.db'));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A series as a record of labels and its samples; a value may be a histogram or 'stale'. */
export type SeriesInput = readonly [Readonly<Record<string, string>>, readonly (readonly [number, number | 'stale' | FloatHistogram])[]];

export function batchOf(...series: readonly SeriesInput[]): MetricBatch {
  const builder = new MetricBatchBuilder();
  for (const [labels, samples] of series) {
    builder.startSeries(labelsFromRecord(labels));
    for (const [timestampMs, value] of samples) {
      if (value === 'stale') builder.addStale(timestampMs);
      else if (typeof value === 'number') builder.addFloat(timestampMs, value);
      else builder.addHistogram(timestampMs, value);
    }
  }
  return builder.build();
}

/** A matcher with JavaScript's own regular expressions. */
export function matcher(name: string, type: Matcher['type'], value: string): Matcher {
  const isRegex = type === '=~' || type === '!~';
  const pattern = new RegExp(`^(?:${isRegex ? value : ''})$`, 'su');
  const isPositive = type === '=' || type === '=~';
  return { name, type, value, literals: undefined, matches: (text) => (isRegex ? pattern.test(text) : text === value) === isPositive };
}

/** The samples of a result as [time, value or histogram or 'stale'] pairs. */
export function samplesOf({ length, timestamps, values, bits, histograms, mayBeStale }: SeriesSamples): [number, unknown][] {
  if (mayBeStale === false) assert.ok(values.subarray(0, length).every((value) => !Number.isNaN(value)), 'a series that has a NaN says so');
  return Array.from({ length }, (_, i) => {
    const isStale = bits[2 * i] === 2 && bits[2 * i + 1] === 0x7ff00000;
    return [timestamps[i]!, histograms?.[i] ?? (isStale ? 'stale' : values[i]!)];
  });
}

/** All samples between two times of the series that match, by label set as text. */
export function selectAll(store: MetricsStore, matchers: readonly Matcher[] = [], minMs = -Infinity, maxMs = Infinity): Record<string, [number, unknown][]> {
  return Object.fromEntries(store.select(matchers, minMs, maxMs).map((series) => [series.labels.join(' '), samplesOf(series)]));
}
