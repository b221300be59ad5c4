import assert from 'node:assert/strict';
import type { Matcher, SeriesSource } from '../../../src/model/series-source.ts';
import { createEngine } from '../../../src/promql/engine.ts';
import { samplingOffset } from '../../../src/promql/aggregate/sampling.ts';
import { formatGoGeneral, formatGoTwoDigits, formatOpenMetricsFloat } from '../../../src/promql/go-general.ts';
import { expandTemplate } from '../../../src/promql/functions/expand-template.ts';
import { isNaturallyBefore } from '../../../src/promql/functions/sorting.ts';
import { xxhash64 } from '../../../src/promql/xxhash64.ts';
import { createMemorySource } from '../../support/memory-series.ts';

const source = createMemorySource(Array.from({ length: 50 }, (_, i) => ({
  labels: ['__name__', 'm', 'i', String(i)],
  samples: Array.from({ length: 100 }, (__, s) => [s * 1000, s + i] as const),
})));

/** A source that counts what is asked of it. */
function counted(inner: SeriesSource): SeriesSource & { readonly asked: string[] } {
  const asked: string[] = [];
  const text = (matcher: Matcher): string => `${matcher.name}${matcher.type}${matcher.value}`;
  return {
    asked,
    select: (matchers, minMs, maxMs) => {
      asked.push(`${matchers.map(text).join()} ${minMs} ${maxMs}`);
      return inner.select(matchers, minMs, maxMs);
    },
  };
}

suite('engine limits', () => {
  test('too many samples', () => {
    const result = createEngine({ maxSamples: 1000 }).range(source, 'm', 0, 99_000, 1000);
    assert.ok(!result.ok);
    assert.equal(result.errorType, 'execution');
    assert.equal(result.message, 'query processing would load too many samples into memory in query execution');
    assert.ok(createEngine({ maxSamples: 10_000 }).range(source, 'm', 0, 99_000, 1000).ok);
  });

  test('too many steps of a subquery', () => {
    const result = createEngine().instant(source, 'count_over_time(m[100d:1ms])', 99_000);
    assert.ok(!result.ok);
    assert.equal(result.message, 'query processing would load too many samples into memory in query execution');
  });

  test('samples of a finished part do not count any more', () => {
    assert.ok(createEngine({ maxSamples: 5300 }).range(source, 'sum(m) + sum(m)', 0, 99_000, 1000).ok);
  });

  test('timeout', () => {
    let nowMs = 0;
    const result = createEngine({ nowMs: () => (nowMs += 1000) }).range(source, 'sum(m) + sum(m)', 0, 99_000, 1000, { timeoutMs: 1500 });
    assert.ok(!result.ok);
    assert.deepEqual([result.errorType, result.message], ['timeout', 'query timed out in expression evaluation']);
  });

  test('cancellation', () => {
    let polls = 0;
    const result = createEngine().range(source, 'sum(m) + sum(m)', 0, 99_000, 1000, { isCancelled: () => ++polls > 1 });
    assert.ok(!result.ok);
    assert.deepEqual([result.errorType, result.message], ['canceled', 'query was canceled in expression evaluation']);
  });

  test('lookback by query', () => {
    const result = createEngine().instant(source, 'count(m)', 120_000, { lookbackMs: 10_000 });
    assert.ok(result.ok && result.value.type === 'vector');
    assert.equal(result.value.samples.length, 0);
  });
});

suite('engine errors', () => {
  test('of the text are bad data with a position', () => {
    const result = createEngine().instant(source, 'sum(', 0);
    assert.ok(!result.ok);
    assert.equal(result.errorType, 'bad_data');
    assert.match(result.message, /^1:5: parse error: /);
  });

  test('of a type are bad data', () => {
    const result = createEngine().range(source, 'm[5m]', 0, 1000, 1000);
    assert.ok(!result.ok);
    assert.deepEqual([result.errorType, result.message], ['bad_data', 'invalid expression type "range vector" for range query, must be Scalar or instant Vector']);
  });
});

suite('engine reads', () => {
  test('equal selectors once, for all times they need', () => {
    const watched = counted(source);
    createEngine().range(watched, 'rate(m[10s]) / rate(m[20s] offset 5s) + on(i) m', 50_000, 60_000, 1000);
    assert.deepEqual(watched.asked, ['__name__=m -249999 60000']);
  });

  test('only the times of an @ modifier', () => {
    const watched = counted(source);
    createEngine().range(watched, 'm @ 30', 50_000, 60_000, 1000, { lookbackMs: 5000 });
    assert.deepEqual(watched.asked, ['__name__=m 25001 30000']);
  });
});

