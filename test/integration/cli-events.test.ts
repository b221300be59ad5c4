import assert from 'node:assert/strict';
import { runLogs } from '../../src/cli/logs.ts';
import { runTrace } from '../../src/cli/trace.ts';
import { runTraces } from '../../src/cli/traces.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { makeTempDir, startCollectorProcess, type CollectorProcess } from './support/collector-process.ts';
import { pushLogs, pushSpans } from './support/otlp-events.ts';

const BASE_MS = Date.now() - 60_000;
const TRACE_A = 'aa'.repeat(16);
const TRACE_B = 'bb'.repeat(16);

type Command = (args: readonly string[], io: CliIo) => Promise<number>;

suite('sightline traces, trace and logs', function () {
  this.timeout(60_000);
  const dir = makeTempDir();
  let collector: CollectorProcess;

  suiteSetup(async () => {
    collector = await startCollectorProcess(dir.path);
    await pushSpans(collector.otlp, [
      { service: 'gateway', name: 'POST /v1/chat', traceId: TRACE_A, spanId: '1111111111111111', startMs: BASE_MS, durationMs: 1500, attributes: { 'user.id': 'u=1' } },
      { service: 'provider', name: 'chat', traceId: TRACE_A, spanId: '2222222222222222', parentSpanId: '1111111111111111', startMs: BASE_MS + 10, durationMs: 300, isError: true },
      { service: 'provider', name: 'ping', traceId: TRACE_B, spanId: '3333333333333333', startMs: BASE_MS + 5000, durationMs: 1 },
    ]);
    await pushLogs(collector.otlp, [
      { service: 'gateway', timeMs: BASE_MS, severity: 9, line: 'started' },
      { service: 'provider', timeMs: BASE_MS + 10, severity: 17, line: 'failed' },
    ]);
  });

  suiteTeardown(async () => {
    await collector.stop();
    dir.remove();
  });

  async function run(command: Command, args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    let [out, err] = ['', ''];
    const io: CliIo = { out: (text) => (out += text), err: (text) => (err += text), columns: undefined, signal: new AbortController().signal };
    return { code: await command([...args, '--url', collector.api], io), out, err };
  }

  const LISTS: readonly (readonly [args: readonly string[], traces: readonly string[]])[] = [
    [[], [TRACE_B, TRACE_A]],
    [['--service', 'gateway'], [TRACE_A]],
    [['--error'], [TRACE_A]],
    [['--tag', 'user.id=u=1'], [TRACE_A]],
    [['--operation', 'ping'], [TRACE_B]],
    [['--min-duration', '1s'], [TRACE_A]],
    [['--limit', '1'], [TRACE_B]],
  ];
  for (const [args, traces] of LISTS) {
    test(`traces ${args.join(' ')}`, async () => {
      const { code, out } = await run(runTraces, args);
      assert.deepEqual([code, out.match(/\b[0-9a-f]{32}\b/g)], [0, traces]);
    });
  }

  test('a line of the list tells what the trace was', async () => {
    const { out } = await run(runTraces, ['--service', 'gateway']);
    assert.equal(out, `${new Date(BASE_MS).toISOString()}  ${TRACE_A}      1.5s      2 spans  1 failed  gateway: POST /v1/chat\n`);
  });

  test('prints a trace as a tree', async () => {
    const { code, out } = await run(runTrace, [TRACE_A]);
    assert.deepEqual([code, out.split('\n')], [0, [
      `trace ${TRACE_A}  ${new Date(BASE_MS).toISOString()}  2 spans`,
      '      +0us      1.5s   gateway: POST /v1/chat',
      '     +10ms     300ms !   provider: chat',
      '',
    ]]);
  });

  test('prints logs, oldest first', async () => {
    const all = await run(runLogs, []);
    assert.deepEqual([all.code, all.out], [0, `${new Date(BASE_MS).toISOString()} info    gateway: started\n${new Date(BASE_MS + 10).toISOString()} error   provider: failed\n`]);
    const json = await run(runLogs, ['{level="error"}', '--json', '--since', '1h30m']);
    const line = JSON.parse(json.out) as { readonly line: string; readonly labels: Readonly<Record<string, string>> };
    assert.deepEqual([line.line, line.labels['service_name']], ['failed', 'provider']);
  });

  test('follows logs until it is stopped, each line once', async () => {
    const abort = new AbortController();
    let out = '';
    const io: CliIo = {
      out: (text) => {
        out += text;
        if (text.includes('two')) abort.abort();
        else if (text.includes('failed')) void pushLogs(collector.otlp, [{ service: 'late', timeMs: Date.now(), severity: 9, line: 'one' }]);
        else if (text.includes('one')) void pushLogs(collector.otlp, [{ service: 'late', timeMs: Date.now(), severity: 9, line: 'two' }]);
      },
      err: (text) => assert.fail(text),
      columns: undefined,
      signal: abort.signal,
    };
    assert.equal(await runLogs(['--follow', '--url', collector.api], io), 0);
    assert.deepEqual(out.match(/\w+$/gm), ['started', 'failed', 'one', 'two']);
  });

  const WRONG: readonly (readonly [command: Command, args: readonly string[], code: number, message: RegExp])[] = [
    [runTraces, ['--tag', 'x'], 2, /--tag takes key=value/],
    [runTraces, ['--limit', '0'], 2, /--limit/],
    [runTraces, ['--min-duration', '5'], 1, /invalid duration "5"/],
    [runTraces, ['more'], 2, /unexpected "more"/],
    [runTrace, [], 2, /give one trace id/],
    [runTrace, ['ee'.repeat(16)], 1, /trace not found/],
    [runLogs, ['{'], 1, /parse error at line 1, col 2/],
    [runLogs, ['--since', 'soon'], 2, /--since takes a duration/],
    [runLogs, ['--nothing'], 2, /nothing/],
  ];
  for (const [command, args, code, message] of WRONG) {
    test(`${command.name} refuses ${args.join(' ').slice(0, 40)}`, async () => {
      const result = await run(command, args);
      assert.deepEqual([result.code, result.out], [code, '']);
      assert.match(result.err, message);
    });
  }

  test('says so when no collector runs', async () => {
    let err = '';
    const io: CliIo = { out: () => undefined, err: (text) => (err += text), columns: undefined, signal: new AbortController().signal };
    assert.equal(await runTraces(['--url', 'http://127.0.0.1:9'], io), 1);
    assert.match(err, /Is the collector running/);
  });
});
