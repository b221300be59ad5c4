import type { SeriesSamples, SeriesSource } from '../model/series-source.ts';
import type { Engine } from './engine.ts';
import { encodeQueryData } from './result-json.ts';

const SERIES = 120;
const SAMPLES = 120;
const INTERVAL_MS = 15_000;
const BOUNDS = ['0.1', '0.5', '1', '5', '+Inf'];

/** Queries that between them go through the code that most queries of a dashboard go through. */
const QUERIES = [
  'sum by (job) (rate(warm_total[5m]))',
  'histogram_quantile(0.99, sum by (le, job) (rate(warm_bucket[5m])))',
  'topk(5, sum by (i) (increase(warm_total[2m])))',
  'avg by (job) (warm_gauge)',
  'max_over_time(warm_gauge[10m]) > 0.5',
  'predict_linear(warm_gauge[10m], 3600)',
  'warm_bucket{le="1"} / ignoring(le) warm_total',
  'sum_over_time(warm_gauge[5m]) or avg_over_time(warm_gauge[5m])',
  'count({__name__=~"warm_.*"})',
  'max_over_time(rate(warm_total[1m])[5m:1m])',
];

/** Series for nothing but being read, the same at every call. */
function createWarmSource(): SeriesSource {
  const timestamps = new Float64Array(SAMPLES).map((_, i) => i * INTERVAL_MS);
  const all: SeriesSamples[] = [];
  for (let i = 0; i < SERIES; i++) {
    const name = ['warm_total', 'warm_bucket', 'warm_gauge'][i % 3]!;
    const position = Math.floor(i / 3);
    const isBucket = name === 'warm_bucket';
    const group = isBucket ? Math.floor(position / BOUNDS.length) : position;
    // With a counter reset here and there, and fractions in gauges.
    const values = new Float64Array(SAMPLES).map((_, s) => (name === 'warm_gauge' ? ((s * 7 + i) % 11) / 3 : ((s + i) % 50) * (i + 1)));
    const bound = isBucket ? ['le', BOUNDS[position % BOUNDS.length]!] : [];
    all.push({
      ref: i,
      labels: ['__name__', name, 'i', String(group), 'job', String(group % 4), ...bound],
      // Half of the series with times of their own, as of other targets.
      length: SAMPLES, timestamps: i % 2 === 0 ? timestamps : timestamps.map((timeMs) => timeMs + 100), values,
      bits: new Uint32Array(values.buffer), histograms: undefined,
    });
  }
  const valueOf = (labels: readonly string[], name: string): string => labels[labels.indexOf(name) + 1] ?? '';
  return {
    select: (matchers) => all.filter(({ labels }) => matchers.every((matcher) => matcher.matches(labels.includes(matcher.name) ? valueOf(labels, matcher.name) : ''))),
  };
}

/**
 * Runs queries on made-up series until the runtime has compiled what they use, so that the first real queries need not wait
 * for it. Yields after each query; whoever drives it decides when to go on, and stops when it has taken long enough.
 */
export function* warmUp(engine: Engine, rounds: number): Generator<void> {
  const source = createWarmSource();
  const endMs = (SAMPLES - 1) * INTERVAL_MS;
  for (let round = 0; round < rounds; round++) {
    for (const query of QUERIES) {
      const range = engine.range(source, query, 0, endMs, INTERVAL_MS);
      if (range.ok) encodeQueryData(range.value);
      const instant = engine.instant(source, query, endMs);
      if (instant.ok) encodeQueryData(instant.value);
      yield;
    }
  }
}
