import assert from 'node:assert/strict';
import { CUSTOM_BUCKETS_SCHEMA, type FloatHistogram, type SparseBuckets } from '../../../src/model/histogram.ts';
import { STALE_NAN_BITS } from '../../../src/model/metric.ts';
import type { MemorySeries, MemoryValue } from '../../support/memory-series.ts';
import { double, doubles, integer, label, message, request, series, signed, span, text, varint, words, type Field } from '../../unit/codec/remote-write/write-request.ts';

/** What can be sent beside the samples of a series. */
export interface SentSeries extends MemorySeries {
  readonly exemplars?: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number; readonly timeMs: number }[];
}

/** Type, help and unit of a metric family; the type as the number of prompb's MetricMetadata. */
export interface SentMetadata {
  readonly family: string;
  readonly type: number;
  readonly help: string;
  readonly unit: string;
}

/** Sends series by remote write 1.0, one request for each so that they arrive one after the other; all must be taken. */
export async function remoteWrite(url: string, list: readonly SentSeries[], metadata: readonly SentMetadata[] = []): Promise<void> {
  for (const one of list) assert.equal(await post(url, request(encodeSeries(one))), 204, JSON.stringify(one.labels));
  if (metadata.length > 0) assert.equal(await post(url, request(...metadata.map(encodeMetadata))), 204);
}

/** Sends one request and gives the status of the answer. */
export async function post(url: string, body: Uint8Array): Promise<number> {
  const response = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf', 'x-prometheus-remote-write-version': '0.1.0' },
    body: snappyLiterals(body),
  });
  await response.text();
  return response.status;
}

/** One series as a field of a write request. */
export function encodeSeries({ labels, samples, exemplars = [] }: SentSeries): Field {
  const names: Field[] = [];
  for (let i = 0; i < labels.length; i += 2) names.push(label(labels[i]!, labels[i + 1]!));
  return series(
    names.flat(),
    samples.filter(([, value]) => typeof value !== 'object').flatMap(([timeMs, value]) => encodeSample(timeMs, value)),
    exemplars.flatMap((exemplar) => message(3, ...Object.entries(exemplar.labels).map(([name, value]) => label(name, value)), double(2, exemplar.value), integer(3, exemplar.timeMs))),
    samples.flatMap(([timeMs, value]) => (typeof value === 'object' ? encodeHistogram(timeMs, value) : [])),
  );
}

function encodeSample(timeMs: number, value: MemoryValue): Field {
  const number = value === 'stale' ? words(1, STALE_NAN_BITS.high, STALE_NAN_BITS.low) : double(1, typeof value === 'number' ? value : NaN);
  return message(2, number, integer(2, timeMs));
}

const HINTS = ['unknown', 'reset', 'not_reset', 'gauge'] as const;

function encodeHistogram(timeMs: number, histogram: FloatHistogram): Field {
  return message(4,
    double(2, histogram.count), histogram.isStale === true ? words(3, STALE_NAN_BITS.high, STALE_NAN_BITS.low) : double(3, histogram.sum),
    signed(4, histogram.schema), double(5, histogram.zeroThreshold), double(7, histogram.zeroCount),
    encodeSpans(8, histogram.negative), doubles(10, histogram.negative.counts),
    encodeSpans(11, histogram.positive), doubles(13, histogram.positive.counts),
    integer(14, HINTS.indexOf(histogram.counterReset)), integer(15, timeMs),
    histogram.schema === CUSTOM_BUCKETS_SCHEMA ? doubles(16, histogram.customValues ?? []) : []);
}

function encodeSpans(field: number, { indexes }: SparseBuckets): Field {
  const spans: { offset: number; length: number }[] = [];
  indexes.forEach((index, i) => {
    const before = indexes[i - 1];
    const last = spans.at(-1);
    if (last !== undefined && before !== undefined && index === before + 1) last.length++;
    else spans.push({ offset: before === undefined ? index : index - before - 1, length: 1 });
  });
  return spans.flatMap(({ offset, length }) => span(field, offset, length));
}

const encodeMetadata = ({ family, type, help, unit }: SentMetadata): Field => message(3, integer(1, type), text(2, family), text(4, help), text(5, unit));

/** The snappy block format without any compression. */
function snappyLiterals(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [Uint8Array.from(varint(body.length))];
  for (let at = 0; at < body.length; at += 65_536) {
    const piece = body.subarray(at, at + 65_536);
    parts.push(Uint8Array.of(61 << 2, (piece.length - 1) & 255, (piece.length - 1) >> 8), piece);
  }
  return Uint8Array.from(Buffer.concat(parts));
}
