import assert from 'node:assert/strict';
import { conflictWords, sourcesNodes } from '../../../src/extension/sources-nodes.ts';
import type { InstrumentationSummary } from '../../../src/extension/instrumentation/instrumentation-nodes.ts';
import type { CollectorStatus, ConfigProblem } from '../../../src/protocol/rpc.ts';

const status: CollectorStatus = {
  pid: 4711,
  version: '0.1.0',
  protocolVersion: 1,
  startedAtMs: 0,
  dataDir: '/data',
  endpoints: { api: '127.0.0.1:4391', otlpHttp: '127.0.0.1:4318' },
  conflicts: [{ receiver: 'api', wanted: '127.0.0.1:4390', used: '127.0.0.1:4391', owner: 'node (pid 42)' }],
  isPaused: false,
  windows: 2,
  isDurable: true,
  rssBytes: 90 * 1024 * 1024,
  storage: { series: 1200, samples: 34_000, spans: 5, logRecords: 6, diskBytes: 2048 },
};
const instrumentation: InstrumentationSummary = { terminals: { kind: 'on', endpoint: '127.0.0.1:4319' }, debugSessions: { kind: 'off' }, nodeFolders: [] };
const problem: ConfigProblem = { file: '/w/prometheus.yml', severity: 'error', message: 'unknown key scrape_config', startLine: 3, startColumn: 2, endLine: 3, endColumn: 9 };

suite('sources nodes', () => {
  test('endpoints can be copied; a taken port names its holder', () => {
    const [receivers] = sourcesNodes({ status, files: [], problems: [], instrumentation, relativePath: (file) => file });
    assert.deepEqual(
      receivers?.children.map(({ label, description, copyText, context }) => ({ label, description, copyText, context })),
      [
        { label: 'OTLP over HTTP', description: 'http://127.0.0.1:4318', copyText: 'http://127.0.0.1:4318', context: ['endpoint', 'copyable'] },
        { label: 'Prometheus API', description: 'http://127.0.0.1:4391 · 127.0.0.1:4390 is taken by node (pid 42)', copyText: 'http://127.0.0.1:4391', context: ['endpoint', 'copyable'] },
      ],
    );
  });

  test('problems stand under their file and lead to their place', () => {
    const [, configuration] = sourcesNodes({ status, files: ['/w/prometheus.yml'], problems: [problem], instrumentation, relativePath: (file) => file.slice(3) });
    const file = configuration?.children[0];
    assert.deepEqual([file?.label, file?.description, file?.icon?.name, file?.location?.line], ['prometheus.yml', '1 problem', 'error', 3]);
    assert.deepEqual(file?.children[0]?.location, { file: '/w/prometheus.yml', line: 3, column: 2 });
  });

  test('a conflict as a sentence', () => {
    assert.deepEqual(
      [...status.conflicts, { receiver: 'otlp-http', wanted: '127.0.0.1:4318', owner: '' }].map(conflictWords),
      ['127.0.0.1:4390 (HTTP API) is held by node (pid 42). Sightline uses 127.0.0.1:4391.', '127.0.0.1:4318 (OTLP over HTTP) is held by another program. This receiver is off.'],
    );
  });
});
