import { CUSTOM_BUCKETS_SCHEMA, type FloatHistogram } from '../../src/model/histogram.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { MemorySeries, MemoryValue } from './memory-series.ts';
import { pick } from './promql-random.ts';

/** The distance of samples in {@link randomSeries}, ms; there are {@link SAMPLE_COUNT} of them from time 0. */
export const SAMPLE_STEP_MS = 30_000;
export const SAMPLE_COUNT = 40;

type Random = () => number;
type Sample = readonly [timeMs: number, value: MemoryValue];

/**
 * Random series as the wild has them: gauges with NaN and infinities, counters with resets, classic histograms, native histograms with
 * exponential and custom buckets, gaps, stale markers and times that are off the grid.
 */
export function randomSeries(random: Random): MemorySeries[] {
  return [...floatSeries(random), ...histogramSeries(random)];
}

function floatSeries(random: Random): MemorySeries[] {
  const series: MemorySeries[] = [];
  for (const name of ['foo', 'bar', 'req_total', 'lat_bucket', 'lat_sum']) {
    for (const job of ['a', 'b']) {
      for (const inst of ['1', '2', '3']) {
        const below = new Float64Array(SAMPLE_COUNT);
        for (const le of name === 'lat_bucket' ? ['0.1', '0.5', '1', '+Inf'] : ['']) {
          const labels = labelsFromRecord({ __name__: name, job, inst, le, extra: name === 'bar' && inst === '2' ? 'x' : '' });
          const next = name === 'foo' || name === 'bar' ? gauge(random) : counter(random, le === '' ? undefined : below);
          series.push({ labels, samples: samplesOf(random, inst === '3', next) });
        }
      }
    }
  }
  return series;
}

function samplesOf(random: Random, isOffGrid: boolean, next: (i: number) => MemoryValue): Sample[] {
  const samples: Sample[] = [];
  for (let i = 0; i < SAMPLE_COUNT; i++) {
    const value = next(i);
    if (random() < 0.08) continue;
    samples.push([i * SAMPLE_STEP_MS + (isOffGrid ? Math.floor(random() * 9000) : 0), random() < 0.02 ? 'stale' : value]);
  }
  return samples;
}

function gauge(random: Random): () => number {
  let value = Math.floor(random() * 50);
  return () => {
    value = pick(random, [random() * 100 - 50, Math.round(random() * 10), -0, 0, NaN, Infinity, 1e-9, value + 1, value + 1, value, value]);
    return value;
  };
}

/** Counts up and now and then starts again; adds to what the buckets below have when it is a bucket itself. */
function counter(random: Random, below: Float64Array | undefined): (i: number) => number {
  let value = Math.floor(random() * 50);
  return (i) => {
    value = random() < 0.03 ? Math.floor(random() * 3) : value + Math.floor(random() * 10);
    if (below === undefined) return value;
    below[i]! += value;
    return below[i]!;
  };
}

function histogramSeries(random: Random): MemorySeries[] {
  const series: MemorySeries[] = [];
  for (const inst of ['1', '2', '3', '4']) {
    for (const name of ['h', 'hg', 'hc']) {
      const next = histograms(random, name === 'hc' ? CUSTOM_BUCKETS_SCHEMA : pick(random, [0, 1, 2, 3]), {
        isGauge: name === 'hg', bounds: inst === '4' ? [1, 2, 4] : [1, 2, 3, 4], zeroCount: inst === '2' ? 3 : 0, hasNegative: inst === '3' && name === 'hg',
      });
      series.push({ labels: labelsFromRecord({ __name__: name, inst }), samples: samplesOf(random, false, next) });
    }
  }
  return series;
}

interface HistogramShape {
  readonly isGauge: boolean;
  readonly bounds: readonly number[];
  readonly zeroCount: number;
  readonly hasNegative: boolean;
}

function histograms(random: Random, schema: number, { isGauge, bounds, zeroCount, hasNegative }: HistogramShape): (i: number) => FloatHistogram {
  const isCustom = schema === CUSTOM_BUCKETS_SCHEMA;
  let counts = new Map<number, number>();
  let sum = 0;
  return (i) => {
    if (isGauge || random() < 0.04) {
      counts = new Map();
      sum = 0;
    }
    for (let k = 0; k < 3; k++) {
      const index = isCustom ? Math.floor(random() * (bounds.length + 1)) : Math.floor(random() * 8) - 3;
      counts.set(index, (counts.get(index) ?? 0) + Math.floor(random() * 5) + 1);
      sum += random() * 5;
    }
    const sorted = [...counts].sort(([a], [b]) => a - b);
    const zero = isCustom || zeroCount === 0 ? 0 : zeroCount + i;
    const negative = hasNegative ? 2 : 0;
    return {
      schema, sum, count: sorted.reduce((total, [, count]) => total + count, zero + negative), zeroCount: zero, zeroThreshold: isCustom ? 0 : 0.001,
      positive: { indexes: sorted.map(([index]) => index), counts: sorted.map(([, count]) => count) },
      negative: hasNegative ? { indexes: [1], counts: [negative] } : { indexes: [], counts: [] },
      ...(isCustom ? { customValues: bounds } : {}),
      counterReset: isGauge ? 'gauge' : 'unknown',
    };
  };
}
