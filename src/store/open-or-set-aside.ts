import { existsSync, renameSync, statSync } from 'node:fs';

/** Hears, in words for people, of a database that could not be used and where it is now. */
export type DamageReport = (problem: string) => void;

/** A database file that is sound but not of this program, or of a newer one. */
export class ForeignFileError extends Error {
  override readonly name = 'ForeignFileError';
}

/**
 * Primary result codes of SQLite that say something about the system and nothing about the file (sqlite.org/rescode.html):
 * PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, AUTH.
 */
const SYSTEM_CODES: ReadonlySet<number> = new Set([3, 5, 6, 7, 8, 10, 13, 14, 23]);

/** What SQLite keeps beside a database. */
const COMPANIONS = ['', '-wal', '-shm'];

/**
 * Runs `open`, which opens the database at `path` and reads it back. When the file is damaged, foreign or of a newer version, it is
 * renamed (with its log, so that it can still be repaired), `report` hears of it, and `open` runs again on a new one: telemetry of
 * yesterday must not keep that of today out. What the system is to blame for, such as a full disk, is thrown, with cause and remedy.
 */
export function openOrSetAside<T>(path: string, open: () => T, report: DamageReport): T {
  try {
    return open();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isOfSystem(error, path)) throw new Error(`${path} cannot be opened: ${message}. Check that the disk has room and that the folder and its files are yours, or give another data folder.`, { cause: error });
    report(`${path} cannot be used (${message}): it has been renamed to ${setAside(path)}, and a new one begins empty`);
    return open();
  }
}

/** Renames a file and what belongs to it; returns the new path. Throws when that is not possible. */
function setAside(path: string): string {
  const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '');
  let target = `${path}.damaged-${stamp}`;
  for (let i = 2; existsSync(target); i++) target = `${path}.damaged-${stamp}-${i}`;
  for (const suffix of COMPANIONS) if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  return target;
}

function isOfSystem(error: unknown, path: string): boolean {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return false;
  // The low byte is the primary code. A folder in the file's place is nothing that room or rights would cure.
  return SYSTEM_CODES.has(error.errcode & 0xff) && statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true;
}
