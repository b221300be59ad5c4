import type { SeriesSource } from '../../model/series-source.ts';
import { STALE_NAN_BITS } from '../../model/metric.ts';
import { createMatcher } from '../../promql/matcher.ts';
import type { ForStateSample } from '../metrics-calls.ts';

/** Reads the newest sample of each series of ALERTS_FOR_STATE of an alert; a series that has ended was resolved and is left out. */
export function readForState(source: SeriesSource, alertName: string, minMs: number, maxMs: number): readonly ForStateSample[] {
  const matchers = [['__name__', 'ALERTS_FOR_STATE'], ['alertname', alertName]].map(([name = '', value = '']) => createMatcher({ name, type: '=', value }));
  return source.select(matchers, minMs, maxMs).flatMap(({ labels, length, timestamps, values, bits }): readonly ForStateSample[] => {
    const last = length - 1;
    if (last < 0 || (bits[2 * last + 1] === STALE_NAN_BITS.high && bits[2 * last] === STALE_NAN_BITS.low)) return [];
    return [{ labels, timestampMs: timestamps[last]!, value: values[last]! }];
  });
}
