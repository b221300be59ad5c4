import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FloatHistogram } from '../../../src/model/histogram.ts';
import { encodeQueryData, formatApiFloat, formatApiHistogram, formatApiTime, formatQueryData } from '../../../src/promql/result-json.ts';
import type { QueryValue } from '../../../src/promql/result.ts';

suite('API numbers', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0'], [-0, '-0'], [1, '1'], [-12, '-12'], [0.1, '0.1'], [1e20, '100000000000000000000'], [1e21, '1e+21'], [1.5e300, '1.5e+300'],
    [0.000001, '0.000001'], [0.0000001, '1e-07'], [-2.5e-8, '-2.5e-08'], [5e-324, '5e-324'], [NaN, 'NaN'], [Infinity, '+Inf'], [-Infinity, '-Inf'],
    [999999999999999, '999999999999999'], [1e15, '1000000000000000'], [123456789012345680, '123456789012345680'],
  ];
  for (const [value, text] of cases) test(text, () => assert.equal(formatApiFloat(value), text));

  test('are read back as what they were', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => assert.ok(Object.is(Number(formatApiFloat(value)), value))));
  });

  test('are written the same into an answer', () => {
    fc.assert(fc.property(fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger()), (value) => {
      const data = formatQueryData({ type: 'vector', timeMs: 0, samples: [{ labels: [], value, histogram: undefined }] });
      assert.equal(data, `{"resultType":"vector","result":[{"metric":{},"value":[0,"${formatApiFloat(value)}"]}]}`);
    }));
  });
});

suite('API times', () => {
  const cases: readonly (readonly [number, string])[] = [[0, '0'], [1000, '1'], [1500, '1.500'], [1005, '1.005'], [-1500, '-1.500'], [1700000000123, '1700000000.123']];
  for (const [timeMs, text] of cases) test(text, () => assert.equal(formatApiTime(timeMs), text));
});

suite('API answers', () => {
  const histogram: FloatHistogram = {
    schema: 0, count: 7, sum: -2, zeroThreshold: 0.5, zeroCount: 3, positive: { indexes: [1], counts: [2] }, negative: { indexes: [1], counts: [2] }, counterReset: 'unknown',
  };

  test('have histograms with bounds', () => {
    assert.equal(formatApiHistogram(histogram), '{"count":"7","sum":"-2","buckets":[[1,"-2","-1","2"],[3,"-0.5","0.5","3"],[0,"1","2","2"]]}');
  });

  test('escape labels and keep other alphabets', () => {
    const value: QueryValue = { type: 'vector', timeMs: 500, samples: [{ labels: ['a', '"quoted"\n', 'b', 'überall 日本 😀'], value: 1, histogram: undefined }] };
    const parsed = JSON.parse(formatQueryData(value)) as { result: { metric: Record<string, string>; value: unknown }[] };
    assert.deepEqual(parsed.result[0], { metric: { a: '"quoted"\n', b: 'überall 日本 😀' }, value: [0.5, '1'] });
  });

  test('put floats and histograms of a series apart and leave gaps out', () => {
    const value: QueryValue = {
      type: 'matrix',
      series: [{
        labels: ['__name__', 'x'], timestamps: Float64Array.of(0, 1000, 2000, 3000), values: Float64Array.of(1, 0, 0, 2.5),
        present: Uint8Array.of(1, 0, 2, 1), histograms: [undefined, undefined, histogram, undefined],
      }],
    };
    assert.equal(
      formatQueryData(value),
      `{"resultType":"matrix","result":[{"metric":{"__name__":"x"},"values":[[0,"1"],[3,"2.5"]],"histograms":[[2,${formatApiHistogram(histogram)}]]}]}`,
    );
  });

  test('of scalars and strings are a pair', () => {
    assert.equal(formatQueryData({ type: 'scalar', timeMs: 1000, value: Infinity }), '{"resultType":"scalar","result":[1,"+Inf"]}');
    assert.equal(formatQueryData({ type: 'string', timeMs: 1000, value: 'a"b' }), '{"resultType":"string","result":[1,"a\\"b"]}');
  });

  test('write equal neighbours, zeros of both signs and odd times', () => {
    const values = Float64Array.of(1 / 3, 1 / 3, 0, -0, -0, NaN, NaN, 7, 7);
    const timestamps = values.map((_, i) => i * 500 - 1000);
    const value: QueryValue = { type: 'matrix', series: [{ labels: [], timestamps, values, present: new Uint8Array(9).fill(1), histograms: undefined }] };
    const third = '0.3333333333333333';
    assert.equal(
      formatQueryData(value).replace(/^.*"values":/, ''),
      `[[-1,"${third}"],[-0.500,"${third}"],[0,"0"],[0.500,"-0"],[1,"-0"],[1.500,"NaN"],[2,"NaN"],[2.500,"7"],[3,"7"]]}]}`,
    );
  });

  test('grow as large as they must', () => {
    const samples = Array.from({ length: 5000 }, (_, i) => ({ labels: ['i', String(i)], value: i / 3, histogram: undefined }));
    const parsed = JSON.parse(new TextDecoder().decode(encodeQueryData({ type: 'vector', timeMs: 0, samples }))) as { result: unknown[] };
    assert.equal(parsed.result.length, 5000);
  });
});
