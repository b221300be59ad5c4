import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CUSTOM_BUCKETS_SCHEMA } from '../../src/model/histogram.ts';
import { startCollectorProcess, type CollectorProcess } from './support/collector-process.ts';
import { findPrometheus } from './support/oracle-process.ts';
import { remoteWrite } from './support/remote-write-client.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');

/** The promtool beside the Prometheus that tests compare with. */
function findPromtool(): string | undefined {
  const program = join(dirname(findPrometheus() ?? ''), 'promtool');
  return existsSync(program) ? program : undefined;
}

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function run(program: string, args: readonly string[]): Promise<Outcome> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, out, err };
}

suite('sightline query', function () {
  this.timeout(60_000);
  let folder = '';
  let collector: CollectorProcess;
  const query = (...args: readonly string[]): Promise<Outcome> => run(process.execPath, [CLI, 'query', '--url', collector.api, ...args]);

  suiteSetup(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cli-query-'));
    collector = await startCollectorProcess(folder, ['--retention-age', 'off']);
    const histogram = {
      schema: CUSTOM_BUCKETS_SCHEMA, count: 6, sum: 9.5, zeroThreshold: 0, zeroCount: 0, customValues: [1, 2.5],
      positive: { indexes: [0, 1, 2], counts: [1, 2, 3] }, negative: { indexes: [], counts: [] }, counterReset: 'unknown',
    } as const;
    await remoteWrite(collector.api, [
      { labels: ['__name__', 'foo', 'job', 'a"\n', 'zone', 'é'], samples: [[0, 1e-9], [30_000, 1e21], [60_000, NaN]] },
      { labels: ['__name__', 'bar'], samples: [[0, Infinity], [30_000, -1.5]] },
      { labels: ['__name__', 'lat'], samples: [[0, histogram]] },
    ]);
  });

  suiteTeardown(async () => {
    await collector.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const instants: readonly (readonly [string, string])[] = [
    ['bar', 'bar => -1.5 @[30]\n'],
    ['foo', 'foo{job="a\\"\\n", zone="é"} => 1000000000000000000000 @[30]\n'],
    ['foo offset 30s', 'foo{job="a\\"\\n", zone="é"} => 0.000000001 @[30]\n'],
    ['foo[1m]', 'foo{job="a\\"\\n", zone="é"} =>\n0.000000001 @[0]\n1000000000000000000000 @[30]\n'],
    ['lat', 'lat => Count: 6.000000, Sum: 9.500000, Buckets: [[-Inf,1]:1 (1,2.5]:2 (2.5,+Inf]:3] @[30]\n'],
    ['1 / 0', 'scalar: +Inf @[30]\n'],
    ['vector(0.5)', '{} => 0.5 @[30]\n'],
    ['nope', '\n'],
  ];
  for (const [expr, expected] of instants) {
    test(`prints ${expr} as promtool does`, async () => {
      assert.deepEqual(await query('--time', '30', expr), { code: 0, out: expected, err: '' });
      const promtool = findPromtool();
      if (promtool !== undefined) assert.equal((await run(promtool, ['query', 'instant', '--time=30', collector.api, expr])).out, expected);
    });
  }

  test('prints ranges, and RFC 3339 times are understood', async () => {
    const expected = 'bar =>\n+Inf @[0]\n-1.5 @[30]\n-1.5 @[60]\n';
    assert.deepEqual(await query('--start', '1970-01-01T00:00:00Z', '--end', '60', '--step', '30s', 'bar'), { code: 0, out: expected, err: '' });
    const promtool = findPromtool();
    if (promtool !== undefined) assert.equal((await run(promtool, ['query', 'range', '--start=0', '--end=60', '--step=30s', collector.api, 'bar'])).out, expected);
  });

  test('annotations go to the other stream', async () => {
    const { code, out, err } = await query('--time', '30', 'rate(bar[1m])');
    assert.deepEqual([code, out], [0, '{} => NaN @[30]\n']);
    assert.match(err, /^PromQL info: metric might not be a counter/);
  });

  test('--explain prints the plan as a tree with series, samples and times', async () => {
    const { code, out } = await query('--time', '30', '--explain', 'sum(foo) + 1');
    assert.equal(code, 0);
    const lines = out.split('\n').map((line) => line.replace(/[\d.]+ ms/, '… ms'));
    assert.deepEqual(lines.slice(0, 3), ['sum(foo) + 1  (1 series, 1 samples, … ms)', '├─ sum(foo)  (1 series, 1 samples, … ms)', '│  └─ foo  (1 series, 1 samples, … ms)']);
    assert.ok(out.endsWith('{} => 1000000000000000000000 @[30]\n'));
  });

  const failures: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['an expression that does not parse', ['sum('], 1, /^query error: bad_data: invalid parameter "query": 1:5: parse error: unclosed left parenthesis\n$/],
    ['a query that fails', ['--time', '30', 'foo / on() group_left {__name__=~".+"}'], 1, /^query error: execution: /],
    ['a time that is none', ['--time', 'noon', 'foo'], 1, /cannot parse "noon" to a valid timestamp/],
    ['no expression', [], 2, /give one expression/],
    ['two expressions', ['foo', 'bar'], 2, /give one expression/],
    ['an option that does not exist', ['--tine', '3', 'foo'], 2, /--tine/],
    ['a range without a step', ['--start', '0', '--end', '1', 'foo'], 2, /--step is missing/],
    ['a range and a time', ['--start', '0', '--time', '1', 'foo'], 2, /--time does not go with/],
  ];
  for (const [name, args, code, message] of failures) {
    test(`exit code ${String(code)}: ${name}`, async () => {
      const outcome = await query(...args);
      assert.deepEqual([outcome.code, outcome.out], [code, '']);
      assert.match(outcome.err, message);
    });
  }

  test('exit code 1: nobody answers', async () => {
    const { code, err } = await run(process.execPath, [CLI, 'query', '--url', 'http://127.0.0.1:1', 'foo']);
    assert.equal(code, 1);
    assert.match(err, /no answer from http:\/\/127\.0\.0\.1:1/);
  });
});
