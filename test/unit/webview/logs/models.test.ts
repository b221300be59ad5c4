import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LogLevelName, LogRecordDetail } from '../../../../src/protocol/logs.ts';
import { completionsAt, logqlOf, problemSpan, problemText, withLineFilter } from '../../../../webview/logs/model/filter-text.ts';
import { axisTop, bucketAt, histogramOf, levelTotals, planBuckets } from '../../../../webview/logs/model/histogram.ts';
import { compareRows, mergeArrivals, rowsOf, type LogRow } from '../../../../webview/logs/model/log-rows.ts';
import { addCondition, applyPartial, chipsOf, clearFilter, DEFAULT_STATE, filterOf, isFiltered, nanoText, restoreState } from '../../../../webview/logs/model/panel-state.ts';
import { groupPatterns, patternOf, regexOf } from '../../../../webview/logs/model/patterns.ts';
import { fieldGroups, isoTime, recordJson, requestIdOf } from '../../../../webview/logs/model/record-json.ts';
import { ROW_HEIGHT_PX, RowLayout } from '../../../../webview/logs/model/row-layout.ts';
import { rowTimeFormat } from '../../../../webview/logs/model/row-time.ts';

let lastKey = 0;
const nextKey = (): number => ++lastKey;

function record(atNano: bigint, line = 'a line', change: Partial<LogRecordDetail> = {}): LogRecordDetail {
  return { timeUnixNano: atNano.toString(), level: 'info', severityText: '', line, attributes: {}, traceId: '', spanId: '', eventName: '', resource: 0, scope: 0, ...change };
}

const rows = (...records: LogRecordDetail[]): LogRow[] => rowsOf({ records, resources: [{ service: 'gateway', attributes: { 'service.name': 'gateway' } }], scopes: [] }, nextKey);
const lines = (all: readonly LogRow[]): string => all.map((row) => row.record.line).join(' ');

suite('log rows', () => {
  const page = rows(record(300n, 'c'), record(200n, 'b'), record(100n, 'a'));

  test('what arrives newer stands on top, newest first', () => {
    assert.equal(lines(mergeArrivals(page, rows(record(400n, 'd'), record(500n, 'e')), false).rows), 'e d c b a');
  });

  test('what arrives late goes to its time', () => {
    const merged = mergeArrivals(page, rows(record(150n, 'late'), record(500n, 'new'), record(50n, 'last')), false);
    assert.equal(lines(merged.rows), 'new c b late a last');
    assert.equal(merged.added.length, 3);
  });

  test('the first tail does not repeat what the page had, but keeps a second equal record', () => {
    const merged = mergeArrivals(page, rows(record(300n, 'c'), record(300n, 'c'), record(301n, 'd')), true);
    assert.equal(lines(merged.rows), 'd c c b a');
  });

  test('times of other lengths are compared as numbers', () => {
    const [small, large] = rows(record(99n), record(100n));
    assert.ok(compareRows(large!, small!) < 0);
  });

  test('merging is sorting', () => {
    const times = fc.array(fc.bigInt({ min: 0n, max: 50n }), { maxLength: 30 });
    fc.assert(
      fc.property(times, times, (first, second) => {
        const start = mergeArrivals([], rows(...first.map((time) => record(time))), false).rows;
        const merged = mergeArrivals(start, rows(...second.map((time) => record(time))), false).rows;
        const expected = [...first, ...second].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)).map(String);
        assert.deepEqual(merged.map((row) => row.record.timeUnixNano), expected);
      }),
    );
  });
});

suite('row layout', () => {
  test('a detail moves what stands below it', () => {
    const layout = new RowLayout();
    layout.update(10, [[2, 100]]);
    assert.deepEqual([0, 2, 3, 9].map((index) => layout.topOf(index)), [0, 2 * ROW_HEIGHT_PX, 3 * ROW_HEIGHT_PX + 100, 9 * ROW_HEIGHT_PX + 100]);
    assert.equal(layout.heightPx, 10 * ROW_HEIGHT_PX + 100);
    assert.equal(layout.indexAt(3 * ROW_HEIGHT_PX + 99), 2);
    assert.equal(layout.indexAt(3 * ROW_HEIGHT_PX + 100), 3);
  });

  test('the row at the top of a row is that row', () => {
    const details = fc.uniqueArray(fc.tuple(fc.nat(49), fc.integer({ min: 1, max: 400 })), { selector: ([index]) => index, maxLength: 8 });
    fc.assert(
      fc.property(details, fc.nat(49), (some, index) => {
        const layout = new RowLayout();
        layout.update(50, some);
        assert.equal(layout.indexAt(layout.topOf(index)), index);
        assert.equal(layout.indexAt(layout.topOf(index) + ROW_HEIGHT_PX - 1), index);
      }),
    );
  });

  test('stays inside what there is', () => {
    const layout = new RowLayout();
    layout.update(3, []);
    assert.deepEqual([-10, 0, 1e9].map((y) => layout.indexAt(y)), [0, 0, 2]);
    layout.update(0, []);
    assert.equal(layout.indexAt(5), 0);
  });
});

