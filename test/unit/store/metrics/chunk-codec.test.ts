import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FloatHistogram } from '../../../../src/model/histogram.ts';
import { ByteReader, CorruptChunkError } from '../../../../src/store/metrics/encoding/byte-reader.ts';
import { ByteWriter } from '../../../../src/store/metrics/encoding/byte-writer.ts';
import { decodeChunk, encodeChunk } from '../../../../src/store/metrics/encoding/chunk-codec.ts';
import { ColumnArena } from '../../../../src/store/metrics/column-arena.ts';
import type { Column } from '../../../../src/store/metrics/encoding/column.ts';
import { decodeHistogram, encodeHistogram } from '../../../../src/store/metrics/encoding/histogram-codec.ts';

const time = fc.integer({ min: -(2 ** 49), max: 2 ** 49 });
const times = fc.oneof(
  fc.uniqueArray(time, { minLength: 1, maxLength: 150 }).map((list) => list.toSorted((a, b) => a - b)),
  fc.tuple(time, fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 300 })).map(([start, step, count]) => Array.from({ length: count }, (_, i) => start + i * step)),
);
const word = fc.integer({ min: 0, max: 0xffffffff });
/** Values as [high, low] words: any bits, and those that matter. */
const anyBits = fc.tuple(word, word);
const special = fc.constantFrom<[number, number]>(
  ...([[0, 0], [0x80000000, 0], [0x7ff00000, 0], [0xfff00000, 0], [0x7ff00000, 2], [0x7ff80000, 1], [0x3ff00000, 0], [0, 1]] satisfies [number, number][]),
);
const integer = fc.integer().map((value) => wordsOf(value));
const large = fc.integer({ min: -(2 ** 52), max: 2 ** 52 }).map((value) => wordsOf(value));

function wordsOf(value: number): [number, number] {
  const words = new Uint32Array(new Float64Array([value]).buffer);
  return [words[1]!, words[0]!];
}

const bucketSide = fc
  .uniqueArray(fc.integer({ min: -1000, max: 1000 }), { maxLength: 6 })
  .chain((indexes) =>
    fc.record({
      indexes: fc.constant(indexes.toSorted((a, b) => a - b)),
      counts: fc.array(fc.oneof(fc.nat(), fc.double()), { minLength: indexes.length, maxLength: indexes.length }),
    }, { noNullPrototype: true }),
  );
const histogram: fc.Arbitrary<FloatHistogram> = fc
  .record({
    schema: fc.integer({ min: -4, max: 8 }),
    count: fc.oneof(fc.nat(), fc.double()),
    sum: fc.double(),
    zeroThreshold: fc.double({ min: 0, noNaN: true }),
    zeroCount: fc.oneof(fc.nat(), fc.double()),
    positive: bucketSide,
    negative: bucketSide,
    counterReset: fc.constantFrom('unknown' as const, 'reset' as const, 'not_reset' as const, 'gauge' as const),
  }, { noNullPrototype: true })
  .chain((plain) =>
    fc.oneof(
      fc.constant(plain),
      fc.array(fc.double(), { maxLength: 4 }).map((customValues) => ({ ...plain, schema: -53, customValues })),
      fc.constant({ ...plain, schema: 0, count: 0, sum: NaN, zeroThreshold: 0, zeroCount: 0, positive: { indexes: [], counts: [] }, negative: { indexes: [], counts: [] }, isStale: true }),
    ),
  );

function columnOf(at: readonly number[], bits: readonly (readonly [number, number])[], histograms?: readonly (FloatHistogram | undefined)[]): Column {
  const column = new ColumnArena().create(at.length, histograms !== undefined);
  at.forEach((timeMs, i) => {
    column.times[i] = timeMs;
    column.bits[2 * i] = bits[i % bits.length]![1];
    column.bits[2 * i + 1] = bits[i % bits.length]![0];
    if (histograms !== undefined) column.histograms![i] = histograms[i % histograms.length];
  });
  return column;
}

