import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { AttributeValue } from '../../../../src/model/attributes.ts';
import type { LogRecord } from '../../../../src/model/log-record.ts';
import type { Span } from '../../../../src/model/span.ts';
import { LOG_LEVELS } from '../../../../src/store/events/encoding/log-level.ts';
import { openEventsStore, type EventsStore } from '../../../../src/store/events/events-store.ts';
import type { AttributeCondition, LogFilter, Page, PageRequest, SpanFilter } from '../../../../src/store/events/query/query-types.ts';
import { attributes, logRecord, resource, span } from './samples.ts';
import { levelOf, logTime, newestLogs, newestSpans, serviceOf, spanMatches } from './store-oracle.ts';

const BASE = 1_700_000_000_000_000_000n;
const NAMES = ['GET /', 'POST /v1/chat', 'SELECT', 'retry'];
const KEYS = ['http.status', 'user', 'list', 'note'];
const VALUES: readonly AttributeValue[] = [200, 500, '500', true, 'anna', 'ANNA b', ['anna', 3], { a: 1n }, 12n, null, new Uint8Array([1, 2]), 1.5];

const someValue = fc.constantFrom(...VALUES);
const someAttributes = fc.dictionary(fc.constantFrom(...KEYS), someValue, { noNullPrototype: true }).map(attributes);
const someResource = fc.constantFrom(resource('gateway'), resource('gateway', { user: 'anna' }), resource('cache', { zone: 'eu' }), resource(''));
const id = (digits: number, max: number): fc.Arbitrary<string> => fc.integer({ min: 1, max }).map((number) => String(number).padStart(digits, '0'));
// Coarse, so that times collide; some far off, so that blocks overlap.
const someTime = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 60 }).map((s) => BASE + BigInt(s) * 7_000_000n) }, { weight: 1, arbitrary: fc.constantFrom(5_000_000n, BASE * 2n, BASE + 1n) });

const someSpan: fc.Arbitrary<Span> = fc
  .record({
    traceId: id(32, 8),
    spanId: id(16, 40),
    parentSpanId: fc.oneof(fc.constant(''), id(16, 40)),
    name: fc.constantFrom(...NAMES),
    kind: fc.constantFrom('server', 'client'),
    startUnixNano: someTime,
    duration: fc.integer({ min: -1, max: 5 }),
    status: fc.constantFrom('unset', 'ok', 'error'),
    statusMessage: fc.constantFrom('', 'upstream Failed'),
    attributes: someAttributes,
    events: fc.array(fc.record({ timeUnixNano: someTime, name: fc.constantFrom('exception', 'cached'), attributes: someAttributes }, { noNullPrototype: true }), { maxLength: 1 }),
    resource: someResource,
  }, { noNullPrototype: true })
  .map(({ duration, ...parts }) => span({ ...parts, endUnixNano: parts.startUnixNano + BigInt(duration) * 1_000_000n }));

const someRecord: fc.Arbitrary<LogRecord> = fc
  .record({
    timeUnixNano: fc.oneof(fc.constant(0n), someTime),
    observedUnixNano: someTime,
    severityNumber: fc.integer({ min: 0, max: 24 }),
    severityText: fc.constantFrom('', 'INFO', 'ERROR'),
    body: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom<AttributeValue>('request 17 failed', 'Request 17 FAILED', 'ok', 'x'.repeat(300)) },
      { weight: 1, arbitrary: fc.constantFrom<AttributeValue>('ΟΔΟΣ done', 'İstanbul', '\u212a', { event: 'failed', n: 17 }, null) },
    ),
    attributes: someAttributes,
    traceId: fc.oneof(fc.constant(''), id(32, 5)),
    spanId: fc.oneof(fc.constant(''), id(16, 5)),
    resource: someResource,
  }, { noNullPrototype: true })
  .map(logRecord);

