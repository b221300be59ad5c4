import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireProcessLock } from '../../src/collector/process-lock.ts';
import { lockFilePath, readLockFile } from '../../src/protocol/runtime.ts';

const lockOf = (pid: number) => ({ pid, socket: '/tmp/x', version: '1', protocolVersion: 1, token: 'ab'.repeat(32) });

suite('collector: one process a data folder', () => {
  let dir: string;
  setup(() => { dir = mkdtempSync(join(tmpdir(), 'lock-')); });
  teardown(() => rmSync(dir, { recursive: true, force: true }));

  test('a second taker gets nothing until the first has gone', () => {
    const first = acquireProcessLock(dir);
    assert.ok(first);
    assert.equal(acquireProcessLock(dir), undefined);
    first.dispose();
    const again = acquireProcessLock(dir);
    assert.ok(again);
    again.dispose();
  });

  test('a lock.db that is no database is copied and begun anew; two still meet at one file', () => {
    const path = join(dir, 'lock.db');
    writeFileSync(path, 'not a lock\n'.repeat(100));
    const problems: string[] = [];
    const first = acquireProcessLock(dir, (problem) => problems.push(problem));
    assert.ok(first);
    const copy = readdirSync(dir).find((name) => name.startsWith('lock.db.damaged-'));
    assert.ok(copy);
    assert.match(problems.join('\n'), new RegExp(copy));
    assert.equal(readFileSync(join(dir, copy), 'utf8'), 'not a lock\n'.repeat(100));
    assert.equal(acquireProcessLock(dir), undefined);
    first.dispose();
  });

  test('the lock file is for this user only and goes with its owner', () => {
    const lock = acquireProcessLock(dir);
    assert.ok(lock);
    lock.publish(lockOf(process.pid));
    assert.equal(statSync(lockFilePath(dir)).mode & 0o777, 0o600);
    assert.deepEqual(readLockFile(lockFilePath(dir)), lockOf(process.pid));
    lock.dispose();
    assert.equal(existsSync(lockFilePath(dir)), false);
  });

  test('a process killed with SIGKILL leaves the lock to the next', async () => {
    const source = join(import.meta.dirname, '../../src/collector/process-lock.ts');
    const child = spawn(process.execPath, ['--input-type=module', '-e', `
      import { acquireProcessLock } from ${JSON.stringify(source)};
      const lock = acquireProcessLock(${JSON.stringify(dir)});
      lock.publish(${JSON.stringify(lockOf(1))});
      console.log('held');
      setInterval(() => lock, 1000);
    `], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    assert.equal(acquireProcessLock(dir), undefined);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    const lock = acquireProcessLock(dir);
    assert.ok(lock);
    assert.equal(readLockFile(lockFilePath(dir)), undefined);
    lock.dispose();
  });
});
