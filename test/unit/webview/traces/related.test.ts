import assert from 'node:assert/strict';
import { chartEntities, chartsWindow, logLines, logsWindow } from '../../../../webview/traces/model/related.ts';

const START = '1700000000000500000';
const START_MS = 1_700_000_000_000;

suite('what belongs to a span', () => {
  test('windows enclose the trace and the span, in whole milliseconds', () => {
    assert.deepEqual(logsWindow({ startUnixNano: START, durationNano: 2_000_000_000 }), { startMs: START_MS - 60_000, endMs: START_MS + 62_001 });
    assert.deepEqual(chartsWindow(START, { offsetNano: 1_000_000_000, durationNano: 0 }), { startMs: START_MS + 1_000 - 300_000, endMs: START_MS + 1_001 + 300_000 });
    assert.equal(logsWindow({ startUnixNano: '0', durationNano: 0 }).startMs, 0);
  });

  test('the charts are those of the provider that is called, and of the service', () => {
    assert.deepEqual(chartEntities('gateway', { 'gen_ai.system': 'openai' }).map(({ name }) => name), ['openai', 'gateway']);
    assert.deepEqual(chartEntities('gateway', { 'gen_ai.provider.name': 'groq', 'gen_ai.system': 'x' }).map(({ name }) => name), ['groq', 'gateway']);
    assert.deepEqual(chartEntities('gateway', { 'gen_ai.system': 7 }).map(({ name }) => name), ['gateway']);
  });

  test('lines are in order of time, from the start of the trace', () => {
    const record = { severityText: '', attributes: {}, traceId: '', eventName: '', scope: 0, level: 'info' } as const;
    const records = [
      { ...record, timeUnixNano: '1700000000001500000', line: 'second', spanId: 'b', resource: 0 },
      { ...record, timeUnixNano: '1699999999999500000', line: 'before', spanId: '', resource: 9 },
    ];
    assert.deepEqual(
      logLines({ records, resources: [{ service: 'gateway', attributes: {} }] }, START).map(({ line, offsetNano, service }) => [line, offsetNano, service]),
      [['before', -1_000_000, 'unknown_service'], ['second', 1_000_000, 'gateway']],
    );
  });
});
