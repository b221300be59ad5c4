import type { FloatHistogram } from './histogram.ts';
import type { Labels } from './labels.ts';
import { STALE_NAN_BITS, type Exemplar, type MetricMetadata } from './metric.ts';

/** A native-histogram sample of `series[seriesIndex]`. */
export interface BatchHistogram {
  readonly seriesIndex: number;
  readonly timestampMs: number;
  readonly histogram: FloatHistogram;
}

/** An exemplar of `series[seriesIndex]`. */
export interface BatchExemplar {
  readonly seriesIndex: number;
  readonly exemplar: Exemplar;
}

/**
 * A decoded push or scrape, as columns: float samples `offsets[i] … offsets[i+1]` belong to `series[i]`.
 * Times are ms since the epoch. `values` keeps bit patterns, so stale markers (STALE_NAN_BITS) are in it as such.
 * A decoder that sees the same label bytes again hands out the same Labels object, and the store finds its series by identity.
 */
export interface MetricBatch {
  readonly series: readonly Labels[];
  /** One more than there are series. */
  readonly offsets: Uint32Array;
  readonly timestampsMs: Float64Array;
  readonly values: Float64Array;
  readonly histograms: readonly BatchHistogram[];
  readonly exemplars: readonly BatchExemplar[];
  readonly metadata: readonly MetricMetadata[];
}

/** Collects a {@link MetricBatch}: `startSeries`, then its samples, then the next series. */
export class MetricBatchBuilder {
  readonly #series: Labels[] = [];
  readonly #starts: number[] = [];
  #length = 0;
  #timestampsMs = new Float64Array(256);
  #values = new Float64Array(256);
  #bits = new Uint32Array(this.#values.buffer);
  readonly #histograms: BatchHistogram[] = [];
  readonly #exemplars: BatchExemplar[] = [];
  readonly #metadata: MetricMetadata[] = [];

  get sampleCount(): number {
    return this.#length + this.#histograms.length;
  }

  get seriesCount(): number {
    return this.#series.length;
  }

  startSeries(labels: Labels): void {
    this.#series.push(labels);
    this.#starts.push(this.#length);
  }

  addFloat(timestampMs: number, value: number): void {
    const i = this.#next();
    this.#timestampsMs[i] = timestampMs;
    this.#values[i] = value;
  }

  /** Adds a float from its IEEE 754 words, for sources whose NaNs carry a meaning. */
  addFloatBits(timestampMs: number, high: number, low: number): void {
    const i = this.#next();
    this.#timestampsMs[i] = timestampMs;
    this.#bits[2 * i] = low;
    this.#bits[2 * i + 1] = high;
  }

  addStale(timestampMs: number): void {
    this.addFloatBits(timestampMs, STALE_NAN_BITS.high, STALE_NAN_BITS.low);
  }

  addHistogram(timestampMs: number, histogram: FloatHistogram): void {
    this.#histograms.push({ seriesIndex: this.#series.length - 1, timestampMs, histogram });
  }

  addExemplar(exemplar: Exemplar): void {
    this.#exemplars.push({ seriesIndex: this.#series.length - 1, exemplar });
  }

  addMetadata(metadata: MetricMetadata): void {
    this.#metadata.push(metadata);
  }

  build(): MetricBatch {
    const offsets = new Uint32Array(this.#starts.length + 1);
    offsets.set(this.#starts);
    offsets[this.#starts.length] = this.#length;
    return {
      series: this.#series,
      offsets,
      timestampsMs: this.#timestampsMs.subarray(0, this.#length),
      values: this.#values.subarray(0, this.#length),
      histograms: this.#histograms,
      exemplars: this.#exemplars,
      metadata: this.#metadata,
    };
  }

  #next(): number {
    const i = this.#length++;
    if (i === this.#values.length) {
      // Copied as words: a NaN keeps its payload.
      const timestampsMs = new Float64Array(2 * i);
      timestampsMs.set(this.#timestampsMs);
      const values = new Float64Array(2 * i);
      const bits = new Uint32Array(values.buffer);
      bits.set(this.#bits);
      this.#timestampsMs = timestampsMs;
      this.#values = values;
      this.#bits = bits;
    }
    return i;
  }
}