function roundTrip(column: Column): Column {
  const out = new ByteWriter(8);
  encodeChunk(out, column, 0, column.length);
  const result = new ColumnArena().create(column.length, column.histograms !== undefined);
  const input = new ByteReader(out.copy());
  decodeChunk(input, column.length, result, 0);
  assert.equal(input.pos, input.end);
  return result;
}

suite('chunk codec', () => {
  test('float samples come back bit by bit', () => {
    fc.assert(
      fc.property(times, fc.oneof(...[anyBits, special, integer, large, fc.oneof(integer, special)].map((value) => fc.array(value, { minLength: 1, maxLength: 60 }))), (at, bits) => {
        const column = columnOf(at, bits);
        const result = roundTrip(column);
        assert.deepEqual(result.times, column.times);
        assert.deepEqual(result.bits, column.bits);
      }),
      { numRuns: 500 },
    );
  });

  test('histograms come back, mixed with floats', () => {
    fc.assert(
      fc.property(times, fc.array(anyBits, { minLength: 1, maxLength: 5 }), fc.array(fc.oneof(histogram, fc.constant(undefined)), { minLength: 1, maxLength: 12 }), (at, bits, histograms) => {
        const column = columnOf(at, bits, histograms);
        const result = roundTrip(column);
        assert.deepEqual(result.times, column.times);
        for (let i = 0; i < at.length; i++) {
          assert.deepEqual(result.histograms![i], column.histograms![i]);
          if (column.histograms![i] === undefined) assert.deepEqual(result.bits.slice(2 * i, 2 * i + 2), column.bits.slice(2 * i, 2 * i + 2));
        }
      }),
    );
  });

  test('a repeated histogram is written as its differences', () => {
    const of = (count: number): FloatHistogram => ({
      ...{ schema: 3, count: 2 * count, sum: 1.5, zeroThreshold: 1e-128, zeroCount: 0, counterReset: 'unknown' as const },
      positive: { indexes: Array.from({ length: 50 }, (_, i) => i), counts: Array.from({ length: 50 }, () => count) },
      negative: { indexes: [], counts: [] },
    });
    const out = new ByteWriter();
    encodeHistogram(out, of(1000), undefined);
    const first = out.length;
    encodeHistogram(out, of(1010), of(1000));
    assert.ok(out.length - first < 65, `${out.length - first} bytes`);
    const input = new ByteReader(out.copy());
    assert.deepEqual(decodeHistogram(input, decodeHistogram(input, undefined)), of(1010));
  });

  test('sizes: a steady counter takes about two bytes a sample, a constant none', () => {
    const at = Array.from({ length: 120 }, (_, i) => 1.7e12 + i * 15_000);
    const size = (values: readonly number[]): number => {
      const out = new ByteWriter();
      encodeChunk(out, columnOf(at, values.map(wordsOf)), 0, at.length);
      return out.length;
    };
    assert.ok(size([7.25]) < 25);
    assert.ok(size(at.map((_, i) => 1e6 + i * 13)) < 160);
    assert.ok(size(at.map((_, i) => Math.sqrt(i))) < 120 * 9);
  });

  test('damaged chunks give the typed error or some samples, never anything else', () => {
    const at = Array.from({ length: 40 }, (_, i) => i * i);
    const bits = at.map((_, i) => wordsOf(Math.sin(i)));
    const out = new ByteWriter();
    encodeChunk(out, columnOf(at, bits), 0, at.length);
    const whole = out.copy();
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (position, byte, length) => {
        const damaged = whole.slice(0, length);
        if (position < length) damaged[position] = byte;
        try {
          decodeChunk(new ByteReader(damaged), at.length, new ColumnArena().create(at.length, true), 0);
        } catch (error) {
          assert.ok(error instanceof CorruptChunkError, String(error));
        }
      }),
    );
  });
});
