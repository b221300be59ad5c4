import type { FloatHistogram } from '../../src/model/histogram.ts';
import { labelValue, type Labels } from '../../src/model/labels.ts';
import { STALE_NAN_BITS } from '../../src/model/metric.ts';
import type { SeriesSamples, SeriesSource } from '../../src/model/series-source.ts';

/** What a series has at a time: a float, a histogram or the mark of its end. */
export type MemoryValue = number | FloatHistogram | 'stale';

/** One series for a {@link createMemorySource}; times in ms ascending. */
export interface MemorySeries {
  readonly labels: Labels;
  readonly samples: readonly (readonly [timeMs: number, value: MemoryValue])[];
}

/** A source that holds what it is given, cut to the times asked for. */
export function createMemorySource(series: readonly MemorySeries[]): SeriesSource {
  return {
    select: (matchers, minMs, maxMs) => series
      .filter(({ labels }) => matchers.every((matcher) => matcher.matches(labelValue(labels, matcher.name))))
      .map((one, index) => columnsOf(one, index, minMs, maxMs))
      .filter((one) => one.length > 0),
  };
}

function columnsOf(series: MemorySeries, ref: number, minMs: number, maxMs: number): SeriesSamples {
  const samples = series.samples.filter(([timeMs]) => timeMs >= minMs && timeMs <= maxMs);
  const values = new Float64Array(samples.length);
  const bits = new Uint32Array(values.buffer);
  const histograms = samples.map(([, value]) => (typeof value === 'object' ? value : undefined));
  samples.forEach(([, value], i) => {
    if (value === 'stale') {
      bits[2 * i] = STALE_NAN_BITS.low;
      bits[2 * i + 1] = STALE_NAN_BITS.high;
    } else if (typeof value === 'number') values[i] = value;
  });
  return {
    ref,
    labels: series.labels,
    length: samples.length,
    timestamps: Float64Array.from(samples, ([timeMs]) => timeMs),
    values,
    bits,
    histograms: histograms.some((histogram) => histogram !== undefined) ? histograms : undefined,
  };
}
