import assert from 'node:assert/strict';
import fc from 'fast-check';
import { snappyCompress } from 'hysnappy';
import { LabelCache } from '../../../../src/codec/remote-write/label-cache.ts';
import { RemoteWriteDecoder } from '../../../../src/codec/remote-write/remote-write-decoder.ts';
import type { MetricBatch } from '../../../../src/model/metric-batch.ts';
import { bytes, double, doubles, integer, label, labels, message, request, sample, series, signed, signeds, span, text, words, type Field } from './write-request.ts';

/** The floats of a batch: label text, then time and value words. */
function floatsOf(batch: MetricBatch): [string, [number, number, number][]][] {
  const bits = new Uint32Array(batch.values.buffer, batch.values.byteOffset, 2 * batch.values.length);
  return batch.series.map((set, i) => {
    const samples: [number, number, number][] = [];
    for (let at = batch.offsets[i]!; at < batch.offsets[i + 1]!; at++) samples.push([batch.timestampsMs[at]!, bits[2 * at + 1]!, bits[2 * at]!]);
    return [set.join(' '), samples];
  });
}

const UP = labels({ __name__: 'up', job: 'a' });
const histogram = (...fields: readonly Field[]): Uint8Array => request(series(UP, message(4, ...fields, integer(15, 1000))));
const decode = (body: Uint8Array): ReturnType<RemoteWriteDecoder['decodeMessage']> => new RemoteWriteDecoder().decodeMessage(body);

