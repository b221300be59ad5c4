import { addHistograms, divideHistogram, multiplyHistogram } from '../../model/histogram-arithmetic.ts';
import { addToSum, hasOverflow, sumValue, type HistogramSum } from '../../model/histogram-kahan.ts';
import { annotate } from '../annotations.ts';
import { giveHistogram, metricName, type RangeWindow } from './range-window.ts';

/** Remembers what has to be reported about a row of additions. */
class AdditionNotes {
  #hasReset = false;
  #hasNoReset = false;
  isReconciled = false;

  see(window: RangeWindow, i: number): void {
    const hint = window.series.h[i]!.counterReset;
    if (hint === 'reset') this.#hasReset = true;
    if (hint === 'not_reset') this.#hasNoReset = true;
  }

  report(window: RangeWindow): void {
    if (this.#hasReset && this.#hasNoReset) window.annotate(annotate.resetCollision('aggregation', window.position));
    if (this.isReconciled) window.annotate(annotate.reconciledBounds('aggregation', window.position));
  }
}

function reportIncompatible(window: RangeWindow, hasOtherBounds: boolean): void {
  const note = hasOtherBounds ? annotate.incompatibleCustomBuckets : annotate.mixedExponentialCustom;
  window.annotate(note(metricName(window), window.position));
}

/** The sum of a window's histograms. */
export function sumHistograms(window: RangeWindow): void {
  const notes = new AdditionNotes();
  const { h } = window.series;
  let running: HistogramSum = { sum: h[window.hlo]!, compensation: undefined };
  notes.see(window, window.hlo);
  for (let i = window.hlo + 1; i < window.hhi; i++) {
    notes.see(window, i);
    const next = addToSum(running, h[i]!);
    if (next === undefined || (next.isReconciled && !window.isNewer)) {
      reportIncompatible(window, next !== undefined);
      return;
    }
    if (next.isReconciled) notes.isReconciled = true;
    running = next;
  }
  notes.report(window);
  giveHistogram(window, sumValue(running));
}

/** The mean of a window's histograms; by running means once their sum is too large for a double. */
export function averageHistogram(window: RangeWindow): void {
  const notes = new AdditionNotes();
  const { h } = window.series;
  let average: HistogramAverage = { running: { sum: h[window.hlo]!, compensation: undefined }, count: 1, isIncremental: false };
  notes.see(window, window.hlo);
  for (let i = window.hlo + 1; i < window.hhi; i++) {
    notes.see(window, i);
    const next = addToAverage(average, h[i]!);
    if (next === undefined || (next.isReconciled && !window.isNewer)) {
      reportIncompatible(window, next !== undefined);
      return;
    }
    if (next.isReconciled) notes.isReconciled = true;
    average = next;
  }
  notes.report(window);
  giveHistogram(window, averageValue(average));
}

/** A mean under way: `running` is the sum so far, or the mean so far once `isIncremental`. */
export interface HistogramAverage {
  readonly running: HistogramSum;
  readonly count: number;
  readonly isIncremental: boolean;
}

/** One more histogram for a mean; undefined when one has exponential and the other custom buckets. */
export function addToAverage(
  average: HistogramAverage, other: HistogramSum['sum'],
): (HistogramAverage & { readonly isReconciled: boolean }) | undefined {
  const count = average.count + 1;
  let { running, isIncremental } = average;
  if (!isIncremental) {
    const next = addToSum(running, other);
    if (next === undefined) return undefined;
    if (!hasOverflow(next.sum)) return { running: next, count, isIncremental, isReconciled: next.isReconciled };
    isIncremental = true;
    running = scaled(running, (part) => divideHistogram(part, average.count));
  }
  const share = (count - 1) / count;
  const next = addToSum(scaled(running, (part) => multiplyHistogram(part, share)), divideHistogram(other, count));
  return next && { running: next, count, isIncremental, isReconciled: next.isReconciled };
}

function scaled(sum: HistogramSum, change: (part: HistogramSum['sum']) => HistogramSum['sum']): HistogramSum {
  return { sum: change(sum.sum), compensation: sum.compensation && change(sum.compensation) };
}

/** The value of a mean. */
export function averageValue(average: HistogramAverage): HistogramSum['sum'] {
  if (average.isIncremental) return sumValue(average.running);
  const { sum, compensation } = scaled(average.running, (part) => divideHistogram(part, average.count));
  return compensation === undefined ? sum : addHistograms(sum, compensation)?.histogram ?? sum;
}
