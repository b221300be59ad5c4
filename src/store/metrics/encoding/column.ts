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

/** A zeroed column of `length` float samples. */
export function createColumn(length: number, hasHistograms: boolean): Column {
  const values = new Float64Array(length);
  return {
    times: new Float64Array(length),
    values,
    bits: new Uint32Array(values.buffer),
    histograms: hasHistograms ? new Array<FloatHistogram | undefined>(length).fill(undefined) : undefined,
    length,
  };
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
