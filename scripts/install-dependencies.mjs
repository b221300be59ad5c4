// Installs what package-lock.json names when it is not there yet. Plain JavaScript that runs on Node 20.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node24.mjs';

/** Runs `npm ci` unless node_modules is as new as the lock file. */
export function installDependencies() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  const isNode24There = existsSync(join(root, 'node_modules', 'node', 'bin'));
  if (existsSync(installed) && isNode24There && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  process.stdout.write('Installing dependencies (npm ci) …\n');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.status !== 0) throw new Error(`npm ci ended with ${result.status ?? result.signal}`);
}
