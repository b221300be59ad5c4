import type { FloatHistogram } from '../../model/histogram.ts';
import { lowerBound, type Column } from './encoding/column.ts';

/** Samples that came after newer ones, sorted by time on arrival. */
export class OutOfOrder implements Column {
  times = new Float64Array(8);
  values = new Float64Array(8);
  bits = new Uint32Array(this.values.buffer);
  histograms: (FloatHistogram | undefined)[] | undefined;
  length = 0;

  /** Adds a sample at a time that is not present yet. */
  insert(timeMs: number, high: number, low: number, histogram: FloatHistogram | undefined): void {
    if (this.length === this.times.length) this.#grow();
    const { times, bits, length } = this;
    const at = length > 0 && times[length - 1]! < timeMs ? length : lowerBound(times, length, timeMs);
    times.copyWithin(at + 1, at, length);
    bits.copyWithin(2 * at + 2, 2 * at, 2 * length);
    times[at] = timeMs;
    bits[2 * at] = low;
    bits[2 * at + 1] = high;
    if (histogram !== undefined) this.histograms ??= new Array<FloatHistogram | undefined>(length).fill(undefined);
    this.histograms?.splice(at, 0, histogram);
    this.length = length + 1;
  }

  /** Both sets of samples; their times differ. */
  mergedWith(other: OutOfOrder | undefined): this {
    if (other === undefined) return this;
    for (let i = 0; i < other.length; i++) this.insert(other.times[i]!, other.bits[2 * i + 1]!, other.bits[2 * i]!, other.histograms?.[i]);
    return this;
  }

  #grow(): void {
    const times = new Float64Array(2 * this.times.length);
    const values = new Float64Array(times.length);
    const bits = new Uint32Array(values.buffer);
    times.set(this.times);
    bits.set(this.bits);
    this.times = times;
    this.values = values;
    this.bits = bits;
  }
}
