import type { Labels } from '../../model/labels.ts';
import { MetricBatchBuilder, type MetricBatch } from '../../model/metric-batch.ts';
import type { RejectionReason } from './store-types.ts';

/** Times are stored as integers of at most 51 bits with sign: from 35,000 years before 1970 to 35,000 after. */
const LARGEST_TIME_MS = 2 ** 50;

/** Whether a time can be stored. */
export function isStorableTime(timeMs: number): boolean {
  return Number.isInteger(timeMs) && timeMs < LARGEST_TIME_MS && timeMs > -LARGEST_TIME_MS;
}

/** Whether all of a batch can be stored, as far as times go. */
export function hasStorableTimes({ timestampsMs, offsets, series, histograms, exemplars }: MetricBatch): boolean {
  const count = offsets[series.length]!;
  // Times of a batch are mostly one and the same.
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const timeMs = timestampsMs[i]!;
    if (timeMs !== previous && !isStorableTime(timeMs)) return false;
    previous = timeMs;
  }
  return histograms.every(({ timestampMs }) => isStorableTime(timestampMs)) && exemplars.every(({ exemplar }) => isStorableTime(exemplar.timestampMs));
}

/**
 * A copy of the batch without what cannot be stored: bad times, and series for which `refusal` has a reason.
 * `reject` hears of each sample that is left out.
 */
export function admit(batch: MetricBatch, refusal: (labels: Labels) => RejectionReason | undefined, reject: (reason: RejectionReason, count: number) => void): MetricBatch {
  const builder = new MetricBatchBuilder();
  const bits = new Uint32Array(batch.values.buffer, batch.values.byteOffset, 2 * batch.values.length);
  const histograms = Map.groupBy(batch.histograms, ({ seriesIndex }) => seriesIndex);
  const exemplars = Map.groupBy(batch.exemplars, ({ seriesIndex }) => seriesIndex);
  batch.series.forEach((labels, i) => {
    const from = batch.offsets[i]!;
    const to = batch.offsets[i + 1]!;
    const reason = refusal(labels);
    if (reason !== undefined) {
      reject(reason, to - from + (histograms.get(i)?.length ?? 0));
      return;
    }
    builder.startSeries(labels);
    for (let at = from; at < to; at++) {
      if (isStorableTime(batch.timestampsMs[at]!)) builder.addFloatBits(batch.timestampsMs[at]!, bits[2 * at + 1]!, bits[2 * at]!);
      else reject('invalid_timestamp', 1);
    }
    for (const { timestampMs, histogram } of histograms.get(i) ?? []) {
      if (isStorableTime(timestampMs)) builder.addHistogram(timestampMs, histogram);
      else reject('invalid_timestamp', 1);
    }
    for (const { exemplar } of exemplars.get(i) ?? []) if (isStorableTime(exemplar.timestampMs)) builder.addExemplar(exemplar);
  });
  for (const metadata of batch.metadata) builder.addMetadata(metadata);
  return builder.build();
}
