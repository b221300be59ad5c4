// A process that appends to the events store in argv[2] and says so on stdout, until it is killed.
import { systemClock } from '../../src/base/clock.ts';
import { openEventsStore } from '../../src/store/events/events-store.ts';
import { logRecord, span } from '../unit/store/events/samples.ts';

const RECORDS = 30;

const store = openEventsStore({
  path: process.argv[2], retentionAgeMs: undefined, retentionBytesTraces: 2 ** 30, retentionBytesLogs: 2 ** 30, memoryBytes: 2 ** 26, clock: systemClock,
});
for (let round = 0; ; round++) {
  const traceId = (round + 1).toString(16).padStart(32, '0');
  store.begin();
  store.appendSpans(Array.from({ length: RECORDS }, (_, i) => span({ traceId, spanId: (i + 1).toString(16).padStart(16, '0'), name: `${round}.${i}` })));
  store.appendLogs(Array.from({ length: RECORDS }, (_, i) => logRecord({ traceId, body: `${round}.${i}` })));
  store.commit();
  process.stdout.write(`${round}\n`);
  store.maintain();
}