suite('filter text', () => {
  for (const [typed, sent] of [
    ['timeout', undefined],
    ['', undefined],
    ['a | b', undefined],
    ['{service_name="x"} |= `y`', '{service_name="x"} |= `y`'],
    ['|= `y`', '{} |= `y`'],
    ['| json | status>=500', '{} | json | status>=500'],
    ['!= `y`', '{} != `y`'],
  ] as const) {
    test(`${JSON.stringify(typed)} is ${sent === undefined ? 'text' : 'LogQL'}`, () => assert.equal(logqlOf(typed)?.text, sent));
  }

  test('a problem is where it was typed', () => {
    const problem = { field: 'logql', message: 'unknown stage', startOffset: 5, endOffset: 8 } as const;
    assert.deepEqual(problemSpan('| bad', problem), { start: 2, end: 5 });
    assert.deepEqual(problemSpan('{} | bad', problem), { start: 5, end: 8 });
    assert.equal(problemText('| bad', problem), 'unknown stage (column 3)');
    assert.equal(problemText('x', { field: 'attributes', index: 0, message: 'no' }), 'no');
  });

  test('line filters are added', () => {
    assert.equal(withLineFilter('', '|=', 'a'), '|= `a`');
    assert.equal(withLineFilter('{} | json', '!=', 'a`b'), '{} | json != "a`b"');
    assert.equal(withLineFilter('10.5%', '|~', 'x'), '|~ `(?i)10\\.5%` |~ `x`');
  });

  const offers = (typed: string, caret = typed.length): string[] => completionsAt(typed, caret, ['gateway', 'router']).map(({ label }) => label);
  test('completes labels, services and stages, and nothing in plain text', () => {
    assert.deepEqual(offers('{'), ['service_name', 'level']);
    assert.deepEqual(offers('{service_name="g'), ['gateway']);
    assert.deepEqual(offers('{service_name="gateway", le'), ['level']);
    assert.deepEqual(offers('{} |'), ['|=', '|~', '| json', '| logfmt']);
    assert.deepEqual(offers('{} | j'), ['| json']);
    assert.deepEqual(offers('time'), []);
    const [gateway] = completionsAt('{service_name="g"}', 16, ['gateway']);
    assert.deepEqual([gateway?.text, gateway?.caret], ['{service_name="gateway"}', 22]);
  });
});

suite('panel state', () => {
  test('a broken or foreign state becomes the default', () => {
    for (const saved of [undefined, {}, { ...DEFAULT_STATE, version: 2 }, { ...DEFAULT_STATE, levels: ['loud'] }, { ...DEFAULT_STATE, traceId: 'xyz' }]) assert.equal(restoreState(saved), DEFAULT_STATE);
    const state = { ...DEFAULT_STATE, query: 'a', services: ['x'], areFacetsShown: false };
    assert.deepEqual(restoreState(JSON.parse(JSON.stringify(state))), state);
  });

  test('what is chosen becomes parameters, what is not is left out', () => {
    assert.deepEqual(filterOf(DEFAULT_STATE), {});
    const condition = { key: 'a', op: '=', value: '1' } as const;
    assert.deepEqual(filterOf({ ...DEFAULT_STATE, query: ' x ', levels: ['warn'], services: ['s'], attributes: [condition], traceId: 'ab', requestId: 'r' }), {
      text: 'x', levels: ['warn'], services: ['s'], attributes: [condition], traceId: 'ab', requestId: 'r',
    }); // prettier-ignore
    assert.deepEqual(filterOf({ ...DEFAULT_STATE, query: '|= `x`' }), { logql: '{} |= `x`' });
  });

  test('conditions that cannot hold together replace each other', () => {
    let state = addCondition(DEFAULT_STATE, { key: 'a', op: '!=', value: '1' });
    state = addCondition(state, { key: 'a', op: '!=', value: '2' });
    state = addCondition(state, { key: 'a', op: '!=', value: '2' });
    state = addCondition(state, { key: 'b', op: '=', value: '1' });
    assert.deepEqual(chipsOf(state).map(({ label }) => label), ['a!=1', 'a!=2', 'b=1']);
    assert.deepEqual(chipsOf(addCondition(state, { key: 'a', op: '=', value: '3' })).map(({ label }) => label), ['b=1', 'a=3']);
  });

  test('each chip takes itself away', () => {
    let state = applyPartial(DEFAULT_STATE, { services: ['a', 'b'], traceId: '0123456789abcdef', requestId: 'r-1', attributes: [{ key: 'k', op: 'exists', value: '' }] });
    assert.ok(isFiltered(state));
    while (chipsOf(state).length > 0) state = chipsOf(state)[0]!.without;
    assert.deepEqual(state, clearFilter(state));
    assert.equal(isFiltered(state), false);
  });

  test('times are exact nanoseconds', () => assert.equal(nanoText(1_763_700_000_123.9), '1763700000123000000'));
});

