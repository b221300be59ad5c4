import assert from 'node:assert/strict';
import { makeTempDir, startCollectorProcess, type CollectorProcess } from './support/collector-process.ts';
import { otlpGauge, otlpLog, otlpTrace } from './support/otlp-samples.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

async function post(url: string, body: string): Promise<number> {
  const response = await fetch(url, { method: 'POST', headers: JSON_TYPE, body });
  await response.arrayBuffer();
  return response.status;
}

async function getJson(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

/** A gauge of /metrics by name. */
async function figure(collector: CollectorProcess, name: string): Promise<number> {
  const text = await (await fetch(`${collector.api}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}

suite('collector: what was acknowledged survives SIGKILL', function () {
  this.timeout(30_000);
  const dir = makeTempDir();
  let collector: CollectorProcess | undefined;
  teardown(async () => collector?.kill());
  suiteTeardown(() => dir.remove());

  test('metrics, traces and logs are there after a restart, point for point', async () => {
    collector = await startCollectorProcess(dir.path);
    const nowMs = Date.now();
    const values = [1, 2.5, -3, 1e300, 0];
    assert.equal(await post(`${collector.otlp}/v1/metrics`, otlpGauge(values, nowMs)), 200);
    assert.equal(await post(`${collector.otlp}/v1/traces`, otlpTrace('0af7651916cd43dd8448eb211c80319c', nowMs)), 200);
    assert.equal(await post(`${collector.otlp}/v1/logs`, otlpLog('hello', nowMs)), 200);
    await collector.kill();

    collector = await startCollectorProcess(dir.path);
    const range = `/api/v1/query?query=${encodeURIComponent('queue_depth[1m]')}&time=${nowMs / 1000}`;
    const expected = values.map((value, i) => [(nowMs - (values.length - 1 - i) * 1000) / 1000, value === 1e300 ? '1e+300' : String(value)]);
    assert.deepEqual(await getJson(collector.api + range), {
      status: 'success',
      data: { resultType: 'matrix', result: [{ metric: { __name__: 'queue_depth', instance: 'i1', job: 'shop' }, values: expected }] },
    });
    const trace = (await getJson(`${collector.api}/api/traces/0af7651916cd43dd8448eb211c80319c`)) as { data: { spans: { operationName: string }[] }[] };
    assert.deepEqual(trace.data[0]?.spans.map((span) => span.operationName), ['GET /', 'query']);
    assert.equal(await figure(collector, 'sightline_store_log_records'), 1);

    // And once more, to see that what was read back is still durable.
    await collector.kill();
    collector = await startCollectorProcess(dir.path);
    assert.equal(await figure(collector, 'sightline_store_spans'), 2);
    assert.equal(await figure(collector, 'sightline_store_samples'), values.length);
    assert.equal(await collector.stop(), 0);
  });

  test('a second collector on the same folder says who is there', async () => {
    collector = await startCollectorProcess(dir.path);
    await assert.rejects(startCollectorProcess(dir.path), new RegExp(`already runs for .* \\(pid ${collector.pid}\\)`));
    assert.equal((await fetch(`${collector.api}/-/ready`)).status, 200);
  });

  test('a taken port is reported with its owner, and the next one is used', async () => {
    collector = await startCollectorProcess(dir.path);
    const other = makeTempDir();
    const port = new URL(collector.api).port;
    const second = await startCollectorProcess(other.path, ['--api', `127.0.0.1:${port}`]);
    try {
      assert.notEqual(new URL(second.api).port, port);
      const { wanted, owner, used } = JSON.parse(second.log().split('\n').find((line) => line.includes('a port is taken')) ?? '{}') as Record<string, string>;
      assert.deepEqual({ wanted, used }, { wanted: `127.0.0.1:${port}`, used: new URL(second.api).host });
      if (process.platform === 'linux') assert.match(owner ?? '', new RegExp(`\\(pid ${collector.pid}\\)`));
    } finally {
      await second.stop();
      other.remove();
    }
  });
});
