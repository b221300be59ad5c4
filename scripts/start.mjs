// usage: npm start [-- --headless [--for 20s]]
// Installs when needed, builds, starts the collector and the demo, and opens VS Code on the demo's workspace: the desktop's
// when `code` is on the PATH, else VS Code in the browser. --headless shows a live table in the terminal instead.
// Plain JavaScript that runs on Node 20 with nothing installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isBuildStale } from './freshness.mjs';
import { installDependencies } from './install-dependencies.mjs';
import { node24, root, toolEnvironment } from './node24.mjs';
import { ready, Supervisor } from './supervise.mjs';

const { values: options } = parseArgs({
  options: { headless: { type: 'boolean', default: false }, for: { type: 'string' }, browser: { type: 'boolean', default: false } },
});
const say = (text) => process.stderr.write(`${text}\n`);
const fail = (text) => {
  say(`npm start: ${text}`);
  process.exit(1);
};
const dist = (name) => join(root, 'dist', name);
const endWithParent = ['--require', join(root, 'scripts', 'end-with-parent.cjs')];

if (options.for !== undefined && !/^\d+(\.\d+)?(ms|s|m|h|d)$/.test(options.for)) fail(`--for ${options.for} is not a time such as 20s or 2m`);
installDependencies();
if (isBuildStale()) {
  const built = spawnSync(node24(), ['scripts/build.mjs', '--quiet'], { cwd: root, env: toolEnvironment(), stdio: 'inherit' });
  if (built.status !== 0) process.exit(1);
}
// What needs an installed package is imported only now.
const { freePort } = await import('./vscode-host/server.mjs');

const programs = new Supervisor();
const ended = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => resolve(signal));
  // npm runs scripts through a shell, which may die of a signal without passing it on: when it is gone, so are we.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === parent || resolve('SIGHUP'), 500).unref();
});

/** Starts a program of dist/ and resolves with the JSON of its `ready` line. */
async function startProgram(name, args, env = {}) {
  // Its own group, so that Ctrl-C reaches us alone and the end is orderly.
  const options = { cwd: root, env: { ...toolEnvironment(), ...env }, stdio: ['pipe', 'pipe', 'pipe', 'ipc'], detached: process.platform !== 'win32' };
  const child = programs.start(node24(), [...endWithParent, dist(name), ...args], options);
  const first = await ready(child, name);
  child.once('exit', (code) => programs.isStopping || say(`${name} ended with ${code}`));
  return first;
}

/** Starts demo and collector so that each knows the other; `config`: whether the collector reads the demo's prometheus.yml by itself. */
async function startAll(dataDir, config) {
  const otlpPort = await freePort(4318);
  const demo = await startProgram('demo.js', ['--quiet'], { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${otlpPort}` });
  const args = ['collect', '--data-dir', dataDir, '--api', `127.0.0.1:${await freePort(4390)}`, '--otlp-http', `127.0.0.1:${otlpPort}`, '--otlp-grpc', 'off'];
  const collector = await startProgram('cli.js', config ? [...args, '--config', join(demo.workspace, 'prometheus.yml')] : args);
  return { workspace: demo.workspace, api: collector.api };
}

async function runHeadless() {
  const dataDir = mkdtempSync(join(tmpdir(), 'sightline-start-'));
  try {
    const { api } = await startAll(dataDir, true);
    const table = spawn(node24(), [...endWithParent, dist('cli.js'), 'watch', '--api', `http://${api}`, ...(options.for ? ['--for', options.for] : [])], {
      cwd: root,
      env: toolEnvironment(),
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    void ended.then(() => table.kill('SIGTERM'));
    return await new Promise((resolve) => table.once('close', (code) => resolve(code ?? 1)));
  } finally {
    await programs.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function runEditor() {
  const stateDir = join(root, '.sightline');
  const dataDir = join(stateDir, 'data');
  mkdirSync(dataDir, { recursive: true });
  try {
    const { workspace, api } = await startAll(dataDir, false);
    say(`The collector answers on http://${api}, the demo runs.`);
    const settings = { 'sightline.collector.dataDirectory': dataDir, 'window.autoDetectColorScheme': true };
    const code = options.browser ? undefined : findOnPath('code');
    if (code) await openDesktop(code, join(stateDir, 'vscode'), workspace, settings);
    else await openInBrowser(join(stateDir, 'vscode-web'), workspace, settings);
    return 0;
  } finally {
    await programs.stop();
  }
}

function findOnPath(name) {
  const names = process.platform === 'win32' ? [`${name}.cmd`] : [name];
  return (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((file) => join(folder, file))).find((path) => existsSync(path));
}

/** A window of its own with its own settings, so that the user's stay as they are; ends with the window. */
async function openDesktop(code, userData, workspace, settings) {
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User', 'settings.json'), `${JSON.stringify({ ...settings, 'security.workspace.trust.enabled': false }, null, 2)}\n`);
  say('Opening VS Code; close its window or press Ctrl-C to end.');
  const window = spawn(code, ['--new-window', '--wait', `--user-data-dir=${userData}`, `--extensionDevelopmentPath=${root}`, workspace], { stdio: 'ignore', shell: process.platform === 'win32' });
  await Promise.race([ended, new Promise((resolve) => window.once('close', resolve))]);
  window.kill();
}

async function openInBrowser(work, workspace, settings) {
  const { installHost } = await import('./vscode-host/install.mjs');
  const { startServer } = await import('./vscode-host/server.mjs');
  await installHost(say);
  const vsix = join(root, 'out', 'sightline.vsix');
  mkdirSync(join(root, 'out'), { recursive: true });
  const packed = spawnSync('vsce', ['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsix], { cwd: root, env: toolEnvironment(), encoding: 'utf8', shell: process.platform === 'win32' });
  if (packed.status !== 0) throw new Error(`packaging failed:\n${packed.stdout}${packed.stderr}`);
  const server = await startServer({ work, vsix: [vsix], settings, port: 8390 });
  try {
    say(`\nVS Code with Sightline is open on\n\n  ${server.origin}/?folder=${encodeURIComponent(workspace)}\n\nPress Ctrl-C to end.`);
    await Promise.race([ended, server.exited]);
  } finally {
    await server.stop();
  }
}

try {
  process.exitCode = options.headless ? await runHeadless() : await runEditor();
} catch (error) {
  say(`npm start: ${error.message}`);
  process.exitCode = 1;
}
