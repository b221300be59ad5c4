import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { PROTOCOL_VERSION, type EventRequests, type LockFile } from '../../src/protocol/rpc.ts';
import { lockFilePath } from '../../src/protocol/runtime.ts';
import { makeTempDir, startCollectorProcess, type CollectorProcess } from './support/collector-process.ts';
import { pushLogs, pushSpans } from './support/otlp-events.ts';

const BASE_MS = Date.now() - 60_000;
const TRACE = 'ab'.repeat(16);
const OTHER = 'cd'.repeat(16);
const nano = (ms: number): string => `${ms}000000`;

suite('traces and logs for editor windows', function () {
  this.timeout(60_000);
  const dir = makeTempDir();
  let collector: CollectorProcess;
  let socket: Socket;
  let connection: MessageConnection;

  suiteSetup(async () => {
    collector = await startCollectorProcess(dir.path);
    const lock = JSON.parse(readFileSync(lockFilePath(dir.path), 'utf8')) as LockFile;
    socket = connect(lock.socket);
    connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
    connection.listen();
    await connection.sendRequest('hello', { protocolVersion: PROTOCOL_VERSION, extensionVersion: '1', token: lock.token, windowId: 'w' });
    await pushSpans(collector.otlp, [
      { service: 'gateway', name: 'POST /v1/chat', traceId: TRACE, spanId: '1111111111111111', startMs: BASE_MS, durationMs: 500, kind: 2, attributes: { request_id: 'req-7', tokens: 900 } },
      { service: 'provider', name: 'chat', traceId: TRACE, spanId: '2222222222222222', parentSpanId: '1111111111111111', startMs: BASE_MS + 10, durationMs: 300, isError: true },
      { service: 'gateway', name: 'GET /health', traceId: OTHER, spanId: '3333333333333333', startMs: BASE_MS + 100, durationMs: 1 },
    ]);
    await pushLogs(collector.otlp, [
      { service: 'gateway', timeMs: BASE_MS, severity: 9, line: 'request started', traceId: TRACE, attributes: { 'request.id': 'req-7' } },
      { service: 'gateway', timeMs: BASE_MS + 20, severity: 17, line: 'Upstream FAILED', traceId: TRACE },
      { service: 'worker', timeMs: BASE_MS + 30, severity: 9, line: 'idle' },
    ]);
  });

  suiteTeardown(async () => {
    connection.dispose();
    socket.destroy();
    await collector.stop();
    dir.remove();
  });

  const ask = <K extends keyof EventRequests>(name: K, params: EventRequests[K]['params']): Promise<EventRequests[K]['result']> => connection.sendRequest<EventRequests[K]['result']>(name, params);

  const TRACE_SEARCHES: readonly (readonly [title: string, params: Omit<EventRequests['searchTraces']['params'], 'limit'>, traces: readonly string[]])[] = [
    ['everything', {}, [OTHER, TRACE]],
    ['a request id', { requestId: 'req-7' }, [TRACE]],
    ['an unknown request id', { requestId: 'req' }, []],
    ['errors', { status: 'error' }, [TRACE]],
    ['a number', { attributes: [{ key: 'tokens', op: '>=', value: '900' }] }, [TRACE]],
    ['a pattern', { operationPattern: 'GET .*' }, [OTHER]],
    ['text', { text: 'HEALTH' }, [OTHER]],
    ['a time', { from: nano(BASE_MS + 50) }, [OTHER]],
    ['roots by duration', { isRoot: true, minDurationNano: 400e6 }, [TRACE]],
    ['an id', { traceId: TRACE.toUpperCase() }, [TRACE]],
  ];
  for (const [title, params, traces] of TRACE_SEARCHES) {
    test(`finds traces by ${title}`, async () => assert.deepEqual((await ask('searchTraces', { ...params, limit: 10 })).traces.map(({ traceId }) => traceId), traces));
  }

  test('pages', async () => {
    const first = await ask('searchTraces', { limit: 1 });
    assert.deepEqual(first.traces.map(({ traceId }) => traceId), [OTHER]);
    const second = await ask('searchTraces', { limit: 1, cursor: first.next! });
    assert.deepEqual(second.traces, [
      {
        traceId: TRACE,
        rootService: 'gateway',
        rootName: 'POST /v1/chat',
        startUnixNano: nano(BASE_MS),
        durationNano: 500e6,
        spanCount: 2,
        errorCount: 1,
        matchCount: 2,
        services: [{ service: 'gateway', spanCount: 1, errorCount: 0 }, { service: 'provider', spanCount: 1, errorCount: 1 }],
      },
    ]);
  });

  test('says what is wrong with a search, and refuses what the protocol does not allow', async () => {
    const { traces, problem } = await ask('searchTraces', { attributes: [{ key: 'a', op: '=~', value: '(' }], limit: 1 });
    assert.deepEqual([traces, problem?.field, problem?.index], [[], 'attributes', 0]);
    await assert.rejects(ask('searchTraces', { limit: 0 }));
    await assert.rejects(ask('searchTraces', { limit: 1, from: 'yesterday' }));
  });

  test('opens a trace with resources told once', async () => {
    const { trace } = await ask('getTrace', { traceId: TRACE });
    assert.deepEqual(
      [trace?.startUnixNano, trace?.durationNano, trace?.resources.map(({ service }) => service), trace?.scopes.length, trace?.spans.map(({ spanId, offsetNano, durationNano, resource }) => [spanId, offsetNano, durationNano, resource])],
      [nano(BASE_MS), 500e6, ['gateway', 'provider'], 1, [['1111111111111111', 0, 500e6, 0], ['2222222222222222', 10e6, 300e6, 1]]],
    );
    assert.equal((await ask('getTrace', { traceId: 'ee'.repeat(16) })).trace, undefined);
  });

  test('pins and lets go', async () => {
    assert.deepEqual((await ask('setPinned', { traceId: TRACE, isPinned: true })).pinned.map(({ traceId, spanCount }) => [traceId, spanCount]), [[TRACE, 2]]);
    assert.equal((await ask('getTrace', { traceId: TRACE })).trace?.isPinned, true);
    assert.deepEqual((await ask('setPinned', { traceId: TRACE, isPinned: false })).pinned, []);
    assert.deepEqual((await ask('setPinned', { traceId: 'ee'.repeat(16), isPinned: true })).pinned, []);
  });

  const LOG_SEARCHES: readonly (readonly [title: string, params: Omit<EventRequests['searchLogs']['params'], 'limit'>, lines: readonly string[]])[] = [
    ['everything', {}, ['idle', 'Upstream FAILED', 'request started']],
    ['service', { services: ['worker'] }, ['idle']],
    ['level', { levels: ['error'] }, ['Upstream FAILED']],
    ['text in any case', { text: 'upstream failed' }, ['Upstream FAILED']],
    ['trace', { traceId: TRACE }, ['Upstream FAILED', 'request started']],
    ['request id', { requestId: 'req-7' }, ['request started']],
    ['a query', { logql: '{service_name="gateway"} |= "FAILED"' }, ['Upstream FAILED']],
    ['a query and a service', { logql: '{service_name=~"gateway|worker"}', services: ['worker'] }, ['idle']],
    ['a query that contradicts the service', { logql: '{service_name="gateway"}', services: ['worker'] }, []],
    ['an attribute in a query', { logql: '{} | request_id="req-7"' }, ['request started']],
    ['a level that does not exist', { logql: '{level="nothing"}' }, []],
  ];
  for (const [title, params, lines] of LOG_SEARCHES) {
    test(`finds logs by ${title}`, async () => assert.deepEqual((await ask('searchLogs', { ...params, limit: 10 })).records.map(({ line }) => line), lines));
  }

  test('says where a query is wrong', async () => {
    const { records, problem } = await ask('searchLogs', { logql: '{} | unwrap x', limit: 10 });
    assert.deepEqual([records, problem], [[], { field: 'logql', message: 'not supported yet: | unwrap', startOffset: 5, endOffset: 11 }]);
    assert.equal((await ask('searchLogs', { logql: 'rate({}[1m])', limit: 10 })).problem?.field, 'logql');
  });

  test('counts logs over time', async () => {
    assert.deepEqual(await ask('logHistogram', { from: nano(BASE_MS), bucketNano: 25e6, bucketCount: 2 }), { counts: { info: [1, 1], error: [1, 0] }, total: 3 });
  });

  test('lists services, operations and dependencies', async () => {
    assert.deepEqual(await ask('services', {}), { services: ['gateway', 'provider', 'worker'] });
    const { operations, levels } = await ask('operations', {});
    assert.deepEqual([operations.map(({ name }) => name), levels.map(({ service, name, count }) => [service, name, count])], [['GET /health', 'POST /v1/chat', 'chat'], [['gateway', 'error', 1], ['gateway', 'info', 1], ['worker', 'info', 1]]]);
    assert.deepEqual((await ask('dependencies', { from: '0', to: nano(Date.now()) })).edges, [{ caller: 'gateway', callee: 'provider', callCount: 1, errorCount: 1, durationNano: 300e6 }]);
  });

  test('follows traces and logs by arrival', async () => {
    const traces = await ask('tailTraces', { limit: 10 });
    const logs = await ask('tailLogs', { limit: 10, levels: ['warn'] });
    assert.deepEqual([traces.traces, logs.records], [[], []]);
    // A later span of an old trace: the whole trace is told anew.
    await pushSpans(collector.otlp, [{ service: 'billing', name: 'charge', traceId: TRACE, spanId: '5555555555555555', parentSpanId: '1111111111111111', startMs: BASE_MS + 5, durationMs: 1 }]);
    await pushLogs(collector.otlp, [{ service: 'late', timeMs: BASE_MS - 1000, severity: 13, line: 'slow' }, { service: 'late', timeMs: BASE_MS, severity: 9, line: 'fine' }]);
    const moreTraces = await ask('tailTraces', { limit: 10, after: traces.position });
    const moreLogs = await ask('tailLogs', { limit: 10, after: logs.position, levels: ['warn'] });
    assert.deepEqual([moreTraces.traces.map(({ traceId, spanCount }) => [traceId, spanCount]), moreLogs.records.map(({ line }) => line)], [[[TRACE, 3]], ['slow']]);
    assert.deepEqual((await ask('tailTraces', { limit: 10, after: moreTraces.position })).traces, []);
  });
});
