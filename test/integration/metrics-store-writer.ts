// A process that appends to the metrics store in argv[2] and says so on stdout, until it is killed.
import { systemClock } from '../../src/base/clock.ts';
import { MetricBatchBuilder } from '../../src/model/metric-batch.ts';
import { openMetricsStore } from '../../src/store/metrics/metrics-store.ts';

const SERIES = 200;

const store = openMetricsStore({ path: process.argv[2], retentionAgeMs: undefined, retentionBytes: 2 ** 30, memoryBytes: 2 ** 26, clock: systemClock });
for (let round = 0; ; round++) {
  const builder = new MetricBatchBuilder();
  for (let i = 0; i < SERIES; i++) {
    builder.startSeries(['__name__', 'written', 'i', String(i), 'parity', round % 2 === 0 ? 'even' : 'odd']);
    for (let t = 0; t < 10; t++) builder.addFloat(round * 1000 + t, round + i / SERIES);
  }
  store.append(builder.build());
  process.stdout.write(`${round}\n`);
  store.maintain();
}
