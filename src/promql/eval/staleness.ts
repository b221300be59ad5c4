import type { FloatHistogram } from '../../model/histogram.ts';
import { STALE_NAN_BITS } from '../../model/metric.ts';
import type { SeriesSamples } from '../../model/series-source.ts';

/** Whether sample `i` marks the end of its series. */
export function isStaleSample(series: SeriesSamples, i: number): boolean {
  const histogram: FloatHistogram | undefined = series.histograms?.[i];
  if (histogram !== undefined) return histogram.isStale === true;
  return series.bits[2 * i] === STALE_NAN_BITS.low && series.bits[2 * i + 1] === STALE_NAN_BITS.high;
}

/** The first position whose time is greater than `timeMs`. */
export function firstAfter(timestamps: Float64Array, length: number, timeMs: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timestamps[middle]! > timeMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
