import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBackend } from '../../../../src/store/events/blocks/memory-backend.ts';
import { openSqliteBackend } from '../../../../src/store/events/blocks/sqlite-backend.ts';
import { EventsStore, openEventsStore, type EventsStoreOptions } from '../../../../src/store/events/events-store.ts';
import { loadSqlite } from '../../../../src/store/sqlite.ts';
import type { Span } from '../../../../src/model/span.ts';
import { attributes, logRecord, resource, span } from './samples.ts';

const BASE_MS = 1_700_000_000_000;
const sqlite = loadSqlite()!;

const id = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

/** Spans `from … to`, one a second, ten a trace, with something that does not compress. */
function spans(from: number, to: number, parts: Partial<Span> = {}): Span[] {
  return Array.from({ length: to - from }, (_, i) => {
    const number = from + i;
    const startUnixNano = BigInt(BASE_MS + number * 1000) * 1_000_000n;
    return span({
      traceId: id(1 + Math.floor(number / 10), 32),
      spanId: id(1 + number, 16),
      startUnixNano,
      endUnixNano: startUnixNano + 1000n,
      attributes: attributes({ number, noise: id(Math.imul(number + 1, 2654435761) >>> 0, 8).repeat(4) }),
      ...parts,
    });
  });
}

suite('events store: life', () => {
  let folder: string;
  let path: string;
  let nowMs: number;
  const open: EventsStore[] = [];

  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'sightline-events-'));
    path = join(folder, 'events.db');
    nowMs = BASE_MS + 3_600_000;
  });
  teardown(() => {
    for (const store of open.splice(0)) store.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const optionsWith = (options: Partial<EventsStoreOptions>): EventsStoreOptions => ({
    path,
    retentionAgeMs: undefined,
    retentionBytesTraces: 1e9,
    retentionBytesLogs: 1e9,
    memoryBytes: 1e8,
    clock: { nowMs: () => nowMs },
    blockLimits: { records: 50, sizeBytes: 1e6 },
    ...options,
  });

  function openStore(options: Partial<EventsStoreOptions> = {}): EventsStore {
    const store = openEventsStore(optionsWith(options));
    open.push(store);
    return store;
  }

  function close(store: EventsStore): void {
    open.splice(open.indexOf(store), 1);
    store.dispose();
  }

  function maintainAll(store: EventsStore): void {
    let rounds = 0;
    while (store.maintain()) assert.ok(rounds++ < 1000);
  }

  const numbers = (store: EventsStore): unknown[] =>
    store.searchSpans({}, { limit: 10_000 }).items.map((item) => item.attributes.get('number')).reverse();
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

  test('says whether it is durable', () => {
    assert.equal(openStore().isDurable, true);
    assert.equal(openStore({ path: undefined }).isDurable, false);
    assert.equal(openStore({ useSqlite: false }).isDurable, false);
  });

  test('a batch is committed as one', () => {
    const store = openStore();
    store.begin();
    for (let i = 0; i < 7; i++) store.appendSpans(spans(i * 20, i * 20 + 20));
    store.appendLogs([logRecord({ body: 'with it' })]);
    const other = openStore();
    assert.equal(other.stats().spans.records, 0);
    close(other);
    store.commit();
    close(store);
    const again = openStore();
    assert.deepEqual(numbers(again), range(0, 140));
    assert.deepEqual(again.searchLogs({}, { limit: 5 }).items.map((record) => record.body), ['with it']);
  });

  test('a commit that fails leaves what was there before', () => {
    const backend = openSqliteBackend(sqlite, path);
    let isFull = false;
    const store = new EventsStore(
      {
        ...backend,
        commit: (changes) => {
          if (isFull) throw new Error('disk is full');
          backend.commit(changes);
        },
      },
      optionsWith({}),
    );
    open.push(store);
    store.appendSpans(spans(0, 70));
    isFull = true;
    assert.throws(() => store.appendSpans(spans(70, 190)), /disk is full/);
    assert.deepEqual(numbers(store), range(0, 70));
    isFull = false;
    store.appendSpans(spans(70, 130));
    assert.deepEqual(numbers(store), range(0, 130));
    close(store);
    assert.deepEqual(numbers(openStore()), range(0, 130));
  });

  test('a record that cannot be encoded takes only its own batch with it', () => {
    for (const useSqlite of [true, false]) {
      const store = openStore({ useSqlite });
      store.appendSpans(spans(0, 100));
      const broken = span({
        attributes: {
          get size(): number {
            throw new Error('broken');
          },
        } as Span['attributes'],
      });
      assert.throws(() => store.appendSpans([...spans(100, 160), broken]), /broken/);
      assert.deepEqual(numbers(store), range(0, 100));
      store.appendSpans(spans(160, 260));
      assert.deepEqual(numbers(store), [...range(0, 100), ...range(160, 260)]);
      assert.deepEqual(store.operations().map(({ count }) => count), [200]);
      close(store);
    }
  });

  test('records without proper ids are dropped and counted', () => {
    const store = openStore();
    store.appendSpans([...spans(0, 2), span({ traceId: 'short' }), span({ spanId: '' })]);
    store.appendLogs([logRecord(), logRecord({ traceId: 'xyz' })]);
    const { spans: spanStats, logs } = store.stats();
    assert.deepEqual([spanStats.records, spanStats.dropped, logs.records, logs.dropped], [2, 2, 1, 1]);
  });

  test('a log record without any time gets the current one', () => {
    const store = openStore();
    store.appendLogs([logRecord({ timeUnixNano: 0n, observedUnixNano: 0n })]);
    const [record] = store.searchLogs({ fromUnixNano: BigInt(nowMs) * 1_000_000n }, { limit: 1 }).items;
    assert.deepEqual([record?.timeUnixNano, record?.observedUnixNano], [0n, BigInt(nowMs) * 1_000_000n]);
  });

  for (const isFile of [true, false]) {
    const kind = isFile ? 'in a file' : 'in memory';
    test(`the oldest blocks go when there are too many bytes, ${kind}`, () => {
      const sample = openStore({ path: undefined });
      sample.appendSpans(spans(0, 500));
      const limit = sample.stats().spans.storedBytes / 2;
      const store = openStore(isFile ? { retentionBytesTraces: limit } : { path: undefined, memoryBytes: limit * 4 });
      // Arrival is not age: the oldest come last.
      store.appendSpans(spans(250, 500));
      store.appendSpans(spans(0, 250));
      maintainAll(store);
      const { spans: stats } = store.stats();
      assert.ok(stats.storedBytes <= limit && stats.storedBytes > limit / 2);
      assert.deepEqual(numbers(store), range(500 - stats.records, 500));
      assert.equal(stats.evictedRecords, 500 - stats.records);
      assert.equal(stats.evictedBlocks, stats.evictedRecords / 50);
      assert.ok(stats.evictedUpToMs! >= BASE_MS + (stats.evictedRecords - 1) * 1000);
      assert.ok(stats.oldestMs! <= BASE_MS + stats.evictedRecords * 1000 && stats.oldestMs! > stats.evictedUpToMs! - 1000);
      if (!isFile) return;
      close(store);
      const again = openStore();
      assert.deepEqual(numbers(again), range(500 - stats.records, 500));
      assert.equal(again.stats().spans.evictedRecords, stats.evictedRecords);
    });
  }

  test('freed space is used again', () => {
    const sample = openStore({ path: undefined });
    sample.appendSpans(spans(0, 1000));
    const retentionBytesTraces = sample.stats().spans.storedBytes;
    // Closing moves the write-ahead log into the file, so that its size tells.
    const sizes = [5, 20].map((rounds) => {
      const store = openStore({ retentionBytesTraces });
      for (let i = 0; i < rounds; i++) {
        store.appendSpans(spans(i * 1000, (i + 1) * 1000));
        maintainAll(store);
      }
      close(store);
      return statSync(path).size;
    });
    assert.ok(sizes[1]! <= sizes[0]! * 1.2, sizes.join(' then '));
  });

  test('blocks past their age go, and a clock that is ahead keeps none longer', () => {
    const store = openStore({ retentionAgeMs: 3_600_000 });
    store.appendSpans(spans(0, 100));
    store.appendSpans(spans(1e6, 1e6 + 50));
    store.appendLogs(Array.from({ length: 50 }, () => logRecord({ timeUnixNano: BigInt(BASE_MS) * 1_000_000n })));
    nowMs = BASE_MS + 3_600_000 + 60_000;
    maintainAll(store);
    assert.deepEqual(numbers(store), [...range(50, 100), ...range(1e6, 1e6 + 50)]);
    assert.equal(store.stats().logs.records, 0);
    nowMs += 7_200_000;
    maintainAll(store);
    assert.deepEqual(numbers(store), []);
    assert.deepEqual(store.services(), []);
  });

  test('what is not in a full block yet stays whatever its age', () => {
    const store = openStore({ retentionAgeMs: 1000 });
    store.appendSpans(spans(0, 7));
    maintainAll(store);
    assert.deepEqual(numbers(store), range(0, 7));
  });

  test('pinned traces survive eviction and restart, spans that came after the pin included', () => {
    const store = openStore({ retentionAgeMs: 3_600_000 });
    store.appendSpans(spans(0, 50));
    const traceId = id(2, 32);
    assert.equal(store.pin(traceId), true);
    assert.equal(store.pin(id(99, 32)), false);
    const late = span({ ...spans(30, 31)[0]!, traceId, spanId: 'f'.repeat(16) });
    store.appendSpans([late, ...spans(50, 99)]);
    const before = store.getTrace(traceId);
    assert.equal(before.length, 11);
    nowMs += 7_200_000;
    maintainAll(store);
    assert.deepEqual(store.getTrace(traceId), before);
    assert.deepEqual(store.getTrace(id(3, 32)), []);
    assert.deepEqual(store.searchTraces({}, { limit: 9 }).items.map((trace) => [trace.traceId, trace.spanCount]), [[traceId, 11]]);
    assert.deepEqual(store.pinnedTraces(), [{ traceId, pinnedMs: BASE_MS + 3_600_000, spanCount: 11 }]);
    close(store);
    const again = openStore();
    assert.deepEqual(again.getTrace(traceId), before);
    assert.equal(again.stats().pinnedTraces, 1);
    again.unpin(traceId);
    assert.deepEqual(again.getTrace(traceId), []);
    close(again);
    assert.deepEqual(openStore().pinnedTraces(), []);
  });

  test('of a span that is sent again the later copy is read', () => {
    const store = openStore();
    const [first] = spans(0, 1);
    store.appendSpans([first!, ...spans(1, 60)]);
    store.appendSpans([{ ...first!, status: 'error' }]);
    const trace = store.getTrace(first!.traceId);
    assert.deepEqual([trace.length, trace[0]!.status], [10, 'error']);
  });

  test('a tail follows arrivals across blocks and a restart', () => {
    const store = openStore();
    store.appendSpans(spans(0, 45));
    const start = store.tailSpans({}, undefined, 100);
    assert.deepEqual(start.items, []);
    store.appendSpans(spans(200, 260));
    store.appendSpans(spans(100, 110, { resource: resource('other') }));
    const all = store.tailSpans({}, start.position, 100);
    assert.deepEqual(all.items.map((item) => item.attributes.get('number')), [...range(200, 260), ...range(100, 110)]);
    assert.deepEqual(store.tailSpans({}, all.position, 100).items, []);
    const few = store.tailSpans({}, start.position, 10);
    assert.deepEqual([few.items.length, few.skipped], [10, 60]);
    assert.equal(store.tailSpans({ services: ['other'] }, start.position, 100).items.length, 10);
    close(store);
    const again = openStore();
    again.appendSpans(spans(300, 301));
    assert.deepEqual(again.tailSpans({}, all.position, 100).items.map((item) => item.attributes.get('number')), [300]);
    again.appendLogs([logRecord()]);
    assert.equal(again.tailLogs({}, '1.0', 10).items.length, 1);
  });

  test('a damaged block is counted and does not hide the others', () => {
    const store = openStore();
    store.appendSpans(spans(0, 150));
    close(store);
    const database = new sqlite.DatabaseSync(path);
    database.exec("UPDATE span_data SET detail = x'020fffff' WHERE id = 2; UPDATE span_data SET core = x'09' WHERE id = 3");
    database.close();
    const again = openStore();
    assert.deepEqual(numbers(again), range(0, 50));
    assert.equal(again.stats().spans.unreadableBlocks, 2);
    assert.deepEqual(again.getTrace(id(7, 32)), []);
    assert.deepEqual(numbers(again), range(0, 50));
  });

  test('damaged rows of the open block are counted as dropped', () => {
    const store = openStore();
    store.appendSpans(spans(0, 3));
    close(store);
    const database = new sqlite.DatabaseSync(path);
    database.exec("UPDATE span_wal SET bytes = x'ff'");
    database.close();
    const again = openStore();
    assert.deepEqual([numbers(again), again.stats().spans.dropped], [[], 1]);
    again.appendSpans(spans(0, 2));
    close(again);
    assert.deepEqual(numbers(openStore()), [0, 1]);
  });

  test('times of a search are bounded by its budget, and paging goes on', () => {
    const store = new EventsStore(createMemoryBackend(), optionsWith({ path: undefined }));
    open.push(store);
    store.appendSpans(spans(0, 500));
    const nothing = { attributes: [{ key: 'number', op: '>', value: 1e9 } as const] };
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = store.searchSpans(nothing, { limit: 10, cursor, budgetMs: 0 });
      assert.deepEqual(page.items, []);
      assert.ok(page.scannedBlocks <= 1);
      cursor = page.next;
      pages++;
    } while (cursor !== undefined);
    assert.equal(pages, 10);
  });
});
