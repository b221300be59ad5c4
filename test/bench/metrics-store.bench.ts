/**
 * Measures the metrics store in one process, with scrapes of counters, gauges and histogram buckets:
 *   node test/bench/metrics-store.bench.ts [--series 5000] [--steps 240] [--dir DIR]
 * CPU seconds are those of the whole process while appending and maintaining (batches are made outside the clock);
 * times of queries are the first call and the median of seven.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/base/clock.ts';
import { METRIC_NAME, type Labels } from '../../src/model/labels.ts';
import { MetricBatchBuilder, type MetricBatch } from '../../src/model/metric-batch.ts';
import type { Matcher } from '../../src/model/series-source.ts';
import { openMetricsStore } from '../../src/store/metrics/metrics-store.ts';
import type { MetricsStore } from '../../src/store/metrics/store-types.ts';

const { values: options } = parseArgs({ options: { series: { type: 'string', default: '5000' }, steps: { type: 'string', default: '240' }, dir: { type: 'string' } } });
const seriesTotal = Number(options.series);
const steps = Number(options.steps);
const STEP_MS = 15_000;
const START_MS = 1_700_000_000_000;
const SERIES_PER_REQUEST = 2000;
const endMs = START_MS + (steps - 1) * STEP_MS;

const labelSets: Labels[] = Array.from({ length: seriesTotal }, (_, i) => {
  const bucket = i % 20;
  return [METRIC_NAME, bucket < 12 ? 'latency_bucket' : `metric_${bucket}`, 'instance', `host-${i % 7}`, 'job', 'gateway', 'le', String(bucket), 'path', `/v1/${Math.floor(i / 140)}`];
});
const current = new Float64Array(seriesTotal);

function* batches(): Generator<MetricBatch> {
  for (let step = 0; step < steps; step++) {
    for (let from = 0; from < seriesTotal; from += SERIES_PER_REQUEST) {
      const builder = new MetricBatchBuilder();
      for (let i = from; i < Math.min(seriesTotal, from + SERIES_PER_REQUEST); i++) {
        current[i] = i % 20 === 19 ? Math.random() * 1e8 : current[i]! + Math.floor(Math.random() * 20);
        builder.startSeries(labelSets[i]!);
        builder.addFloat(START_MS + step * STEP_MS, current[i]!);
      }
      yield builder.build();
    }
  }
}

function matcher(name: string, type: Matcher['type'], value: string): Matcher {
  const pattern = new RegExp(`^(?:${value})$`, 'su');
  return { name, type, value, literals: undefined, matches: (text) => (type === '=~' ? pattern.test(text) : text === value) };
}

function measure(title: string, store: MetricsStore, matchers: readonly Matcher[], minMs: number, maxMs: number): void {
  const times: number[] = [];
  let samples = 0;
  let found = 0;
  for (let round = 0; round < 8; round++) {
    const startedAt = performance.now();
    const result = store.select(matchers, minMs, maxMs);
    times.push(performance.now() - startedAt);
    found = result.length;
    samples = result.reduce((sum, { length }) => sum + length, 0);
  }
  const [first, ...later] = times;
  console.log(`${title}: ${found} series, ${samples} samples; first ${first!.toFixed(2)} ms, then ${later.sort((a, b) => a - b)[3]!.toFixed(2)} ms`);
}

const dir = mkdtempSync(join(options.dir ?? tmpdir(), 'sightline-bench-'));
try {
  const storeOptions = { path: join(dir, 'metrics.db'), retentionAgeMs: undefined, retentionBytes: 2 ** 31, memoryBytes: 2 ** 28, clock: systemClock };
  let store = openMetricsStore(storeOptions);
  let cpu = 0;
  let slowest = 0;
  for (const batch of batches()) {
    const before = process.cpuUsage();
    const startedAt = performance.now();
    store.append(batch);
    store.maintain();
    slowest = Math.max(slowest, performance.now() - startedAt);
    const used = process.cpuUsage(before);
    cpu += (used.user + used.system) / 1e6;
  }
  while (store.maintain());
  const { samples, diskBytes, memoryBytes, chunks } = store.stats();
  console.log(`append: ${((cpu / samples) * 1e6).toFixed(3)} CPU-s per million samples; slowest append with maintain ${slowest.toFixed(1)} ms`);
  console.log(`${samples} samples, ${chunks} chunks: ${(diskBytes / samples).toFixed(2)} B a sample on disk, ${(memoryBytes / samples).toFixed(2)} in memory`);
  const queries = (): void => {
    measure('all', store, [matcher('job', '=', 'gateway')], START_MS, endMs);
    measure('second half', store, [matcher('job', '=', 'gateway')], (START_MS + endMs) / 2, endMs);
    measure('instant', store, [matcher(METRIC_NAME, '=', 'latency_bucket')], endMs - 300_000, endMs);
    measure('regex', store, [matcher(METRIC_NAME, '=~', 'metric_.*'), matcher('path', '=~', '/v1/[0-9]')], START_MS, endMs);
  };
  queries();
  store.close();
  const startedAt = performance.now();
  store = openMetricsStore(storeOptions);
  console.log(`open: ${(performance.now() - startedAt).toFixed(0)} ms`);
  queries();
  store.close();
} finally {
  rmSync(dir, { recursive: true, force: true });
}
