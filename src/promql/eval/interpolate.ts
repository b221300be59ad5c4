import {
  addHistograms, areCompatible, multiplyHistogram, subtractHistograms,
} from '../../model/histogram-arithmetic.ts';
import { isCounterReset } from '../../model/histogram-compare.ts';
import type { FloatHistogram } from '../../model/histogram.ts';

/** The value at `at` on the line between two samples; a counter that fell is taken to have started from 0. */
export function interpolateFloats(t1: number, v1: number, t2: number, v2: number, at: number, isCounter: boolean): number {
  const from = isCounter && v2 < v1 ? 0 : v1;
  return from + ((v2 - from) * (at - t1)) / (t2 - t1);
}

/** An interpolated histogram, and for each reconciliation of custom bounds on the way what was done. */
export interface InterpolatedHistogram {
  readonly histogram: FloatHistogram;
  readonly reconciledIn: readonly ('addition' | 'subtraction')[];
}

/** The histogram at `at` between two; undefined when one has exponential and the other custom buckets. */
export function interpolateHistograms(
  t1: number, h1: FloatHistogram, t2: number, h2: FloatHistogram, at: number, isCounter: boolean,
): InterpolatedHistogram | undefined {
  if (at === t1) return { histogram: h1, reconciledIn: [] };
  if (at === t2) return { histogram: h2, reconciledIn: [] };
  const fraction = (at - t1) / (t2 - t1);
  if (isCounter && isCounterReset(h2, h1)) return { histogram: multiplyHistogram(h2, fraction), reconciledIn: [] };
  if (!areCompatible(h1, h2)) return undefined;
  const difference = subtractHistograms(h2, h1);
  if (difference === undefined) return undefined;
  const result = addHistograms(multiplyHistogram(difference.histogram, fraction), h1);
  if (result === undefined) return undefined;
  const reconciledIn: ('addition' | 'subtraction')[] = [];
  if (difference.isReconciled) reconciledIn.push('subtraction');
  if (result.isReconciled) reconciledIn.push('addition');
  return { histogram: result.histogram, reconciledIn };
}
