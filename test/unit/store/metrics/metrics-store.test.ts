import assert from 'node:assert/strict';
import { copyFileSync, existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { METRIC_NAME } from '../../../../src/model/labels.ts';
import { MetricBatchBuilder } from '../../../../src/model/metric-batch.ts';
import type { Matcher } from '../../../../src/model/series-source.ts';
import type { MetricsStore } from '../../../../src/store/metrics/store-types.ts';
import { batchOf, matcher, openStore, selectAll, withFile, type SeriesInput } from './store-fixture.ts';

const METRICS: readonly SeriesInput[] = [
  [{ __name__: 'up', job: 'gateway', instance: 'a' }, [[1, 1]]],
  [{ __name__: 'up', job: 'cache' }, [[1, 0]]],
  [{ __name__: 'requests', job: 'gateway', code: '200' }, [[5, 10]]],
  [{ __name__: 'requests', job: 'gateway', code: '500' }, [[9, 2]]],
  [{ __name__: 'Größe', '標籤': 'x' }, [[9, 3]]],
];

function names(store: MetricsStore, matchers: readonly Matcher[]): string[] {
  return store.select(matchers, -Infinity, Infinity).map(({ labels }) => labels.filter((_, i) => i % 2 === 1).join(','));
}

suite('metrics store', () => {
  test('matchers, also those that accept a missing label', () => {
    const store = openStore();
    store.append(batchOf(...METRICS));
    const cases: readonly [readonly Matcher[], readonly string[]][] = [
      [[matcher(METRIC_NAME, '=', 'up')], ['up,a,gateway', 'up,cache']],
      [[matcher(METRIC_NAME, '=', 'up'), matcher('instance', '=', '')], ['up,cache']],
      [[matcher(METRIC_NAME, '=', 'up'), matcher('instance', '!=', '')], ['up,a,gateway']],
      [[matcher(METRIC_NAME, '=~', 'u.*|req.*'), matcher('code', '!~', '5..')], ['up,a,gateway', 'up,cache', 'requests,200,gateway']],
      [[matcher('code', '=~', '.*')], ['up,a,gateway', 'up,cache', 'requests,200,gateway', 'requests,500,gateway', 'Größe,x']],
      [[matcher('code', '=~', '.+')], ['requests,200,gateway', 'requests,500,gateway']],
      [[matcher('code', '=~', '|200')], ['up,a,gateway', 'up,cache', 'requests,200,gateway', 'Größe,x']],
      [[{ ...matcher('code', '=~', '200|404|500'), literals: ['200', '404', '500', '200'] }], ['requests,200,gateway', 'requests,500,gateway']],
      [[matcher('job', '=', 'nobody')], []],
      [[matcher('job', '=', 'gateway'), matcher('job', '!=', 'gateway')], []],
      [[matcher('標籤', '=', 'x')], ['Größe,x']],
    ];
    for (const [matchers, expected] of cases) {
      const text = matchers.map(({ name, type, value }) => name + type + value).join(' ');
      assert.deepEqual(names(store, matchers), expected, text);
      assert.deepEqual(names(store, matchers), expected, `${text}, remembered`);
    }
    store.append(batchOf([{ __name__: 'up', job: 'new' }, [[1, 1]]]));
    assert.deepEqual(names(store, [matcher(METRIC_NAME, '=', 'up'), matcher('instance', '=', '')]), ['up,cache', 'up,new']);
  });

  test('late samples are put in their places by the first query, if blocks have none that are newer', () => {
    const store = openStore();
    const append = (timeMs: number): unknown => store.append(batchOf([{ __name__: 'm' }, [[timeMs, timeMs * 10]]]));
    const times = (): readonly number[] => store.select([], -Infinity, Infinity).flatMap(({ timestamps, length }) => [...timestamps.subarray(0, length)]);
    const isCopied = (): boolean => store.select([], -Infinity, Infinity)[0]!.timestamps !== store.select([], -Infinity, Infinity)[0]!.timestamps;
    for (const timeMs of [10, 30, 20, 40, 5]) append(timeMs);
    assert.deepEqual(times(), [5, 10, 20, 30, 40]);
    assert.ok(!isCopied());
    store.flush();
    for (const timeMs of [60, 50]) append(timeMs);
    assert.deepEqual(times(), [5, 10, 20, 30, 40, 50, 60]);
    assert.ok(!isCopied());
    append(35);
    assert.deepEqual(times(), [5, 10, 20, 30, 35, 40, 50, 60]);
    store.flush();
    assert.deepEqual(times(), [5, 10, 20, 30, 35, 40, 50, 60]);
    assert.equal(store.stats().outOfOrderTotal, 4);
  });

  test('labels, values and series within a time range', () => {
    const store = openStore();
    store.append(batchOf(...METRICS));
    assert.deepEqual(store.labelNames([], 0, 10), ['__name__', 'code', 'instance', 'job', '標籤']);
    assert.deepEqual(store.labelNames([], 0, 2), ['__name__', 'instance', 'job']);
    assert.deepEqual(store.labelNames([[matcher('code', '=', '200')], [matcher('標籤', '=', 'x')]], 0, 10), ['__name__', 'code', 'job', '標籤']);
    assert.deepEqual(store.labelValues('job', [], 0, 10), ['cache', 'gateway']);
    assert.deepEqual(store.labelValues('code', [[matcher('job', '=', 'gateway')]], 8, 10), ['500']);
    assert.deepEqual(store.series([[matcher('job', '=', 'cache')], [matcher(METRIC_NAME, '=', 'up')]], 0, 10), [
      ['__name__', 'up', 'instance', 'a', 'job', 'gateway'],
      ['__name__', 'up', 'job', 'cache'],
    ]);
  });

  test('the largest cardinalities', () => {
    const store = openStore();
    store.append(batchOf(...METRICS));
    const { labelCount, labelPairCount, seriesByMetric, valuesByLabel, seriesByLabelPair } = store.cardinalities(2);
    assert.deepEqual([labelCount, labelPairCount], [5, 9]);
    assert.deepEqual(seriesByMetric, [{ name: 'requests', value: 2 }, { name: 'up', value: 2 }]);
    assert.deepEqual(valuesByLabel, [{ name: '__name__', value: 3 }, { name: 'code', value: 2 }]);
    assert.deepEqual(seriesByLabelPair, [{ name: 'job=gateway', value: 3 }, { name: '__name__=requests', value: 2 }]);
  });

  test('a sample at a stored time is ignored when equal and refused when not', () => {
    const store = openStore();
    const append = (timeMs: number, value: number | 'stale') => store.append(batchOf([{ __name__: 'm' }, [[timeMs, value]]]));
    assert.deepEqual(append(10, 1), { appended: 1, rejected: [] });
    assert.deepEqual(append(10, 1), { appended: 1, rejected: [] });
    assert.deepEqual(append(10, 2), { appended: 0, rejected: [{ reason: 'duplicate_timestamp', count: 1 }] });
    assert.deepEqual(append(-5, 'stale'), { appended: 1, rejected: [] });
    assert.deepEqual(append(-5, NaN), { appended: 0, rejected: [{ reason: 'duplicate_timestamp', count: 1 }] });
    assert.deepEqual(selectAll(store), { '__name__ m': [[-5, 'stale'], [10, 1]] });
    const { repeatedTotal, outOfOrderTotal, rejectedTotal, samples } = store.stats();
    assert.deepEqual({ repeatedTotal, outOfOrderTotal, refused: rejectedTotal.duplicate_timestamp, samples }, { repeatedTotal: 1, outOfOrderTotal: 1, refused: 2, samples: 2 });
  });

  test('samples beyond the retention, unstorable times and too many series are refused and counted', () => {
    const store = openStore({ retentionAgeMs: 1000, clock: { nowMs: () => 5000 }, seriesLimit: 2 });
    const result = store.append(
      batchOf([{ __name__: 'a' }, [[3999, 1], [4000, 2], [2 ** 53, 1], [NaN, 1], [4000.5, 1]]], [{ __name__: 'b' }, [[4500, 1]]], [{ __name__: 'c' }, [[4500, 1], [4600, 1]]], [{ __name__: 'b' }, [[4600, 1]]]),
    );
    assert.equal(result.appended, 3);
    assert.deepEqual(Object.fromEntries(result.rejected.map(({ reason, count }) => [reason, count])), { too_old: 1, invalid_timestamp: 3, series_limit: 2 });
    assert.deepEqual(selectAll(store), { '__name__ a': [[4000, 2]], '__name__ b': [[4500, 1], [4600, 1]] });
    const strange = openStore();
    assert.deepEqual(strange.append(batchOf([{ __name__: 'a\uffffb' }, [[1, 1]]])).rejected, [{ reason: 'invalid_labels', count: 1 }]);
    assert.equal(strange.stats().series, 0);
    assert.deepEqual(store.append(batchOf([{ __name__: 'a' }, [[5000, 1]]])), { appended: 1, rejected: [] });
  });

  test('metadata and exemplars survive a restart, before and after a flush', () => {
    withFile((path) => {
      const push = (store: MetricsStore, timestampMs: number): void => {
        const builder = new MetricBatchBuilder();
        builder.startSeries(['__name__', 'latency_bucket', 'le', '1']);
        builder.addFloat(timestampMs, timestampMs);
        builder.addExemplar({ labels: ['trace_id', `t${timestampMs}`], value: 0.5, timestampMs });
        builder.addMetadata({ family: 'latency', type: 'histogram', help: `seen at ${timestampMs}`, unit: 'seconds' });
        store.append(builder.build());
      };
      let store = openStore({ path });
      push(store, 1);
      store.flush();
      push(store, 2);
      push(store, 2);
      store.close();
      store = openStore({ path });
      assert.deepEqual(store.metadata('latency'), [{ family: 'latency', type: 'histogram', help: 'seen at 2', unit: 'seconds' }]);
      assert.deepEqual(store.metadata('other'), []);
      const exemplar = (timestampMs: number) => ({ labels: ['trace_id', `t${timestampMs}`], value: 0.5, timestampMs });
      const series = ['__name__', 'latency_bucket', 'le', '1'];
      assert.deepEqual(store.exemplars([[matcher('le', '=', '1')]], 0, 10), [{ series, exemplars: [exemplar(1), exemplar(2)] }]);
      assert.deepEqual(store.exemplars([[matcher('le', '=', '1')]], 2, 10), [{ series, exemplars: [exemplar(2)] }]);
      assert.deepEqual(store.exemplars([[matcher('le', '=', '2')]], 0, 10), []);
      store.close();
    });
  });

  test('the oldest exemplars make room for new ones', () => {
    withFile((path) => {
      let store = openStore({ path, exemplarCapacity: 3 });
      for (let i = 1; i <= 7; i++) {
        const builder = new MetricBatchBuilder();
        builder.startSeries(['__name__', 'm']);
        builder.addFloat(i, i);
        builder.addExemplar({ labels: [], value: i, timestampMs: i });
        store.append(builder.build());
        store.flush();
      }
      assert.equal(store.stats().overwrittenExemplarsTotal, 4);
      store.close();
      store = openStore({ path, exemplarCapacity: 3 });
      assert.deepEqual(store.exemplars([], 0, 10)[0]!.exemplars.map(({ value }) => value), [5, 6, 7]);
      assert.equal(store.stats().overwrittenExemplarsTotal, 0);
      store.close();
    });
  });

  test('a crash in the middle of a flush loses and doubles nothing', () => {
    withFile((path) => {
      const store = openStore({ path, retentionBytes: 2 ** 21 });
      const inputs = Array.from({ length: 600 }, (_, i): SeriesInput => [{ __name__: `m${i}` }, Array.from({ length: 120 }, (_, t) => [t * 1000, Math.sin(i * t)])]);
      store.appendMany(inputs.map((input) => batchOf(input)));
      let steps = 0;
      while (store.stats().blocks === 0 && steps++ < 10) store.maintain();
      assert.equal(store.stats().flushesTotal, 0, 'the flush is under way');
      assert.ok(store.stats().blocks > 0);
      store.append(batchOf([{ __name__: 'm0' }, [[1e6, 42], [500, 43]]]));
      copyFileSync(path, `${path}.crashed`);
      copyFileSync(`${path}-wal`, `${path}.crashed-wal`);
      const expected = selectAll(store);
      const revived = openStore({ path: `${path}.crashed` });
      assert.deepEqual(selectAll(revived), expected);
      assert.equal(revived.stats().samples, 72_002);
      while (store.maintain());
      assert.equal(store.stats().flushesTotal, 1);
      assert.deepEqual(selectAll(store), expected);
      store.close();
      const reopened = openStore({ path });
      assert.deepEqual(selectAll(reopened), expected);
      assert.equal(reopened.stats().samples, 72_002);
      reopened.close();
      revived.close();
    });
  });

  test('damaged rows are passed over and counted, the rest stays', () => {
    withFile((path) => {
      const corrupt = (sql: string): void => {
        const db = new DatabaseSync(path);
        db.exec(sql);
        db.close();
      };
      let store = openStore({ path });
      for (const at of [1, 2, 3]) {
        store.append(batchOf([{ __name__: 'm' }, [[at, at]]]));
        store.flush();
      }
      for (const at of [4, 5]) store.append(batchOf([{ __name__: 'm' }, [[at, at]]]));
      store.close();
      corrupt("UPDATE block SET idx = x'01ffffffffffffffffff' WHERE id = 1; UPDATE block SET data = x'00' WHERE id = 2; UPDATE journal SET data = x'01ff7f00' WHERE id = 4");
      store = openStore({ path });
      assert.deepEqual(selectAll(store), { '__name__ m': [[3, 3], [5, 5]] });
      assert.ok(store.stats().corruptChunksTotal >= 3);
      store.append(batchOf([{ __name__: 'm' }, [[6, 6]]]));
      assert.deepEqual(selectAll(store), { '__name__ m': [[3, 3], [5, 5], [6, 6]] });
      store.close();
    });
  });

  test('labels with the separator of keys are refused, not taken for others', () => {
    const store = openStore();
    store.append(batchOf([{ __name__: 'm', a: 'b', c: 'd' }, [[1000, 1]]]));
    const result = store.append(batchOf([{ __name__: 'm', a: 'b\uffffc\uffffd' }, [[2000, 99]]]));
    assert.deepEqual(result, { appended: 0, rejected: [{ reason: 'invalid_labels', count: 1 }] });
    assert.equal(store.stats().samples, 1);
  });

  test('labels are bounded in bytes, however few the series', () => {
    const store = openStore({ memoryBytes: 2 ** 20 });
    const results = Array.from({ length: 40 }, (_, i) => store.append(batchOf([{ __name__: 'm', a: `${i}${'x'.repeat(100_000)}` }, [[1000, 1]]])));
    assert.deepEqual(results.at(-1), { appended: 0, rejected: [{ reason: 'series_limit', count: 1 }] });
    assert.ok(store.stats().series > 5 && store.stats().memoryBytes < 2 ** 22, JSON.stringify(store.stats()));
    assert.deepEqual(store.append(batchOf([{ __name__: 'm', a: `0${'x'.repeat(100_000)}` }, [[2000, 1]]])).rejected, []);
  });

  test('a clock that is put back does not put retention off', () => {
    withFile((path) => {
      let now = 10_000_000;
      const store = openStore({ path, retentionAgeMs: 5000, clock: { nowMs: () => now } });
      while (store.maintain());
      now = 10_000;
      store.append(batchOf([{ __name__: 'a' }, [[9000, 1]]]));
      store.flush();
      assert.equal(store.stats().blocks, 1);
      now = 20_000;
      while (store.maintain());
      assert.equal(store.stats().blocks, 0);
      store.close();
    });
  });

  test('retention by age drops old blocks and the series that only they had', () => {
    withFile((path) => {
      let now = 10_000;
      const options = { path, retentionAgeMs: 5000, clock: { nowMs: () => now } };
      let store = openStore(options);
      store.append(batchOf([{ __name__: 'gone' }, [[9000, 1]]], [{ __name__: 'kept' }, [[9500, 1]]]));
      store.flush();
      now = 20_000;
      store.append(batchOf([{ __name__: 'kept' }, [[19_000, 2]]]));
      while (store.maintain());
      const expected = { '__name__ kept': [[19_000, 2]] };
      assert.deepEqual(selectAll(store), expected);
      const { evictedBlocksTotal, evictedSamplesTotal, evictedSeriesTotal, minMs } = store.stats();
      assert.deepEqual({ evictedBlocksTotal, evictedSamplesTotal, evictedSeriesTotal, minMs }, { evictedBlocksTotal: 1, evictedSamplesTotal: 2, evictedSeriesTotal: 1, minMs: 19_000 });
      assert.deepEqual(store.labelValues('__name__', [], -Infinity, Infinity), ['kept']);
      store.append(batchOf([{ __name__: 'new' }, [[19_500, 3]]]));
      store.close();
      store = openStore(options);
      assert.deepEqual(selectAll(store), { ...expected, '__name__ new': [[19_500, 3]] });
      store.close();
    });
  });

  for (const isInFile of [true, false]) {
    test(`retention by bytes keeps the ${isInFile ? 'file' : 'memory'} bounded and drops the oldest first`, function () {
      this.timeout(20_000);
      withFile((path) => {
        let now = 0;
        const retentionBytes = 2 * 1024 * 1024;
        const store = openStore({ path: isInFile ? path : undefined, retentionBytes, memoryBytes: 8 * 1024 * 1024, clock: { nowMs: () => now } });
        const rounds = 800;
        for (let round = 0; round < rounds; round++) {
          now = round * 1000;
          store.append(batchOf(...Array.from({ length: 500 }, (_, i): SeriesInput => [{ __name__: `m${i}` }, [[round * 1000, Math.random()]]])));
          store.maintain();
        }
        now += 10_000;
        while (store.maintain());
        const { evictedSamplesTotal, samples, minMs, maxMs, diskBytes, memoryBytes } = store.stats();
        assert.ok(evictedSamplesTotal > 0);
        assert.equal(evictedSamplesTotal + samples, rounds * 500);
        assert.equal(maxMs, (rounds - 1) * 1000);
        assert.ok(minMs! > 0);
        assert.ok(diskBytes <= retentionBytes, `${diskBytes} bytes of data`);
        assert.ok(memoryBytes <= 8 * 1024 * 1024, `${memoryBytes} bytes of memory`);
        if (isInFile) assert.ok(statSync(path).size < 3 * retentionBytes, `${statSync(path).size} bytes of file`);
        store.close();
      });
    });
  }

  test('a sender that repeats itself does not fill the journal', () => {
    withFile((path) => {
      const retentionBytes = 1024 * 1024;
      const store = openStore({ path, retentionBytes });
      const batch = batchOf([{ __name__: 'm' }, Array.from({ length: 2000 }, (_, i) => [i, Math.sqrt(i)])]);
      for (let round = 0; round < 100; round++) store.append(batch);
      while (store.maintain());
      const { journalBytes, samples, repeatedTotal, diskBytes } = store.stats();
      assert.deepEqual({ samples, repeatedTotal }, { samples: 2000, repeatedTotal: 99 * 2000 });
      assert.ok(journalBytes <= retentionBytes / 4, `${journalBytes} bytes of journal`);
      assert.ok(diskBytes <= retentionBytes, `${diskBytes} bytes of data`);
      store.close();
    });
  });

  test('says whether it is durable', () => {
    withFile((path) => {
      const store = openStore({ path });
      assert.equal(store.isDurable, true);
      store.close();
      assert.equal(existsSync(path), true);
    });
    assert.equal(openStore().isDurable, false);
  });
});
