import { systemClock } from '../base/clock.ts';
import { labelsFromRecord, type Labels } from '../model/labels.ts';
import { MetricBatchBuilder } from '../model/metric-batch.ts';
import { openMetricsStore } from '../store/metrics/metrics-store.ts';
import type { MetricsStore } from '../store/metrics/store-types.ts';
import type { ApiAnswer, QueryOptions } from './metrics-calls.ts';
import { QueryService } from './query-service.ts';

const SAMPLES = 240;
const INTERVAL_MS = 15_000;
const INSTANCES = 2;
const PATHS = ['/a', '/b', '/c', '/d', '/e', '/f'];
const BOUNDS = ['0.1', '0.5', '1', '5', '+Inf'];
const GAUGES = 4;

/** Queries that between them go through the code that most queries of a dashboard go through. */
const QUERIES = [
  'sum by (job) (rate(warm_total[5m]))',
  'histogram_quantile(0.99, sum by (le, path) (rate(warm_bucket[5m])))',
  'sum by (path) (rate(warm_total{code=~"5.."}[5m])) / sum by (path) (rate(warm_total[5m]))',
  'topk(5, sum by (path) (increase(warm_total[2m])))',
  'avg by (instance) ({__name__=~"warm_gauge_.*"})',
  'max_over_time(warm_gauge_1[10m]) > 0.5',
  'predict_linear(warm_gauge_1[10m], 3600)',
  'warm_bucket{le="1"} / ignoring(le) warm_count',
  'sum_over_time(warm_gauge_1[5m]) or avg_over_time(warm_gauge_2[5m])',
  'count({job="warm"})',
  'max_over_time(rate(warm_total[1m])[5m:1m])',
];

const OPTIONS: QueryOptions = { timeoutMs: undefined, lookbackMs: undefined, limit: 0, stats: '', explain: false };

/**
 * Runs queries on made-up series, from the API's parameters to the answer's bytes, until the runtime has compiled what they
 * use: the first queries of a user then need not wait for that. The series are in a store like the real one, because
 * compiled code holds only for the kinds of objects it has seen. Yields the answers of each query; whoever drives it decides
 * when to go on.
 */
export function* warmUpQueries(isExperimental: boolean, rounds: number): Generator<readonly ApiAnswer[]> {
  const store = openMetricsStore({ path: undefined, retentionAgeMs: undefined, retentionBytes: Infinity, memoryBytes: 64 * 1024 * 1024, clock: systemClock });
  try {
    discardFirstCode();
    fill(store);
    const queries = new QueryService(store, isExperimental, () => undefined);
    const endMs = (SAMPLES - 1) * INTERVAL_MS;
    yield [];
    for (let round = 0; round < rounds; round++) {
      for (const expr of QUERIES) {
        // Ever other ends, as those of real queries: the parts of series that are kept from query to query are cut anew.
        yield [
          queries.answer({ kind: 'query_range', expr, startMs: round * INTERVAL_MS, endMs, stepMs: INTERVAL_MS, options: OPTIONS }, () => false),
          queries.answer({ kind: 'query', expr, timeMs: endMs - round, options: OPTIONS }, () => false),
        ];
      }
    }
  } finally {
    store.close();
  }
}

/**
 * V8 compiles code that reads arrays of numbers for a world in which no buffer was ever handed to another thread, and discards
 * all of it when that first happens, which would be with the first answer. So it happens here, before there is such code.
 */
function discardFirstCode(): void {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
}

function fill(store: MetricsStore): void {
  const series = [...warmSeries()];
  for (let s = 0; s < SAMPLES; s++) {
    const batch = new MetricBatchBuilder();
    series.forEach((labels, i) => {
      batch.startSeries(labels);
      // A fraction for gauges, and for the others counters that fall now and then.
      const value = labels[1]!.startsWith('warm_gauge') ? ((s * 7 + i) % 11) / 3 : ((s + i) % 100) * (i + 1);
      batch.addFloat(s * INTERVAL_MS, value);
    });
    store.append(batch.build());
  }
}

function* warmSeries(): Generator<Labels> {
  for (let n = 0; n < INSTANCES; n++) {
    const target = { instance: `127.0.0.1:${n}`, job: 'warm' };
    for (const path of PATHS) {
      for (const code of ['200', '500']) yield labelsFromRecord({ __name__: 'warm_total', ...target, path, code });
      for (const le of BOUNDS) yield labelsFromRecord({ __name__: 'warm_bucket', ...target, path, le });
      yield labelsFromRecord({ __name__: 'warm_count', ...target, path });
    }
    for (let g = 0; g < GAUGES; g++) yield labelsFromRecord({ __name__: `warm_gauge_${g}`, ...target });
  }
}