suite('remote write decoder', () => {
  test('whatever was encoded is decoded, with every bit of the values, request after request', () => {
    const name = fc.constantFrom('code', 'job', 'le', 'path');
    const set = fc.dictionary(name, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })).map((record) => ({ __name__: 'm', ...record }));
    const word = fc.integer({ min: 0, max: 0xffffffff });
    const samples = fc.array(fc.tuple(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), word, word), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(fc.array(fc.tuple(set, samples), { maxLength: 6 }), { minLength: 1, maxLength: 4 }), fc.boolean(), (requests, isReversed) => {
        const decoder = new RemoteWriteDecoder(new LabelCache(400, 5));
        for (const content of requests) {
          const fields = content.map(([record, list]) => {
            const samplesFields = list.map(([timeMs, high, low]) => message(2, words(1, high, low), integer(2, timeMs)));
            return series(...(isReversed ? [...samplesFields, labels(record)] : [labels(record), ...samplesFields]));
          });
          const { value, problems, malformed } = decoder.decode(snappyCompress(request(...fields)));
          assert.deepEqual([problems, malformed], [[], undefined]);
          const sorted = (record: Record<string, string>): string => Object.keys(record).sort().map((key) => `${key} ${record[key]!}`).join(' ');
          assert.deepEqual(floatsOf(value), content.map(([record, list]) => [sorted(record), list]));
        }
      }),
    );
  });

  test('a repeated series gets the same labels object', () => {
    const decoder = new RemoteWriteDecoder();
    const body = request(series(UP, sample(1, 1)), series(labels({ __name__: 'b' }), sample(1, 1)));
    const first = decoder.decodeMessage(body).value;
    const second = decoder.decodeMessage(body).value;
    assert.equal(first.series[0], second.series[0]);
    assert.equal(first.series[1], second.series[1]);
    const swapped = decoder.decodeMessage(request(series(labels({ __name__: 'b' }), sample(1, 1)), series(UP, sample(1, 1)))).value;
    assert.equal(swapped.series[0], first.series[1]);
  });

  test('labels that begin like those expected are not taken for them', () => {
    const decoder = new RemoteWriteDecoder();
    const of = (...fields: readonly Field[]) => floatsOf(decoder.decodeMessage(request(...fields.map((field) => series(field, sample(1, 0))))).value).map(([set]) => set);
    const short = labels({ __name__: 'm' });
    const long = labels({ __name__: 'm', a: 'b' });
    assert.deepEqual(of(short, short, short), ['__name__ m', '__name__ m', '__name__ m']);
    assert.deepEqual(of(short, long, short), ['__name__ m', '__name__ m a b', '__name__ m']);
    assert.deepEqual(of(long, short, long), ['__name__ m a b', '__name__ m', '__name__ m a b']);
  });

  test('fields with their default value may be missing', () => {
    const { value } = decode(request(series(UP, message(2), message(2, integer(2, 5)), message(2, double(1, 5)))));
    assert.deepEqual([...value.timestampsMs], [0, 5, 0]);
    assert.deepEqual([...value.values], [0, 0, 5]);
  });

  test('exemplars and metadata', () => {
    const { value, problems } = decode(
      request(
        series(UP, message(3, label('trace_id', 'abc'), double(2, 1.5), integer(3, 77)), message(3, double(2, 2)), message(3, label('', 'x'))),
        message(3, integer(1, 1), text(2, 'up'), text(4, 'Is it up?'), text(5, 's')),
        message(3, text(2, 'down'), integer(1, 99)),
      ),
    );
    assert.deepEqual(value.exemplars, [
      { seriesIndex: 0, exemplar: { labels: ['trace_id', 'abc'], value: 1.5, timestampMs: 77 } },
      { seriesIndex: 0, exemplar: { labels: [], value: 2, timestampMs: 0 } },
    ]);
    assert.deepEqual(problems, [{ message: 'exemplar: a label has no name', count: 1 }]);
    assert.deepEqual(value.metadata, [
      { family: 'up', type: 'counter', help: 'Is it up?', unit: 's' },
      { family: 'down', type: 'unknown', help: '', unit: '' },
    ]);
  });

  test('integer and float histograms', () => {
    const integers = decode(
      histogram(integer(1, 13), double(3, 7.5), signed(4, 3), double(5, 0.001), integer(6, 2), span(8, -1, 1), signeds(9, [4]), span(11, 2, 2), span(11, 3, 1), signeds(12, [1, 4, -4]), integer(14, 1)),
    );
    assert.deepEqual(integers.problems, []);
    assert.deepEqual(integers.value.histograms, [
      {
        seriesIndex: 0,
        timestampMs: 1000,
        histogram: {
          ...{ schema: 3, count: 13, sum: 7.5, zeroThreshold: 0.001, zeroCount: 2, counterReset: 'reset' },
          ...{ positive: { indexes: [2, 3, 7], counts: [1, 5, 1] }, negative: { indexes: [-1], counts: [4] } },
        },
      },
    ]);
    const floats = decode(histogram(double(2, 3.5), double(3, 1), double(7, 0.5), span(11, 0, 3), doubles(13, [1, 0, 2]), integer(14, 3)));
    assert.deepEqual(floats.value.histograms[0]!.histogram, {
      ...{ schema: 0, count: 3.5, sum: 1, zeroThreshold: 0, zeroCount: 0.5, counterReset: 'gauge' },
      ...{ positive: { indexes: [0, 2], counts: [1, 2] }, negative: { indexes: [], counts: [] } },
    });
    const custom = decode(histogram(integer(1, 3), signed(4, -53), span(11, 0, 3), signeds(12, [1, 0, 0]), doubles(16, [0.5, 1])));
    assert.deepEqual(custom.value.histograms[0]!.histogram, {
      ...{ schema: -53, count: 3, sum: 0, zeroThreshold: 0, zeroCount: 0, counterReset: 'unknown', customValues: [0.5, 1] },
      ...{ positive: { indexes: [0, 1, 2], counts: [1, 1, 1] }, negative: { indexes: [], counts: [] } },
    });
    const unpacked = decode(histogram(integer(1, 3), span(11, 0, 2), signed(12, 1), signed(12, 1)));
    assert.deepEqual(unpacked.value.histograms[0]!.histogram.positive, { indexes: [0, 1], counts: [1, 2] });
    assert.equal(decode(histogram(words(3, 0x7ff00000, 2))).value.histograms[0]!.histogram.isStale, true);
  });

  test('what must not be stored is left out and said', () => {
    const cases: readonly [string, Uint8Array][] = [
      ['a series has no metric name', request(series(labels({ job: 'a' }), sample(1, 1)))],
      ['a label has no name', request(series(UP, label('', 'x'), sample(1, 1)))],
      ['the label "job" occurs twice', request(series(UP, label('job', 'b'), sample(1, 1)))],
      ['a label is not valid UTF-8', request(series(UP, message(1, text(1, 'x'), bytes(2, [0xff])), sample(1, 1)))],
      ['a histogram has spans that do not fit its buckets', histogram(integer(1, 1), span(11, 0, 4_000_000_000), signeds(12, [1]))],
      ['a histogram has spans that do not fit its buckets', histogram(integer(1, 1), signeds(12, [1]))],
      ['a histogram has spans that do not fit its buckets', histogram(integer(1, 2), span(11, 0, 1), span(11, -1, 1), signeds(12, [1, 0]))],
      ['histogram schema 9 is not supported', histogram(signed(4, 9))],
      ['a histogram with custom buckets has zero or negative buckets', histogram(integer(1, 1), signed(4, -53), integer(6, 1))],
      ['custom bucket bounds of a histogram do not ascend', histogram(signed(4, -53), doubles(16, [1, 1]))],
      ['a histogram has buckets beyond its custom bounds', histogram(integer(1, 1), signed(4, -53), span(11, 2, 1), signeds(12, [1]), doubles(16, [1]))],
      ['a histogram with exponential buckets has custom bounds', histogram(doubles(16, [1]))],
      ['a histogram bucket has a negative count', histogram(integer(1, 1), span(11, 0, 2), signeds(12, [2, -3]))],
      ['the count of a histogram is not the sum of its buckets', histogram(integer(1, 5), span(11, 0, 1), signeds(12, [2]))],
    ];
    for (const [expected, body] of cases) {
      const { value, problems, malformed } = decode(body);
      assert.equal(malformed, undefined, expected);
      assert.deepEqual(problems, [{ message: expected, count: 1 }]);
      assert.equal(value.timestampsMs.length + value.histograms.length, 0, expected);
    }
  });

  test('bodies that are no remote write, and those that would be too large', () => {
    const decoder = new RemoteWriteDecoder();
    const good = snappyCompress(request(...Array.from({ length: 100 }, (_, i) => series(UP, sample(i, i)))));
    assert.equal(decoder.decode(good).malformed, undefined);
    assert.deepEqual(pick(decoder.decode(good, 100)), [0, true]);
    assert.deepEqual(pick(decoder.decode(new Uint8Array(0))), [0, false]);
    assert.deepEqual(pick(decoder.decode(Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]))), [0, true]);
    assert.deepEqual(pick(decoder.decode(snappyCompress(request([0x0a, 0x7f])))), [0, false]);
    assert.equal(decoder.decode(good).value.timestampsMs.length, 100, 'the decoder is fine afterwards');

    function pick({ value, malformed, isTooLarge }: ReturnType<RemoteWriteDecoder['decode']>): [number, boolean] {
      assert.equal(typeof malformed, 'string');
      return [value.series.length, isTooLarge === true];
    }
  });

  test('damaged bodies never throw', () => {
    const whole = request(
      series(UP, sample(1, 1), message(3, label('trace_id', 'abc'), double(2, 1.5), integer(3, 77))),
      series(labels({ __name__: 'h' }), message(4, integer(1, 5), signed(4, 3), span(11, 2, 2), signeds(12, [1, 3]), integer(15, 5))),
      message(3, text(2, 'up'), text(4, 'help')),
    );
    const compressed = snappyCompress(whole);
    const decoder = new RemoteWriteDecoder();
    const damage = (bytes_: Uint8Array, position: number, byte: number, length: number): Uint8Array => {
      const damaged = bytes_.slice(0, length);
      if (position < length) damaged[position] = byte;
      return damaged;
    };
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(255), fc.nat(whole.length), (position, byte, length) => {
        decoder.decodeMessage(damage(whole, position, byte, length));
        decoder.decode(damage(compressed, position, byte, length));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (random) => {
        decoder.decodeMessage(random);
        decoder.decode(random);
      }),
      { numRuns: 1000 },
    );
    assert.equal(decoder.decode(compressed).malformed, undefined);
  });
});