const somePattern = fc.constantFrom(/^5/, /anna/i, /a b$/, /nothing/).map((expression) => ({ matches: (text: string) => expression.test(text) }));
const someCondition: fc.Arbitrary<AttributeCondition> = fc
  .tuple(fc.constantFrom(...KEYS, 'zone', 'none'), fc.constantFrom(undefined, 'any' as const, 'own' as const, 'resource' as const, 'event' as const))
  .chain(([key, scope]) =>
    fc.oneof(
      fc.record({ op: fc.constantFrom('=', '!='), value: fc.constantFrom('500', 'anna', '3', 'true', '', 'AQI=', '{"a":"1"}') }),
      fc.record({ op: fc.constantFrom('=~', '!~'), pattern: somePattern }),
      fc.record({ op: fc.constantFrom('<', '<=', '>', '>='), value: fc.constantFrom(200, 500, 12, 1.5) }),
      fc.record({ op: fc.constantFrom('exists', 'missing') }),
    ).map((condition) => ({ key, scope, ...condition })),
  );

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const common = {
  services: maybe(fc.subarray(['gateway', 'cache', '', 'unknown'])),
  traceId: maybe(id(32, 9)),
  fromUnixNano: maybe(someTime),
  toUnixNano: maybe(someTime),
  attributes: maybe(fc.array(someCondition, { maxLength: 2 })),
};
const someSpanFilter: fc.Arbitrary<SpanFilter> = fc.record({
  ...common,
  operations: maybe(fc.subarray([...NAMES, 'unknown'])),
  operationPattern: maybe(fc.constant({ matches: (text: string) => text.startsWith('P') })),
  kinds: maybe(fc.subarray(['server' as const, 'client' as const])),
  status: maybe(fc.constantFrom('unset' as const, 'ok' as const, 'error' as const)),
  minDurationNano: maybe(fc.constantFrom(0, 2e6)),
  maxDurationNano: maybe(fc.constantFrom(0, 2e6)),
  isRoot: maybe(fc.boolean()),
  text: maybe(fc.constantFrom('ANNA', 'failed', 'except', '', 'post')),
  where: maybe(fc.constant((item: Span) => item.events.length > 0)),
});
const someLogFilter: fc.Arbitrary<LogFilter> = fc.record({
  ...common,
  spanId: maybe(id(16, 6)),
  levels: maybe(fc.subarray([...LOG_LEVELS])),
  minSeverity: maybe(fc.constantFrom(5, 17)),
  lines: maybe(
    fc.array(
      fc.oneof(
        fc.record({ op: fc.constantFrom('contains' as const, 'excludes' as const), text: fc.constantFrom('failed', 'FAIL', '17', 'ς', 'ΔΟΣ', 'İst', 'ist', '', 'k'), ignoreCase: maybe(fc.boolean()) }),
        fc.record({ op: fc.constantFrom('matches' as const, 'mismatches' as const), pattern: somePattern }),
      ),
      { maxLength: 2 },
    ),
  ),
});

function allPages<T>(search: (page: PageRequest) => Page<T>, limit: number, budgetMs?: number): T[] {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let pages = 0; ; pages++) {
    assert.ok(pages < 1000, 'paging does not end');
    const page = search({ limit, cursor, budgetMs });
    assert.ok(page.items.length <= limit);
    if (page.isComplete && page.next !== undefined) assert.equal(page.items.length, limit);
    items.push(...page.items);
    if (page.next === undefined) return items;
    cursor = page.next;
  }
}

const OPTIONS = {
  retentionAgeMs: undefined,
  retentionBytesTraces: 1e9,
  retentionBytesLogs: 1e9,
  memoryBytes: 1e8,
  clock: { nowMs: () => 1_700_000_000_000 },
  blockLimits: { records: 7, sizeBytes: 1e6 },
};

// A span may be repeated, but with one content: a span id stands for one span.
const someSpans = fc
  .array(fc.oneof({ weight: 1, arbitrary: someSpan }, { weight: 9, arbitrary: someSpan.filter((item) => item.startUnixNano < BASE * 2n && item.startUnixNano >= BASE) }), { minLength: 30, maxLength: 80 })
  .map((spans) => [...new Map(spans.map((item) => [item.traceId + item.spanId, item])).values()])
  .chain((spans) => fc.tuple(fc.constant(spans), fc.subarray(spans)).map(([all, again]) => [...all, ...again]));

suite('events store: answers equal those of a plain scan', () => {
  let folder: string;
  setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'sightline-events-'));
  });
  teardown(() => rmSync(folder, { recursive: true, force: true }));

  let files = 0;
  function withStore(run: (reopen: () => EventsStore) => void, useSqlite = true): void {
    const path = join(folder, `${files++}.db`);
    let store: EventsStore | undefined;
    try {
      run(() => {
        store?.dispose();
        store = openEventsStore({ ...OPTIONS, path, useSqlite });
        return store;
      });
    } finally {
      store?.dispose();
    }
  }

  for (const useSqlite of [true, false]) {
    const kind = useSqlite ? 'in a file' : 'in memory';
    test(`spans and traces ${kind}`, () => {
      fc.assert(
        fc.property(someSpans, fc.integer({ min: 1, max: 20 }), fc.array(someSpanFilter, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 9 }), (spans, batch, filters, limit) => {
          withStore((reopen) => {
            let store = reopen();
            for (let i = 0; i < spans.length; i += batch) store.appendSpans(spans.slice(i, i + batch));
            const rounds = useSqlite ? [0, 1] : [0];
            for (const round of rounds) {
              if (round === 1) store = reopen();
              assert.equal(store.stats().spans.records, spans.length);
              for (const filter of filters) {
                assert.deepEqual(allPages((page) => store.searchSpans(filter, page), limit), newestSpans(spans, filter));
                assert.deepEqual(allPages((page) => store.searchSpans(filter, page), limit, 0), newestSpans(spans, filter));
                checkTraces(store, spans, filter, limit);
              }
              checkTraceReads(store, spans);
              checkOperations(store, spans);
              checkDependencies(store, spans);
            }
          }, useSqlite);
        }),
        { numRuns: 60 },
      );
    }).timeout(60_000);

    test(`log records ${kind}`, () => {
      fc.assert(
        fc.property(fc.array(someRecord, { minLength: 30, maxLength: 80 }), fc.integer({ min: 1, max: 20 }), fc.array(someLogFilter, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 9 }), (records, batch, filters, limit) => {
          withStore((reopen) => {
            let store = reopen();
            for (let i = 0; i < records.length; i += batch) store.appendLogs(records.slice(i, i + batch));
            const rounds = useSqlite ? [0, 1] : [0];
            for (const round of rounds) {
              if (round === 1) store = reopen();
              for (const filter of filters) {
                assert.deepEqual(allPages((page) => store.searchLogs(filter, page), limit), newestLogs(records, filter));
                assert.deepEqual(allPages((page) => store.searchLogs(filter, page), limit, 0), newestLogs(records, filter));
                checkHistogram(store, records, filter);
              }
            }
          }, useSqlite);
        }),
        { numRuns: 60 },
      );
    }).timeout(60_000);
  }
});

