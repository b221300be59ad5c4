import { build } from 'esbuild';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runTests } from '@vscode/test-electron';
import { lockFilePath, readLockFile } from '../../src/protocol/runtime.ts';

/**
 * Runs test/host/suites inside VS Code's extension host, through @vscode/test-electron: in the desktop VS Code when there is
 * one (`VSCODE_EXECUTABLE`, or `code` on the PATH together with `--desktop`), else in the browser build, with a driver that
 * clicks and looks. `launcher.ts [--grep TEXT] [--verbose] [--keep]`. Exit code 0: all passed, or skipped with a reason.
 */

const root = join(import.meta.dirname, '..', '..');
const out = join(root, 'out', 'host-tests');
const shots = join(root, 'test-results');
const args = process.argv.slice(2);
const grep = args.includes('--grep') ? args[args.indexOf('--grep') + 1] : undefined;

const say = (text: string): unknown => process.stdout.write(`${text}\n`);
const warn = (text: string): unknown => process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const host = await findHost();
  if ('missing' in host) {
    warn(`\nIN-EDITOR TESTS SKIPPED: ${host.missing}\n`);
    say(`  0 passing\n  ${globSync('suites/*.test.ts', { cwd: import.meta.dirname }).length} pending`);
    return 0;
  }
  await bundleTests();
  const work = mkdtempSync(join(tmpdir(), 'sightline-host-'));
  const dataDir = join(work, 'data');
  const folder = join(work, 'workspace');
  mkdirSync(folder);
  writeFileSync(join(folder, 'README.md'), '# A workspace\n');
  const settings = JSON.stringify({
    'sightline.collector.apiPort': await freePort(),
    'sightline.collector.otlpHttpPort': await freePort(),
    'sightline.collector.dataDirectory': dataDir,
    'sightline.collector.lingerSeconds': 3,
  });
  const result = join(work, 'result.json');
  let failure: string | undefined;
  try {
    if (host.kind === 'desktop') writeDesktopSettings(work, settings);
    await runTests({
      vscodeExecutablePath: host.executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(out, 'index.cjs'),
      launchArgs: [folder, ...(host.kind === 'desktop' ? [`--user-data-dir=${join(work, 'user-data')}`, `--extensions-dir=${join(work, 'extensions')}`] : [])],
      extensionTestsEnv: {
        SIGHTLINE_TEST_WORK: work,
        SIGHTLINE_TEST_SHOTS: shots,
        SIGHTLINE_TEST_SETTINGS: settings,
        SIGHTLINE_TEST_RESULT: result,
        ...(grep === undefined ? {} : { SIGHTLINE_TEST_GREP: grep }),
        ...(args.includes('--verbose') ? { SIGHTLINE_TEST_VERBOSE: '1' } : {}),
      },
      stdout: process.stderr,
    });
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const report = join(work, 'report.txt');
  const hasReport = existsSync(report);
  if (hasReport) process.stdout.write(readFileSync(report, 'utf8'));
  else warn(`The in-editor tests did not run: ${failure ?? 'no report'}`);
  const hadCollector = existsSync(join(dataDir, 'collector.log'));
  const leftOver = await waitForCollectorToLeave(dataDir);
  if (leftOver !== undefined) {
    say(`  1 failing\n\n  the collector (pid ${leftOver}) did not leave after the last window\n`);
    process.kill(leftOver, 'SIGKILL');
  } else if (hadCollector && failure === undefined) say('  1 passing (the collector left after the last window)\n');
  keepLogs(work, dataDir);
  if (!args.includes('--keep')) rmSync(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  else warn(`kept ${work}`);
  return failure === undefined && hasReport && leftOver === undefined ? 0 : 1;
}

type Host = { readonly kind: 'desktop' | 'browser'; readonly executable: string } | { readonly missing: string };

async function findHost(): Promise<Host> {
  const desktop = process.env['VSCODE_EXECUTABLE'] ?? (args.includes('--desktop') ? findOnPath('code') : undefined);
  if (desktop !== undefined) return { kind: 'desktop', executable: desktop };
  const { findChromium } = await import('../../scripts/vscode-host/paths.mjs');
  if (!findChromium()) {
    return { missing: 'they need a desktop VS Code (set VSCODE_EXECUTABLE to its path) or Chromium (Debian: apt-get install chromium; or set CHROMIUM to its path).' };
  }
  const { installHost } = await import('../../scripts/vscode-host/install.mjs');
  try {
    await installHost((text: string) => warn(text));
  } catch (error) {
    return { missing: `VS Code for the browser could not be installed from the npm registry: ${error instanceof Error ? error.message : String(error)}` };
  }
  return { kind: 'browser', executable: join(root, 'scripts', 'vscode-host', 'code-stand-in.mjs') };
}

const findOnPath = (name: string): string | undefined => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)).find((path) => existsSync(path));

async function bundleTests(): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  const suites = globSync('suites/*.test.ts', { cwd: import.meta.dirname }).sort();
  await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: ['index.ts', ...suites],
    entryNames: '[name]',
    outdir: out,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

function writeDesktopSettings(work: string, settings: string): void {
  mkdirSync(join(work, 'user-data', 'User'), { recursive: true });
  writeFileSync(join(work, 'user-data', 'User', 'settings.json'), settings);
}

/** Its pid when it is still there after the time that the settings give it. */
async function waitForCollectorToLeave(dataDir: string): Promise<number | undefined> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const pid = readLockFile(lockFilePath(dataDir))?.pid;
    if (pid === undefined || !isAlive(pid)) return undefined;
    if (Date.now() > deadline) return pid;
    await delay(100);
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

/** What explains a failure, beside the screenshots. */
function keepLogs(work: string, dataDir: string): void {
  mkdirSync(shots, { recursive: true });
  for (const file of [join(work, 'server.log'), join(work, 'page.log'), join(dataDir, 'collector.log')]) {
    if (existsSync(file)) writeFileSync(join(shots, basename(file)), readFileSync(file));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

process.exitCode = await main();
