import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addHistograms, atSchema, compactHistogram, divideHistogram, histogramWeight, multiplyHistogram, subtractHistograms,
} from '../../../src/model/histogram-arithmetic.ts';
import { allBuckets, exponentialBound } from '../../../src/model/histogram-bounds.ts';
import { equalHistograms, isCounterReset } from '../../../src/model/histogram-compare.ts';
import { addToSum, hasOverflow, sumValue, type HistogramSum } from '../../../src/model/histogram-kahan.ts';
import { trimHistogram } from '../../../src/model/histogram-trim.ts';
import { CUSTOM_BUCKETS_SCHEMA, type CounterResetHint, type FloatHistogram } from '../../../src/model/histogram.ts';

interface Parts {
  readonly schema?: number;
  readonly zero?: number;
  readonly width?: number;
  readonly positive?: Readonly<Record<number, number>>;
  readonly negative?: Readonly<Record<number, number>>;
  readonly bounds?: readonly number[];
  readonly hint?: CounterResetHint;
  readonly count?: number;
  readonly sum?: number;
}

function side(buckets: Readonly<Record<number, number>> = {}): { indexes: number[]; counts: number[] } {
  const indexes = Object.keys(buckets).map(Number).sort((a, b) => a - b);
  return { indexes, counts: indexes.map((index) => buckets[index]!) };
}

/** A histogram whose count is the sum of its buckets unless said otherwise. */
function histogram(parts: Parts): FloatHistogram {
  const positive = side(parts.positive);
  const negative = side(parts.negative);
  const total = [...positive.counts, ...negative.counts].reduce((a, b) => a + b, parts.zero ?? 0);
  return {
    schema: parts.bounds ? CUSTOM_BUCKETS_SCHEMA : parts.schema ?? 0,
    count: parts.count ?? total, sum: parts.sum ?? 0, zeroThreshold: parts.width ?? 0, zeroCount: parts.zero ?? 0,
    positive, negative, counterReset: parts.hint ?? 'unknown',
    ...(parts.bounds ? { customValues: parts.bounds } : {}),
  };
}

const buckets = fc.dictionary(fc.integer({ min: -20, max: 20 }).map(String), fc.integer({ min: 1, max: 1000 }), { maxKeys: 8 });
const exponential = fc.record({
  schema: fc.integer({ min: -2, max: 5 }), positive: buckets, negative: buckets,
  zero: fc.integer({ min: 0, max: 100 }), width: fc.constantFrom(0, 0.001, 0.25, 2),
}).map((parts) => histogram(parts));

suite('histogram bounds', () => {
  test('are powers of the base', () => {
    assert.equal(exponentialBound(0, 0), 1);
    assert.equal(exponentialBound(3, 0), 8);
    assert.equal(exponentialBound(1, -2), 16);
    assert.equal(exponentialBound(2, 1), 2);
    assert.equal(exponentialBound(-1, 0), 0.5);
    assert.ok(Math.abs(exponentialBound(1, 3) - 2 ** 0.125) < 1e-15);
  });

  test('end at the largest number, and infinity has a bucket of its own', () => {
    assert.equal(exponentialBound(1024, 0), Number.MAX_VALUE);
    assert.equal(exponentialBound(1025, 0), Infinity);
    assert.equal(exponentialBound(2048, 1), Number.MAX_VALUE);
    assert.equal(exponentialBound(256, -2), Number.MAX_VALUE);
  });

  test('of all buckets ascend, the zero bucket in the middle', () => {
    fc.assert(fc.property(exponential, (one) => {
      const lowers = allBuckets({ ...one, zeroThreshold: 0 }).map((bucket) => bucket.lower);
      assert.deepEqual(lowers, [...lowers].sort((a, b) => a - b));
    }));
  });

  test('end where the zero bucket overlaps', () => {
    const bounds = allBuckets(histogram({ zero: 1, width: 0.75, positive: { 0: 1 }, negative: { 0: 1 } })).map(({ lower, upper }) => [lower, upper]);
    assert.deepEqual(bounds, [[-1, -0.75], [-0.75, 0.75], [0.75, 1]]);
  });
});

