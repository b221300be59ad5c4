import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addBucket, bucketQuantile } from '../../../src/health/quantile.ts';

const CASES: readonly (readonly [name: string, quantile: number, buckets: readonly (readonly [string, number])[], expected: number | undefined])[] = [
  ['inside the first bucket', 0.5, [['1', 10], ['+Inf', 10]], 0.5],
  ['inside a later bucket', 0.75, [['1', 5], ['3', 10], ['+Inf', 10]], 2],
  ['beyond the last bound', 0.99, [['1', 5], ['+Inf', 10]], 1],
  ['nothing observed', 0.5, [['1', 0], ['+Inf', 0]], undefined],
  ['no infinite bucket', 0.5, [['1', 5]], undefined],
  ['only the infinite bucket', 0.5, [['+Inf', 5]], undefined],
  ['a bucket that runs ahead', 0.9, [['1', 6], ['2', 5], ['3', 10], ['+Inf', 10]], 2.75],
  ['bounds that are none', 0.5, [['x', 5], ['1', 10], ['+Inf', 10]], 0.5],
];

suite('quantile of buckets', () => {
  for (const [name, quantile, rows, expected] of CASES) {
    test(name, () => {
      const buckets = new Map<number, number>();
      for (const [bound, rate] of rows) addBucket(buckets, bound, rate);
      assert.equal(bucketQuantile(quantile, buckets), expected);
    });
  }

  test('lies within the bounds and grows with the quantile', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 12 }), (rates) => {
        const buckets = new Map<number, number>();
        rates.forEach((rate, index) => addBucket(buckets, index === rates.length - 1 ? '+Inf' : String(index + 1), rate));
        const values = [0.1, 0.5, 0.95, 1].map((quantile) => bucketQuantile(quantile, buckets));
        for (const [index, value] of values.entries()) {
          if (value === undefined) continue;
          assert.ok(value >= 0 && value <= rates.length && value >= (values[index - 1] ?? 0));
        }
      }),
    );
  });
});
