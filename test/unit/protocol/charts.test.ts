import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isChartsEvent, isChartsRequest, isChartsState } from '../../../src/protocol/charts.ts';

const state = { version: 1, range: { kind: 'last', durationMs: 900_000 }, isLive: true, providers: ['groq'], hidden: [], tables: ['rate'] };
const params = { startMs: 0, endMs: 60_000, stepMs: 1_000, queries: [{ id: 'a', expr: 'up' }] };

suite('messages of the Charts panel', () => {
  const good: readonly unknown[] = [
    { type: 'ready' },
    { type: 'queryRange', id: 1, params },
    { type: 'queryRange', id: 1, params: { ...params, endMs: 0 } },
    { type: 'cancel', id: 7 },
    { type: 'copyText', text: 'a,b', what: 'CSV' },
    { type: 'saveText', fileName: 'charts.csv', text: '' },
    { type: 'openTraces', startMs: 1, endMs: 2 },
    { type: 'openTraces', startMs: 1, endMs: 2, provider: 'groq' },
    { type: 'createAlertRule', expr: 'up == 0', title: 'Requests/s' },
    { type: 'runAction', action: 'startDemo' },
    { type: 'setState', state },
    { type: 'setColourSlots', slots: { groq: 0 } },
  ];
  const bad: readonly unknown[] = [
    undefined, null, 1, 'ready', [], {}, { type: 'Ready' },
    { type: 'queryRange', params },
    { type: 'queryRange', id: 1.5, params },
    { type: 'queryRange', id: 1, params: { ...params, stepMs: 0 } },
    { type: 'queryRange', id: 1, params: { ...params, stepMs: NaN } },
    { type: 'queryRange', id: 1, params: { ...params, endMs: -1 } },
    { type: 'queryRange', id: 1, params: { ...params, endMs: 1e12, stepMs: 1 } },
    { type: 'queryRange', id: 1, params: { ...params, queries: [{ id: 'a' }] } },
    { type: 'queryRange', id: 1, params: { ...params, queries: [{ id: 'a', expr: 'x'.repeat(10_001) }] } },
    { type: 'queryRange', id: 1, params: { ...params, queries: new Array(129).fill({ id: 'a', expr: 'up' }) } },
    { type: 'openTraces', startMs: 2, endMs: 1 },
    { type: 'openTraces', startMs: 1, endMs: 2, provider: 3 },
    { type: 'runAction', action: 'workbench.action.terminal.sendSequence' },
    { type: 'setState', state: { ...state, version: 2 } },
    { type: 'setState', state: { ...state, hidden: [1] } },
    { type: 'setState', state: { ...state, range: { kind: 'fixed', startMs: 5, endMs: 5 } } },
    { type: 'setColourSlots', slots: { groq: 'red' } },
  ]; // prettier-ignore

  test('good ones pass', () => {
    assert.deepEqual(good.filter((message) => !isChartsRequest(message)), []); // prettier-ignore
  });

  test('bad ones do not', () => {
    assert.deepEqual(bad.filter((message) => isChartsRequest(message)), []); // prettier-ignore
  });

  test('the guards answer for anything', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const verdicts = [isChartsRequest(value), isChartsEvent(value), isChartsState(value)];
        return verdicts.every((verdict) => typeof verdict === 'boolean');
      }),
    );
  });

  test('events of the host', () => {
    const events = [
      { type: 'init', locale: 'de', colourSlots: {} },
      { type: 'queryRangeAnswer', id: 1, ok: false, error: 'no' },
      { type: 'status', connection: 'offline', isPaused: false, detail: '' },
      { type: 'command', command: 'toggleLive' },
      { type: 'focusProviders', providers: [] },
      { type: 'setRange', range: { kind: 'last', durationMs: 1 } },
    ];
    assert.deepEqual(events.map(isChartsEvent), events.map(() => true)); // prettier-ignore
    assert.equal(isChartsEvent({ type: 'command', command: 'rm' }), false);
    assert.equal(isChartsEvent({ type: 'queryRangeAnswer', id: 1, ok: true }), false);
  });
});
