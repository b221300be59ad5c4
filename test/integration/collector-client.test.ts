import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CollectorClient } from '../../src/extension/collector-client.ts';
import { launchCollector, type LaunchedCollector } from '../../src/extension/collector-process.ts';
import { isStopMarked } from '../../src/extension/stop-marker.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/rpc.ts';
import { lockFilePath, readLockFile } from '../../src/protocol/runtime.ts';

const SCRIPT = join(import.meta.dirname, 'fixtures', 'tiny-collector.ts');

async function until<T>(what: string, get: () => T | undefined | false, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = get();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await delay(10);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

suite('collector client', () => {
  let dataDir: string;
  let clients: CollectorClient[];
  let launched: LaunchedCollector[];

  setup(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'sightline-client-'));
    clients = [];
    launched = [];
  });

  teardown(async () => {
    for (const client of clients) client.dispose();
    for (const { pid, exited } of launched) {
      if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
      await exited;
    }
    rmSync(dataDir, { recursive: true, force: true });
  });

  const launch = (...versions: string[]): LaunchedCollector => {
    // The fixture's first argument is the folder, which launchCollector passes behind --data-dir.
    const collector = launchCollector({ executable: process.execPath, script: SCRIPT, dataDir, args: versions });
    launched.push(collector);
    return collector;
  };

  const open = (options: { readonly isWanted?: boolean; readonly version?: string; readonly launch?: () => LaunchedCollector } = {}): CollectorClient => {
    const version = options.version ?? '1.0.0';
    const client = new CollectorClient(
      { windowId: `window-${clients.length}`, extensionVersion: version, dataDir, launch: options.launch ?? (() => launch(version)), log: () => undefined },
      options.isWanted ?? true,
    );
    clients.push(client);
    return client;
  };

  const connected = (client: CollectorClient): Promise<number> => until('connected', () => client.state === 'connected' && client.status?.pid);

  test('two windows that open at once share one collector', async () => {
    const [a, b] = [open(), open()];
    const pids = await Promise.all([connected(a), connected(b)]);
    assert.equal(pids[0], pids[1]);
    a.dispose();
    assert.deepEqual(await b.request('status', {}).then(({ pid }) => pid), pids[0]);
  });

  test('a collector that is killed is replaced, whichever window is first', async () => {
    const [a, b] = [open(), open()];
    const pid = await connected(a);
    await connected(b);
    process.kill(pid, 'SIGKILL');
    const next = await until('another', () => a.state === 'connected' && a.status?.pid !== pid && a.status?.pid);
    assert.equal(await until('the same for the other', () => b.state === 'connected' && b.status?.pid !== pid && b.status?.pid), next);
  });

  test('a lock of a process that is gone, or that is nonsense, does not hinder', async () => {
    for (const text of ['{', JSON.stringify({ pid: 1, socket: join(dataDir, 'none.sock'), version: '9.9.9', protocolVersion: 9, token: 'a'.repeat(64) })]) {
      writeFileSync(lockFilePath(dataDir), text);
      const client = open();
      await connected(client);
      await client.stop('next case');
      client.dispose();
    }
  });

  test('an older collector hands over to a newer extension, an older extension joins', async () => {
    const older = open({ version: '1.0.0' });
    const pid = await connected(older);
    const newer = open({ version: '1.2.0' });
    const next = await connected(newer);
    assert.notEqual(next, pid);
    assert.equal(readLockFile(lockFilePath(dataDir))?.version, '1.2.0');
    assert.equal(await until('the older joined', () => older.state === 'connected' && older.status?.pid !== pid && older.status?.pid), next);
  });

  test('a collector of an older protocol is replaced', async () => {
    launch('1.0.0', String(PROTOCOL_VERSION - 1));
    const old = await until('the old one is there', () => readLockFile(lockFilePath(dataDir))?.pid);
    assert.notEqual(await connected(open()), old);
  });

  test('a collector of a newer protocol is left alone, and the window says what to do', async () => {
    launch('1.0.0', String(PROTOCOL_VERSION + 1));
    const pid = await until('the new one is there', () => readLockFile(lockFilePath(dataDir))?.pid);
    const client = open();
    await until('offline', () => client.state === 'offline');
    assert.match(client.detail, /newer Sightline .* update the extension/);
    assert.ok(isAlive(pid));
  });

  test('when the user stops it, no window brings it back; starting does, in all', async () => {
    const [a, b] = [open(), open()];
    const pid = await connected(a);
    await connected(b);
    await a.stop('by the user');
    await until('both know', () => a.state === 'stopped' && b.state === 'stopped');
    assert.ok(isStopMarked(dataDir));
    await until('it has ended', () => !isAlive(pid));
    b.start();
    const next = await connected(b);
    assert.equal(await connected(a), next);
  });

  test('a window that wants none joins the one that another starts', async () => {
    const quiet = open({ isWanted: false });
    await until('nothing runs', () => quiet.state === 'stopped');
    assert.equal(launched.length, 0);
    const pid = await connected(open());
    assert.equal(await connected(quiet), pid);
  });

  test('a collector that cannot start is reported, and tried again', async () => {
    let attempts = 0;
    const client = open({
      launch: () => {
        attempts++;
        return attempts < 4 ? { pid: undefined, exited: Promise.resolve(1) } : launch('1.0.0');
      },
    });
    await until('offline', () => client.state === 'offline', 30_000);
    assert.match(client.detail, /ended at once \(1\)/);
    await connected(client);
    assert.equal(client.detail, '');
  });

  test('requests while it is away are refused with a reason', async () => {
    const client = open({ isWanted: false });
    await until('nothing runs', () => client.state === 'stopped');
    await assert.rejects(client.request('status', {}), /does not run/);
  });
});