suite('engine results', () => {
  test('of a series do not depend on its neighbours with other times', () => {
    const shifts = [0, 0, 900, 0, 300, 300, -1100];
    const series = shifts.map((shiftMs, i) => ({
      labels: ['__name__', 'm_total', 'i', String(i)],
      samples: Array.from({ length: 100 }, (_, s) => [s * 1000 + 2000 + (s % 7 === 3 ? shiftMs : Math.max(0, shiftMs)), (s % 40) * i] as const),
    }));
    for (const expr of ['rate(m_total[7s])', 'm_total', 'increase(m_total[1500ms] offset 1s)']) {
      const run = (of: typeof series, timeMs: number): unknown => {
        const result = createEngine().instant(createMemorySource(of), expr, timeMs);
        assert.ok(result.ok && result.value.type === 'vector');
        return result.value.samples;
      };
      for (const timeMs of [9000, 45_000, 45_950, 46_000, 101_000]) {
        assert.deepEqual(run(series, timeMs), series.flatMap((one) => run([one], timeMs)), `${expr} at ${timeMs}`);
      }
    }
  });

  test('are grouped by any labels, there or not', () => {
    const mixed = createMemorySource([['a', '1', 'b', '2'], ['b', '2', 'c', '3'], ['a', '1'], ['a', '2', 'b', '1']].map((labels) => ({ labels: ['__name__', 'g', ...labels], samples: [[0, 1]] })));
    const groups = (expr: string): unknown => {
      const result = createEngine().instant(mixed, expr, 0);
      assert.ok(result.ok && result.value.type === 'vector');
      return result.value.samples.map(({ labels, value }) => `${labels.join(' ')}: ${value}`);
    };
    assert.deepEqual(groups('count by (b) (g)'), ['b 2: 2', ': 1', 'b 1: 1']);
    assert.deepEqual(groups('count by (b, a, nothing) (g)'), ['a 1 b 2: 1', 'b 2: 1', 'a 1: 1', 'a 2 b 1: 1']);
    assert.deepEqual(groups('count without (c, b) (g)'), ['a 1: 2', ': 1', 'a 2: 1']);
    assert.deepEqual(groups('count(g)'), [': 4']);
  });
});

suite('engine statistics', () => {
  test('count samples, and on demand explain every node', () => {
    const result = createEngine().range(source, 'sum(rate(m[10s])) > 2', 50_000, 59_000, 1000, { explain: true });
    assert.ok(result.ok);
    assert.equal(result.stats.totalSamples, 50 * 10 * 10);
    const { plan } = result.stats;
    assert.ok(plan !== undefined);
    assert.equal(plan.text, 'sum(rate(m[10s])) > 2');
    assert.deepEqual(plan.children.map((child) => [child.text, child.series]), [['sum(rate(m[10s]))', 1], ['2', 0]]);
    assert.deepEqual(plan.children[0]?.children.map((child) => [child.text, child.series, child.samples]), [['rate(m[10s])', 50, 5000]]);
  });

  test('show what is evaluated once', () => {
    const result = createEngine().range(source, 'm > on() group_left max(m @ 10)', 50_000, 59_000, 1000, { explain: true });
    assert.ok(result.ok);
    assert.deepEqual(result.stats.plan?.children.map((child) => child.isInvariant), [false, true]);
  });
});

suite('small parts of the engine', () => {
  test('numbers as Go prints them', () => {
    assert.deepEqual([1e6, 123456, 1234567, 0.0001, 0.00001, 1e21, NaN, -Infinity].map(formatGoGeneral), ['1e+06', '123456', '1.234567e+06', '0.0001', '1e-05', '1e+21', 'NaN', '-Inf']);
    assert.deepEqual([123456, 999.5, 0.5, 21, 0.00012345].map(formatGoTwoDigits), ['1.2e+05', '1e+03', '0.5', '21', '0.00012']);
    assert.deepEqual([1, 0.5, 0, 1e7, Infinity].map(formatOpenMetricsFloat), ['1.0', '0.5', '0.0', '1e+07', '+Inf']);
  });

  test('replacement templates', () => {
    const group = (name: string): string => `<${name}>`;
    assert.equal(expandTemplate('$1-${2}x $name $1x $$ $ ${} $-', group), '<1>-<2>x <name> <1x> $ $ ${} $-');
  });

  test('natural order', () => {
    const names = ['item10', 'item9', 'item1', 'item', 'a2b', 'a10b', 'a2'];
    names.sort((a, b) => (a === b ? 0 : isNaturallyBefore(a, b) ? -1 : 1));
    assert.deepEqual(names, ['a2', 'a2b', 'a10b', 'item', 'item1', 'item9', 'item10']);
  });

  test('hashes with the published values', () => {
    const hash = (text: string): string => xxhash64(new TextEncoder().encode(text)).toString(16).padStart(16, '0');
    assert.equal(hash(''), 'ef46db3751d8e999');
    assert.equal(hash('a'), 'd24ec4f1a98c6e5b');
    assert.equal(hash('abc'), '44bc2cf5ad770999');
    assert.equal(hash('Nobody inspects the spammish repetition'), 'fbcea83c8a378bf1');
  });

  test('sampling is spread over the whole range', () => {
    const offsets = Array.from({ length: 1000 }, (_, i) => samplingOffset(['i', String(i)]));
    const below = offsets.filter((offset) => offset < 0.5).length;
    assert.ok(below > 400 && below < 600, String(below));
    assert.ok(offsets.every((offset) => offset >= 0 && offset < 1));
  });
});