suite('histogram sums', () => {
  test('bring a finer histogram to the coarser resolution', () => {
    const result = addHistograms(histogram({ schema: 1, positive: { 1: 1, 2: 2, 3: 4 } }), histogram({ schema: 0, positive: { 1: 10 } }))!;
    assert.deepEqual(result.histogram.positive, { indexes: [1, 2], counts: [13, 4] });
    assert.equal(result.histogram.schema, 0);
  });

  test('widen the narrower zero bucket and take in what it covers', () => {
    const result = addHistograms(
      histogram({ zero: 1, width: 0.1, positive: { [-3]: 2, 0: 5 }, negative: { [-3]: 3 } }),
      histogram({ zero: 10, width: 0.25 }),
    )!;
    assert.equal(result.histogram.zeroCount, 16);
    assert.equal(result.histogram.zeroThreshold, 0.25);
    assert.deepEqual(result.histogram.positive, { indexes: [0], counts: [5] });
    assert.deepEqual(result.histogram.negative.indexes, []);
  });

  test('grow a zero bucket to the end of a bucket that it would cut', () => {
    const result = addHistograms(histogram({ zero: 1, positive: { 0: 5 } }), histogram({ zero: 1, width: 0.75 }))!;
    assert.equal(result.histogram.zeroThreshold, 1);
    assert.equal(result.histogram.zeroCount, 7);
  });

  test('keep the custom bounds that both have, and say so', () => {
    const result = addHistograms(
      histogram({ bounds: [1, 2, 4], positive: { 0: 1, 1: 2, 2: 3, 3: 4 } }), histogram({ bounds: [1, 4], positive: { 0: 10, 1: 20, 2: 30 } }),
    )!;
    assert.ok(result.isReconciled);
    assert.deepEqual(result.histogram.customValues, [1, 4]);
    assert.deepEqual(result.histogram.positive, { indexes: [0, 1, 2], counts: [11, 25, 34] });
  });

  test('of exponential and custom buckets do not exist', () => {
    assert.equal(addHistograms(histogram({}), histogram({ bounds: [1] })), undefined);
    assert.equal(subtractHistograms(histogram({ bounds: [1] }), histogram({})), undefined);
  });

  test('say what they know of resets', () => {
    const hintOf = (a: CounterResetHint, b: CounterResetHint): string => {
      const result = addHistograms(histogram({ hint: a }), histogram({ hint: b }))!;
      return `${result.histogram.counterReset}${result.hasResetCollision ? ' collision' : ''}`;
    };
    assert.equal(hintOf('gauge', 'reset'), 'gauge');
    assert.equal(hintOf('not_reset', 'gauge'), 'gauge');
    assert.equal(hintOf('not_reset', 'not_reset'), 'not_reset');
    assert.equal(hintOf('unknown', 'reset'), 'unknown');
    assert.equal(hintOf('reset', 'not_reset'), 'unknown collision');
  });

  test('are the same both ways round, and a difference undoes them', () => {
    fc.assert(fc.property(exponential, exponential, (a, b) => {
      const sum = addHistograms(a, b)!.histogram;
      assert.ok(equalHistograms(compactHistogram(sum), compactHistogram(addHistograms(b, a)!.histogram)));
      assert.equal(sum.count, a.count + b.count);
      const back = compactHistogram(subtractHistograms(sum, b)!.histogram);
      // What is left has the layout of the sum, so it is compared with `a` in that layout.
      const same = compactHistogram(subtractHistograms(addHistograms(a, b)!.histogram, b)!.histogram);
      assert.ok(equalHistograms(back, same));
      assert.equal(back.count, a.count);
      const inBuckets = (one: FloatHistogram): number => [...one.positive.counts, ...one.negative.counts].reduce((x, y) => x + y, one.zeroCount);
      assert.equal(inBuckets(back), a.count);
    }));
  });

  test('with compensation give what plain sums lose', () => {
    const counts = [1e16, 1, 1, -1e16];
    let running: HistogramSum = { sum: histogram({ positive: { 0: counts[0]! } }), compensation: undefined };
    for (const count of counts.slice(1)) running = addToSum(running, histogram({ positive: { 0: count } }))!;
    assert.deepEqual(sumValue(running).positive.counts, [2]);
    assert.equal(sumValue(running).count, 2);
  });

  test('with compensation equal plain sums of whole numbers', () => {
    fc.assert(fc.property(fc.array(exponential, { minLength: 1, maxLength: 6 }), ([first, ...rest]) => {
      let running: HistogramSum = { sum: first!, compensation: undefined };
      let plain = first!;
      for (const next of rest) {
        running = addToSum(running, next)!;
        plain = addHistograms(plain, next)!.histogram;
      }
      assert.ok(equalHistograms(compactHistogram(sumValue(running)), compactHistogram(plain)));
    }));
  });
});