function checkTraces(store: EventsStore, spans: readonly Span[], filter: SpanFilter, limit: number): void {
  const found = allPages((page) => store.searchTraces(filter, page), limit);
  const order = [...new Set(newestSpans(spans, filter).map((item) => item.traceId))];
  assert.deepEqual(found.map((trace) => trace.traceId), order);
  for (const trace of found) {
    const members = newestSpans(spans, { traceId: trace.traceId });
    assert.equal(trace.spanCount, members.length);
    assert.equal(trace.matchCount, members.filter((item) => spanMatches(item, filter)).length);
    assert.equal(trace.errorCount, members.filter((item) => item.status === 'error').length);
    assert.equal(trace.startUnixNano, members.at(-1)!.startUnixNano);
  }
}

function checkTraceReads(store: EventsStore, spans: readonly Span[]): void {
  for (const traceId of new Set(spans.map((item) => item.traceId))) {
    const byId = (a: Span, b: Span): number => (a.spanId < b.spanId ? -1 : 1);
    assert.deepEqual(store.getTrace(traceId).sort(byId), newestSpans(spans, { traceId }).sort(byId));
  }
  assert.deepEqual(store.getTrace('f'.repeat(32)), []);
  assert.deepEqual(store.getTrace('nonsense'), []);
}

function checkOperations(store: EventsStore, spans: readonly Span[]): void {
  const counts = new Map<string, number>();
  for (const item of spans) counts.set(`${serviceOf(item)}|${item.name}`, (counts.get(`${serviceOf(item)}|${item.name}`) ?? 0) + 1);
  assert.deepEqual(new Map(store.operations().map(({ service, name, count }) => [`${service}|${name}`, count])), counts);
  assert.deepEqual(store.services(), [...new Set(spans.map(serviceOf))].sort());
}

function checkDependencies(store: EventsStore, spans: readonly Span[]): void {
  const distinct = newestSpans(spans, {});
  const near = distinct.filter((item) => item.startUnixNano >= BASE && item.startUnixNano < BASE + 10n ** 9n);
  const calls = new Map<string, number>();
  for (const callee of spans) {
    const caller = near.find((item) => item.traceId === callee.traceId && item.spanId === callee.parentSpanId);
    if (!caller || serviceOf(caller) === serviceOf(callee)) continue;
    const key = `${serviceOf(caller)}>${serviceOf(callee)}`;
    calls.set(key, (calls.get(key) ?? 0) + 1);
  }
  // Callers outside the window count when they are in a block that reaches into it, so only the plain case is compared.
  if (near.length < distinct.length) return;
  const found = store.dependencies(BASE, BASE + 10n ** 9n).map(({ caller, callee, callCount }): [string, number] => [`${caller}>${callee}`, callCount]);
  assert.deepEqual(new Map(found), calls);
}

function checkHistogram(store: EventsStore, records: readonly LogRecord[], filter: LogFilter): void {
  const request = { filter: { ...filter, fromUnixNano: undefined, toUnixNano: undefined }, fromUnixNano: BASE, bucketNano: 50_000_000n, bucketCount: 5 };
  const counts: Record<string, number[]> = {};
  for (const record of newestLogs(records, request.filter)) {
    const time = logTime(record);
    const bucket = Number((time - BASE) / request.bucketNano);
    if (time < BASE || bucket >= 5) continue;
    (counts[levelOf(record)] ??= [0, 0, 0, 0, 0])[bucket]!++;
  }
  assert.deepEqual(store.countLogs(request).counts, counts);
}
