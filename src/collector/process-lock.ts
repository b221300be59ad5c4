import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../base/disposable.ts';
import { lockFilePath, readLockFile } from '../protocol/runtime.ts';
import type { LockFile } from '../protocol/rpc.ts';
import { loadSqlite } from '../store/sqlite.ts';

/** Result codes of SQLite (sqlite.org/rescode.html). */
const NOT_A_DATABASE = 26;
const CORRUPT = 11;

/** The exclusive right to be the collector of a data folder. */
export interface ProcessLock extends Disposable {
  /** Tells others how to reach this collector: writes the lock file as a whole, readable by this user only. */
  publish(lock: LockFile): void;
}

/**
 * Becomes the collector of `dataDir`, or returns undefined when a living process already is.
 *
 * Invariant: the right is an exclusive SQLite transaction on `lock.db`, which the system itself ends with the process,
 * `kill -9` included. The lock file next to it only tells how to reach its owner and may be stale.
 * Where `node:sqlite` is missing, the lock file of a living process stands in for it. A `lock.db` that is no database is emptied after
 * a copy of it has been made; `report` hears of that. Throws when the folder cannot be used.
 */
export function acquireProcessLock(dataDir: string, report: (problem: string) => void = () => undefined): ProcessLock | undefined {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const release = takeExclusive(dataDir, report);
  if (!release) return undefined;
  const path = lockFilePath(dataDir);
  rmSync(path, { force: true });
  let isDisposed = false;
  return {
    publish(lock) {
      const temporary = `${path}.${process.pid}`;
      writeFileSync(temporary, JSON.stringify(lock), { mode: 0o600 });
      chmodSync(temporary, 0o600);
      renameSync(temporary, path);
    },
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      if (readLockFile(path)?.pid === process.pid) rmSync(path, { force: true });
      release();
    },
  };
}

function takeExclusive(dataDir: string, report: (problem: string) => void): (() => void) | undefined {
  const sqlite = loadSqlite();
  if (!sqlite) {
    const lock = readLockFile(lockFilePath(dataDir));
    return lock && lock.pid !== process.pid && isAlive(lock.pid) ? undefined : () => undefined;
  }
  const path = join(dataDir, 'lock.db');
  try {
    return lockDatabase(sqlite, path);
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error && (error.errcode === NOT_A_DATABASE || error.errcode === CORRUPT))) throw error;
    const copy = `${path}.damaged-${Date.now()}`;
    copyFileSync(path, copy);
    // Emptied, not replaced: the lock is on the file itself, so that two who do this at once still meet at one.
    truncateSync(path);
    report(`${path} was no lock of ours (${error.message}): it is a new one now, what it held is in ${copy}`);
    return lockDatabase(sqlite, path);
  }
}

function lockDatabase(sqlite: NonNullable<ReturnType<typeof loadSqlite>>, path: string): (() => void) | undefined {
  const database = new sqlite.DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined;
    throw error;
  }
  return () => database.close();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
