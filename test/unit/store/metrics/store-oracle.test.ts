import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isCounterReset } from '../../../../src/model/histogram-compare.ts';
import type { FloatHistogram } from '../../../../src/model/histogram.ts';
import type { MetricsStore } from '../../../../src/store/metrics/store-types.ts';
import { batchOf, openStore, selectAll, withFile, type SeriesInput } from './store-fixture.ts';

type Value = number | 'stale' | FloatHistogram;

/** What a store means, said in the simplest way: a map of times for each series. */
class Model {
  readonly series = new Map<string, Map<number, Value>>();
  rejected = 0;

  append(name: string, timeMs: number, value: Value): void {
    let samples = this.series.get(name);
    if (samples === undefined) this.series.set(name, (samples = new Map<number, Value>()));
    const stored = samples.get(timeMs);
    if (stored === undefined) samples.set(timeMs, value);
    else if (JSON.stringify(stored) !== JSON.stringify(value)) this.rejected++;
  }

  select(minMs: number, maxMs: number): Record<string, [number, unknown][]> {
    const entries = [...this.series].map(([name, samples]): [string, [number, unknown][]] => [
      `__name__ ${name}`,
      [...samples].filter(([timeMs]) => timeMs >= minMs && timeMs <= maxMs).sort(([a], [b]) => a - b),
    ]);
    return Object.fromEntries(entries.filter(([, samples]) => samples.length > 0));
  }
}

const name = fc.constantFrom('a', 'b', 'c');
const histogram = fc.nat(3).map((count): FloatHistogram => ({
  ...{ schema: 1, count, sum: count, zeroThreshold: 0, zeroCount: 0, counterReset: 'unknown' },
  ...{ positive: { indexes: [count], counts: [count] }, negative: { indexes: [], counts: [] } },
}));
const value: fc.Arbitrary<Value> = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 5 }) }, { weight: 1, arbitrary: fc.constant('stale' as const) }, { weight: 1, arbitrary: histogram });
const run = fc.record({ name, from: fc.integer({ min: -200, max: 200 }), step: fc.integer({ min: 0, max: 3 }), values: fc.array(value, { minLength: 1, maxLength: 40 }) });
const command = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('append' as const), runs: fc.array(run, { minLength: 1, maxLength: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('select' as const), from: fc.integer({ min: -250, max: 250 }), length: fc.nat(300) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('flush' as const, 'maintain' as const, 'reopen' as const) }) },
);

const isHistogram = (entry: unknown): entry is FloatHistogram => typeof entry === 'object';

/** Takes out what the store says about resets, which must be true of the sample before. */
function withoutHints(result: Record<string, [number, unknown][]>): Record<string, [number, unknown][]> {
  return Object.fromEntries(Object.entries(result).map(([labels, samples]) => [labels, samples.map(([timeMs, entry], i): [number, unknown] => {
    if (!isHistogram(entry) || entry.counterReset !== 'not_reset') return [timeMs, entry];
    const plain: FloatHistogram = { ...entry, counterReset: 'unknown' };
    const before = samples[i - 1]?.[1];
    if (i > 0) assert.ok(isHistogram(before) && !isCounterReset(plain, { ...before, counterReset: 'unknown' }), `${labels} ${String(timeMs)}`);
    return [timeMs, plain];
  })]));
}

function check(commands: readonly (typeof command extends fc.Arbitrary<infer T> ? T : never)[], open: () => MetricsStore, canReopen: boolean): void {
  const model = new Model();
  let store = open();
  let rejected = 0;
  const total = { appended: 0, refused: 0 };
  try {
    for (const step of commands) {
      if (step.kind === 'append') {
        const inputs = step.runs.map(({ name: metric, from, step: interval, values }): SeriesInput => [{ __name__: metric }, values.map((entry, i) => [from + i * interval, entry])]);
        // Floats of a batch come before its histograms.
        for (const areHistograms of [false, true]) {
          for (const [labels, samples] of inputs) {
            for (const [timeMs, entry] of samples) if ((typeof entry === 'object') === areHistograms) model.append(labels['__name__']!, timeMs, entry);
          }
        }
        const result = store.append(batchOf(...inputs));
        rejected += result.rejected.reduce((sum, { count }) => sum + count, 0);
        total.appended += result.appended;
        total.refused += result.rejected.length;
        assert.equal(rejected, model.rejected);
      } else if (step.kind === 'select') {
        assert.deepEqual(withoutHints(selectAll(store, [], step.from, step.from + step.length)), model.select(step.from, step.from + step.length));
      } else if (step.kind === 'flush') store.flush();
      else if (step.kind === 'maintain') store.maintain();
      else if (canReopen) {
        store.close();
        store = open();
      }
    }
    assert.deepEqual(withoutHints(selectAll(store)), model.select(-Infinity, Infinity));
    assert.equal(store.stats().samples, [...model.series.values()].reduce((sum, samples) => sum + samples.size, 0));
  } finally {
    store.close();
  }
}

suite('metrics store against a model', () => {
  const commands = fc.array(command, { maxLength: 30 });

  test('in a file, with restarts', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(commands, (steps) => {
        withFile((path) => {
          check(steps, () => openStore({ path }), true);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('in a file, with hardly any memory', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(commands, (steps) => {
        withFile((path) => {
          check(steps, () => openStore({ path, memoryBytes: 2048, seriesLimit: 100 }), true);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('in memory', () => {
    fc.assert(
      fc.property(commands, (steps) => {
        check(steps, () => openStore(), false);
      }),
      { numRuns: 150 },
    );
  });
});