suite('patterns', () => {
  for (const [line, pattern] of [
    ['GET /v1/x 200 in 12.5 ms', 'GET /v#/x # in # ms'],
    ['key 4e2bd51afba66927 gone', 'key <id> gone'],
    ['id 4bf92f35-77b3-4da6-a3ce-929d0e0e4736', 'id <id>'],
    ['said "a \\"b\\" 5" and \'c\'', 'said "…" and "…"'],
    ['the facade decade', 'the facade decade'],
    ['deadbeef', 'deadbeef'],
  ] as const) {
    test(line, () => assert.equal(patternOf(line), pattern));
  }

  test('the regular expression finds the lines of its pattern', () => {
    for (const line of ['GET /v1/x (200) in 12.5 ms', 'key 4e2bd51afba66927 $gone|', 'said "a b" 0x1234abcd']) assert.match(line, new RegExp(regexOf(patternOf(line))));
    assert.doesNotMatch('GET /v1/y (200) in 12 ms', new RegExp(regexOf(patternOf('GET /v1/x (200) in 12 ms'))));
  });

  test('groups, counts and shares', () => {
    const level = (name: LogLevelName): Partial<LogRecordDetail> => ({ level: name });
    const groups = groupPatterns(rows(record(1n, 'a 1'), record(2n, 'b', level('error')), record(3n, 'a 2', level('warn')), record(4n, 'a 3')), 10);
    assert.deepEqual(groups.map(({ text, count, share, level: worst }) => [text, count, share, worst]), [['a #', 3, 0.75, 'warn'], ['b', 1, 0.25, 'error']]); // prettier-ignore
  });
});

suite('log histogram', () => {
  test('buckets are round and cover the range', () => {
    assert.deepEqual(planBuckets(1_000_123, 4_600_123, 100), { startMs: 960_000, bucketMs: 60_000, bucketCount: 61 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 1, max: 1e11 }), fc.integer({ min: 20, max: 300 }), (start, span, wanted) => {
        const { startMs, bucketMs, bucketCount } = planBuckets(start, start + span, wanted);
        assert.ok(startMs <= start && startMs + bucketCount * bucketMs >= start + span && bucketCount <= wanted + 1 && startMs % bucketMs === 0);
      }),
    );
  });

  test('stacks the chosen levels, the most severe first; facets count all', () => {
    const answer = { counts: { info: [1, 2], error: [3, 0] }, total: 6 };
    const plan = { startMs: 0, bucketMs: 10, bucketCount: 2 };
    const all = histogramOf(plan, answer, []);
    assert.deepEqual([all.levels.map(({ level }) => level), all.peak, all.total], [['error', 'info'], 4, 6]);
    assert.deepEqual([histogramOf(plan, answer, ['info']).peak, histogramOf(plan, answer, ['info']).total], [2, 3]);
    assert.deepEqual([levelTotals(answer).get('error'), levelTotals(answer).get('fatal')], [3, 0]);
  });

  test('axis and pointer', () => {
    assert.deepEqual([0, 1, 3, 10, 11, 60].map(axisTop), [1, 1, 5, 10, 20, 100]);
    const plan = { startMs: 0, bucketMs: 10, bucketCount: 4 };
    assert.deepEqual([-5, 0, 99, 100, 1000].map((x) => bucketAt(plan, x, 400)), [0, 0, 0, 1, 3]);
  });
});

suite('a record in full', () => {
  const [row] = rows(record(1_763_700_000_123_456_789n, 'line', { attributes: { 'request.id': 'r-7', n: 5, list: [1, 2] }, traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), severityText: 'INFO', body: { a: 1 } }));

  test('as JSON', () => {
    assert.deepEqual(JSON.parse(recordJson(row!)), {
      time: '2025-11-21T04:40:00.123456789Z',
      timeUnixNano: '1763700000123456789',
      level: 'info',
      severityText: 'INFO',
      body: { a: 1 },
      attributes: { 'request.id': 'r-7', n: 5, list: [1, 2] },
      traceId: 'ab'.repeat(16),
      spanId: 'cd'.repeat(8),
      service: 'gateway',
      resource: { 'service.name': 'gateway' },
    });
  });

  test('as fields; what can be filtered by says where', () => {
    const groups = fieldGroups(row!);
    assert.deepEqual(groups.map(({ title, fields }) => [title, fields.length]), [['Record', 4], ['Attributes', 3], ['Resource', 1]]); // prettier-ignore
    assert.deepEqual(groups[1]!.fields[2], { key: 'list', text: '[1,2]', scope: 'own' });
  });

  test('its request id, its time', () => {
    assert.equal(requestIdOf(row!), 'r-7');
    assert.equal(requestIdOf(rows(record(1n))[0]!), undefined);
    assert.equal(isoTime('1000000001'), '1970-01-01T00:00:01.000000001Z');
  });

  test('the time column', () => {
    const zone = { locale: 'en-US', timeZone: 'UTC' };
    assert.equal(rowTimeFormat(zone, false).format(3_723_004), '01:02:03.004');
    assert.equal(rowTimeFormat(zone, true).format(3_723_004), '01/01, 01:02:03.004');
  });
});
