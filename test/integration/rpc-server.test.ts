import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { RpcServer, type RpcHandlers } from '../../src/collector/rpc-server.ts';
import type { CollectorStatus } from '../../src/protocol/rpc.ts';

const TOKEN = 'ab'.repeat(32);

const status: CollectorStatus = {
  pid: 1,
  version: '1',
  protocolVersion: 1,
  startedAtMs: 0,
  dataDir: '',
  endpoints: { api: '' },
  conflicts: [],
  isPaused: false,
  windows: 0,
  isDurable: true,
  rssBytes: 0,
  storage: { series: 0, samples: 0, spans: 0, logRecords: 0, diskBytes: 0 },
};

suite('collector: RPC socket', () => {
  let dir: string;
  let server: RpcServer;
  const sockets: Socket[] = [];
  const calls: string[] = [];

  setup(async () => {
    dir = mkdtempSync(join(tmpdir(), 'rpc-'));
    calls.length = 0;
    const handlers: RpcHandlers = {
      status: async () => status,
      registerWorkspace: async (params, windowId) => {
        calls.push(`${windowId}: ${params.folders.map(({ path }) => path).join()}`);
        return { problems: [], targets: 0, files: [] };
      },
      queryRange: async ({ startMs, endMs, stepMs }) => ({ startMs, endMs, stepMs, results: [] }),
      health: async () => ({ atMs: 0, providers: [], services: [], targets: [] }),
      setPaused: async ({ isPaused }) => ({ ...status, isPaused }),
      handOver: async () => ({ pid: 1 }),
    };
    server = new RpcServer(TOKEN, handlers);
    await server.listen({ dir: join(dir, 's'), path: join(dir, 's', 'x.sock') });
  });

  teardown(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.dispose();
    rmSync(dir, { recursive: true, force: true });
  });

  async function open(): Promise<{ connection: MessageConnection; socket: Socket }> {
    const socket = connect(join(dir, 's', 'x.sock'));
    sockets.push(socket);
    await once(socket, 'connect');
    const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
    connection.onError(() => undefined);
    connection.listen();
    return { connection, socket };
  }

  const hello = (windowId: string, token = TOKEN) => ({ protocolVersion: 1, extensionVersion: '1', token, windowId });

  test('only this user can reach the socket', () => {
    assert.equal(statSync(join(dir, 's')).mode & 0o777, 0o700);
    assert.equal(statSync(join(dir, 's', 'x.sock')).mode & 0o777, 0o600);
  });

  test('a wrong token is refused and the connection closed', async () => {
    const { connection, socket } = await open();
    const closed = once(socket, 'close');
    await assert.rejects(connection.sendRequest('hello', hello('w', 'cd'.repeat(32))), /token is wrong/);
    await closed;
    assert.equal(server.windowCount, 0);
  });

  test('nothing is answered before hello', async () => {
    const { connection } = await open();
    await assert.rejects(connection.sendRequest('status', {}), /say hello before status/);
  });

  test('windows call, hear of changes, and are missed when they go', async () => {
    const changes: string[] = [];
    server.onWindowChange(({ windowId, isOpen }) => changes.push(`${windowId} ${isOpen ? 'open' : 'closed'}`));
    const first = await open();
    assert.deepEqual(await first.connection.sendRequest('hello', hello('one')), status);
    await first.connection.sendRequest('registerWorkspace', { folders: [{ name: 'a', path: '/a' }], isTrusted: true });
    const second = await open();
    await second.connection.sendRequest('hello', hello('two'));
    const heard = Promise.all([first, second].map(({ connection }) => new Promise((resolve) => connection.onNotification('log', resolve))));
    server.notify('log', { level: 'info', message: 'hi' });
    assert.deepEqual(await heard, [{ level: 'info', message: 'hi' }, { level: 'info', message: 'hi' }]);
    const gone = new Promise<void>((resolve) => server.onWindowChange(({ isOpen }) => { if (!isOpen) resolve(); }));
    first.socket.destroy();
    await gone;
    assert.deepEqual({ calls, changes, windows: server.windowCount }, { calls: ['one: /a'], changes: ['one open', 'two open', 'one closed'], windows: 1 });
  });

  test('bytes that are no messages end that connection only', async () => {
    const good = await open();
    await good.connection.sendRequest('hello', hello('good'));
    const bad = connect(join(dir, 's', 'x.sock'));
    sockets.push(bad);
    await once(bad, 'connect');
    const closed = once(bad, 'close');
    bad.on('error', () => undefined);
    bad.write(Buffer.from('Content-Length: 20\r\n\r\n{"not json at all...'));
    bad.end();
    await closed;
    assert.deepEqual(await good.connection.sendRequest('status', {}), status);
  });
});
