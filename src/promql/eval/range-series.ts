import type { FloatHistogram } from '../../model/histogram.ts';
import type { Labels } from '../../model/labels.ts';
import { STALE_NAN_BITS } from '../../model/metric.ts';
import type { SeriesSamples } from '../../model/series-source.ts';
import { firstAfter } from './staleness.ts';

/**
 * The samples of one series without stale markers, floats and histograms apart, times ms ascending.
 * The arrays may be the store's own: read only, and valid until the next series is loaded.
 */
export interface RangeSeries {
  labels: Labels;
  dropName: boolean;
  t: Float64Array;
  v: Float64Array;
  n: number;
  ht: Float64Array;
  h: readonly FloatHistogram[];
  hn: number;
  /** Start timestamps of floats and histograms, when known and wanted. */
  startTimes: Float64Array | undefined;
  histogramStartTimes: Float64Array | undefined;
  /** How far apart the floats are when that is the same everywhere, -1 when not, undefined when nobody has looked yet. */
  spacingMs: number | undefined;
}

const NO_TIMES = new Float64Array(0);
const NO_HISTOGRAMS: readonly FloatHistogram[] = [];

/** A series without samples, to be loaded. */
export function createRangeSeries(): RangeSeries {
  return {
    labels: [], dropName: false, t: NO_TIMES, v: NO_TIMES, n: 0, ht: NO_TIMES, h: NO_HISTOGRAMS, hn: 0,
    startTimes: undefined, histogramStartTimes: undefined, spacingMs: undefined,
  };
}

/** Loads a stored series; its arrays are taken as they are unless there are stale markers or histograms to sort out. */
export function loadRangeSeries(into: RangeSeries, series: SeriesSamples, minMs = -Infinity, maxMs = Infinity): void {
  into.labels = series.labels;
  into.dropName = false;
  into.startTimes = series.startTimestamps;
  into.histogramStartTimes = undefined;
  into.spacingMs = undefined;
  into.ht = NO_TIMES;
  into.h = NO_HISTOGRAMS;
  into.hn = 0;
  if (series.histograms === undefined && series.mayBeStale === false) {
    takeAll(into, series);
    return;
  }
  const from = minMs === -Infinity ? 0 : firstAfter(series.timestamps, series.length, minMs - 1);
  const to = maxMs === Infinity ? series.length : firstAfter(series.timestamps, series.length, maxMs);
  if (series.histograms === undefined && !hasStaleMarker(series, from, to)) takeAll(into, series);
  else sortOut(into, series, from, to);
}

function takeAll(into: RangeSeries, series: SeriesSamples): void {
  into.t = series.timestamps;
  into.v = series.values;
  into.n = series.length;
}

function hasStaleMarker(series: SeriesSamples, from: number, to: number): boolean {
  const { values, bits } = series;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value !== value && bits[2 * i] === STALE_NAN_BITS.low && bits[2 * i + 1] === STALE_NAN_BITS.high) return true;
  }
  return false;
}

function sortOut(into: RangeSeries, series: SeriesSamples, from: number, to: number): void {
  const size = Math.max(0, to - from);
  const t = new Float64Array(size);
  const v = new Float64Array(size);
  const ht = new Float64Array(size);
  const starts = series.startTimestamps;
  const startTimes = starts && new Float64Array(size);
  const histogramStartTimes = starts && new Float64Array(size);
  const h: FloatHistogram[] = [];
  let n = 0;
  for (let i = from; i < to; i++) {
    const histogram = series.histograms?.[i];
    if (histogram !== undefined) {
      if (histogram.isStale === true) continue;
      if (starts !== undefined) histogramStartTimes![h.length] = starts[i]!;
      ht[h.length] = series.timestamps[i]!;
      h.push(histogram);
      continue;
    }
    if (series.bits[2 * i] === STALE_NAN_BITS.low && series.bits[2 * i + 1] === STALE_NAN_BITS.high) continue;
    if (starts !== undefined) startTimes![n] = starts[i]!;
    t[n] = series.timestamps[i]!;
    v[n] = series.values[i]!;
    n++;
  }
  into.t = t;
  into.v = v;
  into.n = n;
  into.ht = ht;
  into.h = h;
  into.hn = h.length;
  into.startTimes = startTimes;
  into.histogramStartTimes = histogramStartTimes;
}
