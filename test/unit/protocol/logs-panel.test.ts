import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isLogsEvent, isLogsRequest, isLogsState, type LogsState } from '../../../src/protocol/logs-panel.ts';

const state: LogsState = {
  version: 1, range: { kind: 'last', durationMs: 1 }, isLive: true, query: '', levels: ['warn'], services: ['a'], attributes: [{ key: 'k', op: '=', value: 'v' }],
  traceId: 'ab', requestId: '', arePatternsShown: false, isHistogramTable: false, serviceWidthPx: 100,
}; // prettier-ignore

suite('messages of the Logs panel', () => {
  test('good ones pass', () => {
    for (const request of [
      { type: 'ready' },
      { type: 'ask', id: 1, question: { name: 'searchLogs', params: { limit: 5 } } },
      { type: 'cancel', id: 1 },
      { type: 'copyText', text: 'x', what: 'Line' },
      { type: 'openTrace', traceId: 'ab', spanId: '' },
      { type: 'runAction', action: 'startDemo' },
      { type: 'setState', state },
    ]) assert.ok(isLogsRequest(request), JSON.stringify(request)); // prettier-ignore
    for (const event of [
      { type: 'init', locale: 'en' },
      { type: 'answer', id: 1, ok: true, answer: {} },
      { type: 'answer', id: 1, ok: false, error: 'no' },
      { type: 'status', connection: 'connected', detail: '' },
      { type: 'command', command: 'refresh' },
      { type: 'show', state: {} },
    ]) assert.ok(isLogsEvent(event), JSON.stringify(event)); // prettier-ignore
  });

  test('bad ones do not', () => {
    for (const request of [
      undefined,
      [],
      { type: 'ask', id: 1, question: { name: 'handOver', params: {} } },
      { type: 'ask', id: 1.5, question: { name: 'searchLogs', params: {} } },
      { type: 'openTrace', traceId: '../x', spanId: '' },
      { type: 'runAction', action: 'sightline.stopCollector' },
      { type: 'setState', state: { ...state, serviceWidthPx: -1 } },
      { type: 'setState', state: { ...state, range: { kind: 'last', durationMs: 0 } } },
    ]) assert.equal(isLogsRequest(request), false, JSON.stringify(request)); // prettier-ignore
    for (const event of [null, { type: 'answer', id: 1, ok: true }, { type: 'command', command: 'quit' }]) assert.equal(isLogsEvent(event), false);
  });

  test('anything at all is answered without an exception', () => {
    fc.assert(fc.property(fc.anything(), (value) => [isLogsRequest(value), isLogsEvent(value), isLogsState(value)].every((answer) => typeof answer === 'boolean')));
  });
});
