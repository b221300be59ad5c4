import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WindowCounter } from '../../../src/logql/count-windows.ts';
import { parseLogql } from '../../../src/logql/parse-logql.ts';

function counterOf(query: string, start: bigint, step: bigint, count: number): WindowCounter {
  const parsed = parseLogql(query);
  assert.ok(parsed.ok && parsed.value.kind === 'metric');
  return new WindowCounter(parsed.value, { startUnixNano: start, stepNano: step, count });
}

suite('LogQL: counting in windows', () => {
  test('an entry counts where t - range < time <= t', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 30 }), (times, range, step, start) => {
        const counter = counterOf(`sum(count_over_time({}[${range}ns]))`, BigInt(start), BigInt(step), 5);
        for (const time of times) counter.add(BigInt(time), { labels: new Map() });
        const wanted = Array.from({ length: 5 }, (_, i) => {
          const t = start + i * step;
          return times.filter((time) => time > t - range && time <= t).length || undefined;
        });
        assert.deepEqual(counter.series()[0]?.values ?? wanted.map(() => undefined), wanted);
      }),
    );
  });

  test('a rate is per second, and sums keep their labels', () => {
    const counter = counterOf('sum without (b) (rate({}[10s]))', 10_000_000_000n, 1n, 1);
    counter.add(5_000_000_000n, { labels: new Map([['b', '1'], ['a', 'x']]) });
    counter.add(6_000_000_000n, { labels: new Map([['a', 'x'], ['b', '2']]) });
    counter.add(7_000_000_000n, { labels: new Map([['a', 'y']]) });
    assert.deepEqual(counter.series().map(({ labels, values }) => [Object.fromEntries(labels), values]), [[{ a: 'x' }, [0.2]], [{ a: 'y' }, [0.1]]]);
  });
});
