import assert from 'node:assert/strict';
import { makeTempDir, startCollectorProcess, type CollectorProcess } from './support/collector-process.ts';
import { pushLogs } from './support/otlp-events.ts';

// A whole minute, so that the steps of range queries are easy to tell.
const BASE_MS = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;
const TRACE = 'ab'.repeat(16);

interface Stream {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [time: string, line: string, more?: unknown])[];
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [seconds: number, value: string])[];
}

suite('the query API of Loki', function () {
  this.timeout(60_000);
  const dir = makeTempDir();
  let collector: CollectorProcess;

  suiteSetup(async () => {
    collector = await startCollectorProcess(dir.path);
    await pushLogs(collector.otlp, [
      { service: 'api', timeMs: BASE_MS, severity: 9, line: 'start', resource: { 'host.name': 'dev' } },
      { service: 'api', timeMs: BASE_MS + 60_000, severity: 17, line: '{"status":503,"took":"1.5s","msg":"failed"}', traceId: TRACE, attributes: { 'user.id': 'u1' }, resource: { 'host.name': 'dev' } },
      { service: 'api', timeMs: BASE_MS + 90_000, severity: 9, line: '{"status":200,"took":"20ms"}', resource: { 'host.name': 'dev' } },
      { service: 'web', timeMs: BASE_MS + 120_000, severity: 13, line: 'level=warn status=404 took=3ms' },
    ]);
  });

  suiteTeardown(async () => {
    await collector.stop();
    dir.remove();
  });

  async function get(path: string, params: Record<string, string>, headers: Record<string, string> = {}): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(`${collector.api}/loki/api/v1/${path}?${new URLSearchParams(params).toString()}`, { headers });
    return { status: response.status, text: await response.text() };
  }

  const WINDOW = { start: `${BASE_MS - 1000}000000`, end: `${BASE_MS + 300_000}000000` };

  async function data<T>(path: string, params: Record<string, string>, headers?: Record<string, string>): Promise<T> {
    const { status, text } = await get(path, { ...WINDOW, ...params }, headers);
    assert.equal(status, 200, text);
    const answer = JSON.parse(text) as { readonly status: string; readonly data: T };
    assert.equal(answer.status, 'success');
    return answer.data;
  }

  async function lines(params: Record<string, string>): Promise<string[]> {
    const { resultType, result } = await data<{ readonly resultType: string; readonly result: readonly Stream[] }>('query_range', params);
    assert.equal(resultType, 'streams');
    const values = result.flatMap((stream) => [...stream.values]);
    return values.sort(([a], [b]) => (a < b ? -1 : 1)).map(([time]) => `+${(Number(BigInt(time) / 1_000_000n) - BASE_MS) / 1000}s`);
  }

  const QUERIES: readonly (readonly [query: string, found: readonly string[], more?: Record<string, string>])[] = [
    ['{service_name="api"}', ['+0s', '+60s', '+90s']],
    ['{service_name=~".+"}', ['+0s', '+60s', '+90s', '+120s']],
    ['{host_name="dev", level="error"}', ['+60s']],
    ['{service_name="api"} |= "status" != "failed"', ['+90s']],
    // A line that is no JSON passes with __error__, as in Loki.
    ['{service_name="api"} | json | status>=500', ['+0s', '+60s']],
    ['{service_name="api"} | json | __error__="" | took<1s', ['+90s']],
    ['{service_name="web"} | logfmt | status=404 and took>1ms', ['+120s']],
    [`{service_name="api"} | trace_id="${TRACE}"`, ['+60s']],
    ['{service_name="api"} | user_id="u1"', ['+60s']],
    ['{service_name="api"}', ['+60s', '+90s'], { limit: '2' }],
    ['{service_name="api"}', ['+0s', '+60s'], { limit: '2', direction: 'forward' }],
    ['{service_name="api"}', ['+60s'], { start: String((BASE_MS + 30_000) / 1000), end: new Date(BASE_MS + 90_000).toISOString() }],
    ['{service_name="none"}', []],
  ];
  for (const [query, found, more] of QUERIES) {
    test(`${query} ${more ? Object.keys(more).join() : ''}`, async () => assert.deepEqual(await lines({ query, ...more }), found));
  }

  test('labels of a stream, together and apart', async () => {
    const query = '{level="error"} | json';
    const metadata = { detected_level: 'error', trace_id: TRACE, user_id: 'u1' };
    const parsed = { msg: 'failed', status: '503', took: '1.5s' };
    const stream = { host_name: 'dev', level: 'error', service_name: 'api' };
    const together = await data<{ readonly result: readonly Stream[] }>('query_range', { query });
    assert.deepEqual(together.result.map((found) => found.stream), [{ ...stream, ...metadata, ...parsed }]);
    const apart = await data<{ readonly result: readonly Stream[]; readonly encodingFlags: readonly string[] }>('query_range', { query }, { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' });
    assert.deepEqual([apart.encodingFlags, apart.result[0]?.stream, apart.result[0]?.values[0]?.[2]], [['categorize-labels'], stream, { structuredMetadata: metadata, parsed }]);
  });

  const at = (seconds: number): number => BASE_MS / 1000 + seconds;
  const GRID = { start: `${BASE_MS}000000`, end: `${BASE_MS + 180_000}000000`, step: '60' };
  const METRICS: readonly (readonly [query: string, series: readonly Series[]])[] = [
    ['sum by (level) (count_over_time({service_name="api"}[1m]))', [
      { metric: { level: 'error' }, values: [[at(60), '1']] },
      { metric: { level: 'info' }, values: [[at(0), '1'], [at(120), '1']] },
    ]],
    ['sum(count_over_time({service_name=~".+"} | drop __error__ [2m]))', [{ metric: {}, values: [[at(0), '1'], [at(60), '2'], [at(120), '3'], [at(180), '2']] }]],
    ['sum by (service_name) (rate({service_name=~".+"}[1m]))', [
      { metric: { service_name: 'api' }, values: [[at(0), String(1 / 60)], [at(60), String(1 / 60)], [at(120), String(1 / 60)]] },
      { metric: { service_name: 'web' }, values: [[at(120), String(1 / 60)]] },
    ]],
    ['sum by (status) (count_over_time({service_name="api"} |= "status" | json [5m]))', [
      { metric: { status: '200' }, values: [[at(120), '1'], [at(180), '1']] },
      { metric: { status: '503' }, values: [[at(60), '1'], [at(120), '1'], [at(180), '1']] },
    ]],
  ];
  for (const [query, series] of METRICS) {
    test(query, async () => {
      const { resultType, result } = await data<{ readonly resultType: string; readonly result: Series[] }>('query_range', { ...GRID, query });
      const key = ({ metric }: Series): string => JSON.stringify(metric);
      assert.deepEqual([resultType, result.sort((a, b) => (key(a) < key(b) ? -1 : 1))], ['matrix', series]);
    });
  }

  test('instant queries, and the one by which Grafana looks whether anybody is there', async () => {
    assert.deepEqual(await data('query', { query: 'sum(count_over_time({service_name="api"}[1h]))', time: `${BASE_MS + 300_000}000000` }), { resultType: 'vector', result: [{ metric: {}, value: [at(300), '3'] }], stats: {} });
    assert.deepEqual(await data('query', { query: 'vector(1)+vector(1)', time: String(at(0)) }), { resultType: 'vector', result: [{ metric: {}, value: [at(0), '2'] }], stats: {} });
  });

  test('labels, their values, and series', async () => {
    assert.deepEqual(await data('labels', {}), ['host_name', 'level', 'service_name']);
    assert.deepEqual(await data('label/service_name/values', {}), ['api', 'web']);
    assert.deepEqual(await data('label/level/values', { query: '{service_name="web"}' }), ['warn']);
    assert.deepEqual(await data('series', { 'match[]': '{level="warn"}' }), [{ level: 'warn', service_name: 'web' }]);
    assert.deepEqual(await data('labels', { start: '1', end: '2' }), []);
  });

  const WRONG: readonly (readonly [path: string, params: Record<string, string>, message: RegExp])[] = [
    ['query_range', { query: '{a="b"} | unwrap x' }, /^parse error at line 1, col 11: not supported yet: \| unwrap$/],
    ['query_range', { query: '{' }, /^parse error at line 1, col 2: /],
    ['query_range', { query: '{}', limit: '0' }, /^limit must be/],
    ['query_range', { query: '{}', start: 'x' }, /^could not parse 'start'/],
    ['query_range', { query: 'rate({}[1m])', ...GRID, step: '1ms' }, /maximum resolution/],
    ['query_range', { query: 'count_over_time({service_name="api"} | json [5m])' }, /pipeline error: 'JSONParserErr'/],
    ['query', { query: '{}' }, /not supported as an instant query/],
    ['series', { 'match[]': 'rate({}[1m])' }, /only a stream selector/],
  ];
  for (const [path, params, message] of WRONG) {
    test(`refuses ${path} ${JSON.stringify(params).slice(0, 60)}`, async () => {
      const { status, text } = await get(path, { ...WINDOW, ...params });
      assert.equal(status, 400, text);
      assert.match(text, message);
    });
  }
});
