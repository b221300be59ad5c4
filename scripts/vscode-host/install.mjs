// usage: node scripts/vscode-host/install.mjs
// Installs code-server (VS Code for the browser) from the npm registry into the user's cache. No install script runs and
// nothing is compiled. Each step leaves a marker, so that an interrupted installation goes on where it stopped.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolEnvironment } from '../node24.mjs';
import { withLock } from './lock.mjs';
import { CODE_SERVER_VERSION, hostDir, readyMarker, vscodeDir } from './paths.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const INSTALL = ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

function npm(cwd, args) {
  return new Promise((resolve, reject) => {
    const env = toolEnvironment();
    delete env.npm_config_omit_lockfile_registry_resolved;
    const child = spawn('npm', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`npm ${args.join(' ')} in ${cwd} ended with ${code}\n${output}`))));
  });
}

function replaceNativeModules() {
  copyFileSync(join(here, 'stand-in-spdlog.cjs'), join(vscodeDir, 'node_modules', '@vscode', 'spdlog', 'index.js'));
  for (const name of ['@vscode/native-watchdog', 'native-watchdog']) {
    const folder = join(vscodeDir, 'node_modules', ...name.split('/'));
    if (existsSync(folder)) copyFileSync(join(here, 'stand-in-watchdog.cjs'), join(folder, 'index.js'));
  }
}

/** What code-server's own postinstall does after its two nested installations. */
function linkHelpers() {
  if (process.platform === 'win32') return;
  const os = process.platform === 'darwin' ? 'darwin' : 'linux';
  for (const [target, link] of [
    [`code-${os}.sh`, join(vscodeDir, 'bin', 'remote-cli', 'code-server')],
    [`browser-${os}.sh`, join(vscodeDir, 'bin', 'helpers', 'browser.sh')],
  ]) {
    rmSync(link, { force: true });
    symlinkSync(target, link);
  }
}

/** Removes some 400 MB that neither the tests nor the demo use: assistants, other platforms' binaries. */
function prune() {
  const modules = join(vscodeDir, 'node_modules');
  const github = join(modules, '@github');
  const unused = [
    join(modules, '@microsoft', 'mxc-sdk'),
    join(modules, '@devcontainers'),
    join(vscodeDir, 'extensions', 'copilot'),
    ...(existsSync(github) ? readdirSync(github).filter((name) => name.startsWith('copilot')).map((name) => join(github, name)) : []),
  ];
  const platform = `${process.platform}-${process.arch}`;
  for (const folder of [join(modules, '@vscode', 'ripgrep-universal', 'bin'), join(modules, 'node-pty', 'prebuilds')]) {
    if (!existsSync(folder) || !existsSync(join(folder, platform))) continue;
    unused.push(...readdirSync(folder).filter((name) => name !== platform).map((name) => join(folder, name)));
  }
  for (const path of unused) rmSync(path, { recursive: true, force: true });
}

const steps = [
  ['code-server', async () => {
    writeFileSync(join(hostDir, 'package.json'), '{"private":true}\n');
    await npm(hostDir, [...INSTALL, `code-server@${CODE_SERVER_VERSION}`]);
  }],
  ['server-modules', () => npm(vscodeDir, INSTALL)],
  ['extension-modules', () => npm(join(vscodeDir, 'extensions'), INSTALL)],
  ['stand-ins', () => { replaceNativeModules(); linkHelpers(); }],
  ['pruned', prune],
];

/** Makes sure that the browser build of VS Code is in the cache; says on `log` what takes long. */
export async function installHost(log = console.log) {
  if (existsSync(readyMarker)) return;
  mkdirSync(hostDir, { recursive: true });
  await withLock(join(hostDir, 'install.lock'), async () => {
    if (existsSync(readyMarker)) return;
    const startedAt = Date.now();
    log(`Installing VS Code for the browser (code-server ${CODE_SERVER_VERSION}) into ${hostDir}, once; about half a minute …`);
    for (const [name, run] of steps) {
      const marker = join(hostDir, `.done-${name}`);
      if (existsSync(marker)) continue;
      await run();
      writeFileSync(marker, '');
    }
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    writeFileSync(readyMarker, `${JSON.stringify({ codeServer: CODE_SERVER_VERSION, seconds })}\n`);
    log(`Installed in ${seconds} s.`);
  }, (pid) => log(`Waiting for process ${pid}, which is installing VS Code for the browser …`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await installHost();
