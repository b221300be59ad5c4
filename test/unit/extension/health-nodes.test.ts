import assert from 'node:assert/strict';
import { healthNodes } from '../../../src/extension/health-nodes.ts';
import { indexNodes, type TreeNode } from '../../../src/extension/tree-node.ts';
import { NOW_MS, provider, service, snapshot, target } from './health-cases.ts';

/** The rows as the view paints them: icon, label, description; indented. */
function paint(nodes: readonly TreeNode[], indent = ''): string[] {
  return nodes.flatMap((node) => {
    const text = [node.icon ? `[${node.icon.name}]` : '', node.label, node.description ?? ''].filter((part) => part !== '').join(' ');
    return [`${indent}${text.replaceAll('\u202f', ' ')}`, ...paint(node.children, `${indent}  `)];
  });
}

const groq = provider('groq', {
  state: 'unhealthy',
  successRatio: 0.71,
  requestsPerSecond: 12,
  latency: { p50: 0.22, p95: 1.9, p99: 4.1 },
  inFlight: 3,
  reasons: ['success 71 % for 2 min (threshold 95 %)'],
  errors: [{ reason: '429', perSecond: 0.4 }],
  keys: [
    { id: 'a', name: 'key-a', isUp: true, share: 0.62, rotations: [{ reason: '429s', perSecond: 0.4 }] },
    { id: 'b', name: 'key-b', isUp: false, rotations: [] },
    { id: 'c', name: '', rotations: [] },
  ],
  models: [{ name: 'llama', requestsPerSecond: 12, successRatio: 0.71, latency: { p95: 1.9 } }],
});

suite('health nodes', () => {
  test('worst first, with the numbers that explain the state', () => {
    const roots = healthNodes(
      snapshot({
        providers: [provider('openai'), provider('bedrock', { state: 'degraded', latency: { p95: 2.4 }, requestsPerSecond: 8 }), groq],
        services: [service('gateway')],
        targets: [target('gateway'), target('cache', { state: 'offline', lastError: 'connection refused' })],
      }),
    );
    assert.deepEqual(paint(roots), [
      'PROVIDERS 1/3',
      '  [error] groq unhealthy · 71 % ok · 12 req/s',
      '    [info] success 71 % for 2 min (threshold 95 %)',
      '    [clock] latency p50 220 ms · p95 1.9 s · p99 4.1 s',
      '    [arrow-swap] in flight 3',
      '    [bug] errors 429 0.4/s',
      '    [key] keys 2 of 3 up',
      '      [pass] key-a 62 % of calls · 429s 0.4/s',
      '      [error] key-b down',
      '      [question] c',
      '    [layers] models 1',
      '      [circle-small-filled] llama 71 % ok · p95 1.9 s · 12 req/s',
      '  [warning] bedrock degraded · p95 2.4 s · 8 req/s',
      '    [clock] latency p95 2.4 s',
      '  [pass] openai 99.9 % ok · p95 640 ms · 31 req/s',
      '    [clock] latency p50 220 ms · p95 640 ms · p99 1.2 s',
      'SERVICES 1/1',
      '  [pass] gateway 100 % ok · 50 req/s',
      'TARGETS 1/2',
      '  [circle-slash] cache connection refused · 127.0.0.1:8080/metrics',
      '  [pass] gateway 127.0.0.1:8080/metrics',
    ]);
  });

  test('order within a state does not follow the numbers', () => {
    const names = (rates: readonly number[]): readonly string[] =>
      healthNodes(snapshot({ providers: ['c', 'a', 'b'].map((name, index) => provider(name, { requestsPerSecond: rates[index] ?? 0 })) }))[0]?.children.map(({ label }) => label) ?? [];
    assert.deepEqual([names([1, 2, 3]), names([3, 2, 1])], [['a', 'b', 'c'], ['a', 'b', 'c']]);
  });

  test('offline says when it was last seen, unknown that nothing came yet', () => {
    const roots = healthNodes(
      snapshot({ providers: [provider('gone', { state: 'offline', lastSeenMs: NOW_MS - 125_000, latency: {} }), provider('new', { state: 'unknown', latency: {}, requestsPerSecond: 0 })] }),
    );
    assert.deepEqual(paint(roots[0]?.children ?? []), ['[circle-slash] gone offline · last seen 2 min ago', '[question] new unknown · 0 req/s']);
  });

  test('no telemetry gives no rows, so that the view shows its welcome', () => {
    assert.deepEqual(healthNodes(snapshot({})), []);
  });

  test('ids are unique, rows are spoken in words, tooltips carry a table and a sparkline', () => {
    const roots = healthNodes(snapshot({ providers: [groq], services: [service('gateway')], targets: [target('gateway')] }));
    const all: TreeNode[] = [];
    const collect = (node: TreeNode): void => {
      all.push(node);
      node.children.forEach(collect);
    };
    roots.forEach(collect);
    assert.equal(indexNodes(roots).size, all.length);
    assert.deepEqual(all.filter(({ spoken }) => spoken === '' || /[·/]s\b|req\/s/.test(spoken)).map(({ id }) => id), []);
    const row = indexNodes(roots).get(groq.id);
    assert.equal(row?.spoken, 'groq, unhealthy, 71 % ok, 12 requests per second');
    const tooltip = row.tooltip?.() ?? '';
    assert.match(tooltip, /\*\*groq\*\* unhealthy for 2/);
    assert.match(tooltip, /\| Latency p95 \| 1\.9/);
    assert.match(tooltip, /`▃▅ █` requests per second/);
  });

  test('names cannot break out of the tooltip', () => {
    const evil = provider('x](command:evil) | <b>', {});
    const tooltip = indexNodes(healthNodes(snapshot({ providers: [evil] }))).get(evil.id)?.tooltip?.() ?? '';
    assert.ok(tooltip.includes('x\\]\\(command:evil\\) \\| \\<b\\>'), tooltip);
  });
});
