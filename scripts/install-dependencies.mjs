// Installs what package-lock.json names when it is not there yet. Plain JavaScript that runs on Node 20.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node24.mjs';

const readPackages = (path) => (existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')).packages ?? {}) : {});

/** Whether node_modules holds the versions of the lock file; what is optional may be missing. By content: times say little after a checkout. */
function isInstalled() {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const wanted = readPackages(join(root, 'package-lock.json'));
  return (
    existsSync(join(root, 'node_modules', 'node', 'bin')) &&
    Object.entries(wanted).every(([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version)
  );
}

/** Runs `npm ci` unless node_modules is what the lock file asks for. Throws when that fails. */
export function installDependencies() {
  if (isInstalled()) return;
  process.stderr.write('Installing dependencies (npm ci) …\n');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  if (result.status !== 0) throw new Error(`npm ci ended with ${result.status ?? result.signal}`);
}
