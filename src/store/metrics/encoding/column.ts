import type { FloatHistogram } from '../../../model/histogram.ts';

/**
 * Samples as columns: `times[0 … length)` in ms ascending, `bits` the same memory as `values` seen as 32-bit words
 * (low word at 2i, high word at 2i+1). Where `histograms?.[i]` is set the float means nothing. The arrays may be longer.
 */
export interface Column {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly bits: Uint32Array;
  readonly histograms: (FloatHistogram | undefined)[] | undefined;
  readonly length: number;
}

/** Copies all samples of a column to `to[at …]`, which has histograms when `from` has. */
export function copySamples({ times, bits, histograms, length }: Column, to: Column, at: number): void {
  to.times.set(times.subarray(0, length), at);
  to.bits.set(bits.subarray(0, 2 * length), 2 * at);
  if (histograms !== undefined) for (let i = 0; i < length; i++) to.histograms![at + i] = histograms[i];
}

/** The first index whose time is at least `timeMs`, or `length`. */
export function lowerBound(times: Float64Array, length: number, timeMs: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first index whose time is beyond `timeMs`, or `length`. */
export function upperBound(times: Float64Array, length: number, timeMs: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