suite('histogram scaling', () => {
  test('changes every count', () => {
    const half = divideHistogram(histogram({ zero: 2, sum: 6, positive: { 1: 4 } }), 2);
    assert.deepEqual([half.count, half.sum, half.zeroCount, half.positive.counts], [3, 3, 1, [2]]);
    assert.equal(multiplyHistogram(half, -1).counterReset, 'gauge');
  });

  test('by zero leaves no buckets', () => {
    const result = divideHistogram(histogram({ positive: { 1: 4 } }), 0);
    assert.equal(result.count, Infinity);
    assert.deepEqual(result.positive.indexes, []);
    assert.ok(hasOverflow(result));
  });

  test('to a lower resolution keeps the total', () => {
    fc.assert(fc.property(exponential, (one) => {
      const total = (of: FloatHistogram): number => of.positive.counts.reduce((a, b) => a + b, 0);
      assert.equal(total(atSchema(one, one.schema - 2)), total(one));
    }));
  });
});

suite('counter resets of histograms', () => {
  const before = histogram({ zero: 1, width: 0.001, positive: { 1: 2, 2: 3 } });
  const cases: readonly (readonly [what: string, current: FloatHistogram, previous: FloatHistogram, isReset: boolean])[] = [
    ['more of everything', histogram({ zero: 2, width: 0.001, positive: { 1: 3, 2: 4 } }), before, false],
    ['a bucket more', histogram({ zero: 1, width: 0.001, positive: { 1: 2, 2: 3, 5: 1 } }), before, false],
    ['a smaller count', histogram({ zero: 1, width: 0.001, positive: { 1: 2, 2: 3 }, count: 5 }), before, true],
    ['a smaller bucket', histogram({ zero: 3, width: 0.001, positive: { 1: 1, 2: 3 } }), before, true],
    ['a bucket gone', histogram({ zero: 1, width: 0.001, positive: { 1: 9 } }), before, true],
    ['fewer zeros', histogram({ zero: 0, width: 0.001, positive: { 1: 5, 2: 5 } }), before, true],
    ['a finer resolution', histogram({ schema: 1, zero: 9, width: 0.001, positive: { 1: 2 } }), before, true],
    ['a coarser resolution', histogram({ schema: -1, zero: 1, width: 0.001, positive: { 1: 5 } }), before, false],
    ['a narrower zero bucket', histogram({ zero: 9, positive: { 1: 2, 2: 3 } }), before, true],
    ['a wider zero bucket that covers buckets', histogram({ zero: 3, width: 2, positive: { 2: 3 } }), before, false],
    ['a wider zero bucket that cuts a bucket', histogram({ zero: 9, width: 1.5, positive: { 1: 9, 2: 3 } }), before, true],
    ['an explicit hint against', histogram({ hint: 'not_reset' }), before, false],
    ['an explicit hint for', histogram({ hint: 'reset', zero: 9, width: 0.001, positive: { 1: 9, 2: 9 } }), before, true],
    ['custom after exponential', histogram({ bounds: [1], positive: { 0: 99 } }), before, true],
    ['other bounds, nothing smaller', histogram({ bounds: [1, 4], positive: { 0: 2, 1: 9 } }), histogram({ bounds: [1, 2, 4], positive: { 0: 2, 1: 1, 2: 1 } }), false],
    ['other bounds, a smaller bucket', histogram({ bounds: [1, 4], positive: { 0: 1, 1: 9 } }), histogram({ bounds: [1, 2, 4], positive: { 0: 2, 1: 1 } }), true],
  ];
  for (const [what, current, previous, isReset] of cases) test(what, () => assert.equal(isCounterReset(current, previous), isReset));
});

suite('histogram trimming', () => {
  test('keeps a histogram that lies inside the limit', () => {
    const one = histogram({ positive: { 0: 1, 1: 2 }, sum: 3 });
    assert.equal(trimHistogram(one, 2, true), one);
    assert.equal(trimHistogram(one, 0, false), one);
  });

  test('cuts custom buckets in proportion', () => {
    const result = trimHistogram(histogram({ bounds: [1, 2, 4], positive: { 0: 1, 1: 2, 2: 4 } }), 3, true);
    assert.deepEqual(result.positive, { indexes: [0, 1, 2], counts: [1, 2, 2] });
    assert.equal(result.count, 5);
  });

  test('splits a histogram into two that together are the whole', () => {
    fc.assert(fc.property(exponential, fc.constantFrom(-3, -0.5, 0, 0.7, 1, 4), (one, limit) => {
      const below = trimHistogram(one, limit, true);
      const above = trimHistogram(one, limit, false);
      assert.ok(Math.abs(below.count + above.count - one.count) <= 1e-9 * one.count);
    }));
  });
});

suite('histogram weight', () => {
  test('grows with spans and buckets', () => {
    assert.equal(histogramWeight(histogram({})), 11);
    assert.equal(histogramWeight(histogram({ positive: { 1: 1, 2: 1, 5: 1 } })), Math.floor((176 + 8 * 5) / 16));
  });
});
