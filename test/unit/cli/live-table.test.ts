import assert from 'node:assert/strict';
import { HealthSummary } from '../../../src/cli/health-summary.ts';
import { latencyText, percentText, rateText, renderTable, rowsOf, type TableRow } from '../../../src/cli/live-table.ts';
import type { HealthSnapshot, HealthState, ProviderHealth } from '../../../src/model/health.ts';

function provider(name: string, state: HealthState, more: Partial<ProviderHealth> = {}): ProviderHealth {
  return { kind: 'provider', system: 'bifrost', id: `provider/bifrost/${name}`, name, state, reasons: [], sinceMs: 0, sparkline: [], latency: {}, models: [], keys: [], errors: [], ...more };
}

const snapshot = (atMs: number, ...providers: ProviderHealth[]): HealthSnapshot => ({ atMs, providers, services: [], targets: [] });

suite('live table', () => {
  const rows: readonly TableRow[] = [
    { name: 'bedrock', requestsPerSecond: 2.996, successRatio: 1, latency: { p50: 2.12, p95: 3.4, p99: 12.04 }, state: 'degraded', remark: 'p95 3.4 s (threshold 2 s)' },
    { name: 'groq', requestsPerSecond: 123.4, successRatio: 0.9996, latency: { p50: 0.0451, p95: 0.9999 }, state: 'healthy' },
    { name: 'x', latency: {}, state: 'offline' },
  ];

  test('lines up', () => {
    assert.deepEqual(renderTable(rows, undefined), [
      'provider  req/s  success %      p50     p95     p99  state',
      'bedrock    3.00      100.0   2.12 s  3.40 s  12.0 s  ⚠ degraded  p95 3.4 s (threshold 2 s)',
      'groq        123       99.9  45.1 ms  1.00 s       –  ✓ healthy',
      'x             –          –        –       –       –  ⊘ offline',
    ]);
  });

  test('never wraps', () => {
    for (const width of [20, 60, 80]) assert.ok(renderTable(rows, width).every((line) => line.length <= width));
    assert.equal(renderTable(rows, 60)[1]!.at(-1), '…');
  });

  test('numbers', () => {
    assert.deepEqual([0, 0.123, 9.994, 9.996, 99.96, undefined].map(rateText), ['0.00', '0.12', '9.99', '10.0', '100', '–']);
    assert.deepEqual([0, 0.7104, 0.99999, 1].map(percentText), ['0.0', '71.0', '99.9', '100.0']);
    assert.deepEqual([0.0004, 0.0999, 0.99949, 0.9995, 59.96].map(latencyText), ['0.40 ms', '99.9 ms', '999 ms', '1.00 s', '60.0 s']);
  });

  test('rows stay in the order of their names whatever their state', () => {
    const shown = rowsOf(snapshot(1, provider('b', 'unhealthy', { reasons: ['why', 'and why'] }), provider('a', 'healthy')));
    assert.deepEqual(shown.map(({ name, remark }) => [name, remark]), [['a', undefined], ['b', 'why']]);
  });

  test('the summary weighs ratios by rates and names past states', () => {
    const summary = new HealthSummary();
    summary.add(snapshot(1, provider('groq', 'unhealthy', { requestsPerSecond: 30, successRatio: 0.5 })));
    summary.add(snapshot(2, provider('groq', 'healthy', { requestsPerSecond: 10, successRatio: 1, latency: { p50: 0.1 } })));
    summary.add(snapshot(2, provider('groq', 'healthy', { requestsPerSecond: 1000 })));
    summary.add(snapshot(3, provider('groq', 'healthy'), provider('new', 'unknown')));
    assert.deepEqual(summary.rows(), [
      { name: 'groq', requestsPerSecond: 20, successRatio: 0.625, latency: {}, state: 'healthy', remark: 'was unhealthy' },
      { name: 'new', requestsPerSecond: undefined, successRatio: undefined, latency: {}, state: 'unknown', remark: undefined },
    ]);
  });
});
