import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { LockFile } from './rpc.ts';

/** How a process is set up, as far as the places of files depend on it. */
export interface RuntimeEnvironment {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  readonly tempDir: string;
  /** The user's id; on Windows, where there is none, the user's name. */
  readonly user: string;
}

/** The environment of this process. */
export function currentRuntimeEnvironment(): RuntimeEnvironment {
  return {
    platform: process.platform,
    env: process.env,
    homeDir: homedir(),
    tempDir: tmpdir(),
    user: process.getuid ? String(process.getuid()) : userInfo().username,
  };
}

/** The folder of the collector's data where neither a setting nor `SIGHTLINE_DATA_DIR` names another. */
export function defaultDataDir(environment: RuntimeEnvironment): string {
  const { env, homeDir, platform } = environment;
  if (env['SIGHTLINE_DATA_DIR']) return resolve(env['SIGHTLINE_DATA_DIR']);
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homeDir, 'AppData', 'Local'), 'Sightline');
  if (platform === 'darwin') return join(homeDir, 'Library', 'Application Support', 'Sightline');
  return join(env['XDG_DATA_HOME'] ?? join(homeDir, '.local', 'share'), 'sightline');
}

/** The lock file of the collector that owns `dataDir`. */
export const lockFilePath = (dataDir: string): string => join(dataDir, 'collector.lock');

/** The log of a collector that was started by an editor window. */
export const collectorLogPath = (dataDir: string): string => join(dataDir, 'collector.log');

/**
 * The folder and path of the RPC socket for `dataDir`. The folder must be made with mode 0700.
 * It does not lie in the data folder, because a Unix socket's path may have at most 103 bytes (macOS; Linux 107).
 */
export function socketPath(dataDir: string, environment: RuntimeEnvironment): { readonly dir: string | undefined; readonly path: string } {
  const id = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12);
  if (environment.platform === 'win32') return { dir: undefined, path: `\\\\.\\pipe\\sightline-${environment.user}-${id}` };
  const base = environment.env['XDG_RUNTIME_DIR'] ?? environment.tempDir;
  const dir = join(base, `sightline-${environment.user}`);
  return { dir, path: join(dir, `${id}.sock`) };
}

/** The lock file's content, or undefined when there is none or it is not one of ours. Never throws. */
export function readLockFile(path: string): LockFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  return isLockFile(value) ? value : undefined;
}

function isLockFile(value: unknown): value is LockFile {
  if (typeof value !== 'object' || value === null) return false;
  const lock: Partial<Record<keyof LockFile, unknown>> = value;
  return (
    typeof lock.pid === 'number' &&
    typeof lock.socket === 'string' &&
    typeof lock.version === 'string' &&
    typeof lock.protocolVersion === 'number' &&
    typeof lock.token === 'string' &&
    lock.token.length === 64
  );
}
