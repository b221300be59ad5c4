import assert from 'node:assert/strict';
import { answerStoreQuery } from '../../../src/collector/store-queries.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { MetricBatchBuilder } from '../../../src/model/metric-batch.ts';
import { openMetricsStore } from '../../../src/store/metrics/metrics-store.ts';

suite('collector: API calls that evaluate nothing', () => {
  test('families and labels may have the names of what objects have', () => {
    const store = openMetricsStore({ path: undefined, clock: { nowMs: () => 1000 }, retentionAgeMs: undefined, retentionBytes: 2 ** 30, memoryBytes: 2 ** 26 });
    const families = ['__proto__', 'constructor', 'toString'];
    const batch = new MetricBatchBuilder();
    for (const family of families) {
      batch.addMetadata({ family, type: 'gauge', help: `about ${family}`, unit: '' });
      batch.startSeries(labelsFromRecord(Object.fromEntries([['__name__', family], ['__proto__', 'x']])));
      batch.addFloat(1000, 1);
    }
    store.append(batch.build());
    const answer = (query: Parameters<typeof answerStoreQuery>[0]): string => Buffer.from(answerStoreQuery(query, store, false).body).toString();
    const about = (family: string): string => `${JSON.stringify(family)}:[{"type":"gauge","help":"about ${family}","unit":""}]`;
    assert.equal(answer({ kind: 'metadata', metric: '', limit: -1, limitPerMetric: -1 }), `{"status":"success","data":{${families.map(about).join(',')}}}`);
    assert.equal(answer({ kind: 'metadata', metric: '', limit: 1, limitPerMetric: -1 }), `{"status":"success","data":{${about('__proto__')}}}`);
    assert.equal(
      answer({ kind: 'series', matchers: ['constructor'], startMs: 0, endMs: 2000, limit: 0 }),
      '{"status":"success","data":[{"__name__":"constructor","__proto__":"x"}]}',
    );
    store.close();
  });
});
