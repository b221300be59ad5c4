import { isCounterReset } from '../../model/histogram-compare.ts';
import type { CounterResetHint, FloatHistogram } from '../../model/histogram.ts';

/**
 * What a stored histogram says about resets: `not_reset` when it continues the sample before it, `unknown` else, also where there
 * was a reset (prometheus/tsdb/chunkenc says the same when it reads a chunk, and begins a chunk where the layout changes).
 */
export function storedHint(current: FloatHistogram, previous: FloatHistogram | undefined): CounterResetHint {
  if (current.counterReset === 'gauge') return 'gauge';
  if (previous === undefined || previous.isStale === true || current.isStale === true || previous.counterReset === 'gauge') return 'unknown';
  const isSameLayout = current.schema === previous.schema && current.zeroThreshold === previous.zeroThreshold;
  if (!isSameLayout || current.counterReset === 'reset') return 'unknown';
  return isCounterReset(withStoredHint(current, 'unknown'), previous, false) ? 'unknown' : 'not_reset';
}

/** The histogram with that hint; itself when it has it. */
export function withStoredHint(histogram: FloatHistogram, counterReset: CounterResetHint): FloatHistogram {
  return histogram.counterReset === counterReset ? histogram : { ...histogram, counterReset };
}

/** The histogram as it is without the sample before it. */
export function withoutPredecessor(histogram: FloatHistogram): FloatHistogram {
  return histogram.counterReset === 'gauge' ? histogram : withStoredHint(histogram, 'unknown');
}
