// Starts code-server (a real VS Code server with its extension host) on 127.0.0.1.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { node24, toolEnvironment } from '../node24.mjs';
import { codeServerEntry } from './paths.mjs';

const START_TIMEOUT_MS = 60_000;
const KILL_AFTER_MS = 4000;

/** Quiet, offline and the same on every machine. */
const DEFAULT_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'npm.fetchOnlinePackageInfo': false,
  'json.schemaDownload.enable': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'window.confirmBeforeClose': 'never',
  'files.simpleDialog.enable': true,
};

/** A port that was free a moment ago. */
export function freePort(wanted = 0) {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once('error', (error) => (wanted === 0 ? reject(error) : resolvePort(freePort())));
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolvePort(port));
    });
  });
}

function hostEnvironment(work, temporary, extra) {
  const env = toolEnvironment();
  for (const name of Object.keys(env)) if (/^(CODE_SERVER_|PASSWORD$|HASHED_PASSWORD$|npm_)/.test(name)) delete env[name];
  // Node 24 must be found by scripts of the editor too, but the project's tools must not.
  env.PATH = `${dirname(node24())}:${process.env.PATH ?? ''}`;
  return {
    ...env,
    TMPDIR: temporary,
    // Keeps the user's own configuration untouched.
    XDG_CONFIG_HOME: join(work, 'xdg', 'config'),
    XDG_CACHE_HOME: join(work, 'xdg', 'cache'),
    // No marketplace.
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: '', itemUrl: '', resourceUrlTemplate: '' }),
    ...extra,
  };
}

/**
 * Starts a server with its own user data under `work` and resolves when it answers.
 * `vsix`: packages to install first. `isTest`: lets a page name an extension under development and its tests.
 * Returns the origin, the authority of `vscode-remote:` URIs, and `stop`.
 */
export async function startServer({ work, vsix = [], settings = {}, env: extraEnv = {}, isTest = false, port: wantedPort = 0 }) {
  for (const folder of ['user-data/User', 'user-data/Machine', 'extensions']) mkdirSync(join(work, folder), { recursive: true });
  const configFile = join(work, 'code-server.yaml');
  writeFileSync(configFile, 'auth: none\ncert: false\n');
  // Settings of machine scope are read from the second file.
  for (const scope of ['User', 'Machine']) {
    writeFileSync(join(work, 'user-data', scope, 'settings.json'), `${JSON.stringify({ ...DEFAULT_SETTINGS, ...settings }, null, 2)}\n`);
  }
  // Short, because the paths of the sockets in it may have at most 107 bytes.
  const temporary = mkdtempSync(join(tmpdir(), 'slh-'));
  const env = hostEnvironment(work, temporary, extraEnv);
  const common = [codeServerEntry, '--config', configFile, '--user-data-dir', join(work, 'user-data'), '--extensions-dir', join(work, 'extensions')];
  for (const file of vsix) {
    const result = spawnSync(node24(), [...common, '--install-extension', resolve(file), '--force'], { env, encoding: 'utf8' });
    if (!/successfully installed|already installed/.test(result.stdout)) throw new Error(`installing ${file} failed: ${result.stdout}${result.stderr}`);
  }
  const port = await freePort(wantedPort);
  const child = spawn(node24(), [
    ...common,
    '--auth', 'none',
    '--bind-addr', `127.0.0.1:${port}`,
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    '--disable-proxy',
    '--ignore-last-opened',
    // A built web workbench takes extensionDevelopmentPath and extensionTestsPath of a page only with this option.
    ...(isTest ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const log = createWriteStream(join(work, 'server.log'));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });

  const killGroup = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group is gone.
    }
  };
  /** Ends the whole process group: entry, server, extension hosts, file watcher. */
  const stop = () => new Promise((done) => {
    const finish = () => {
      killGroup('SIGKILL');
      rmSync(temporary, { recursive: true, force: true });
      log.end();
      done();
    };
    if (child.exitCode !== null || child.signalCode !== null) return finish();
    child.once('exit', finish);
    killGroup('SIGTERM');
    setTimeout(() => killGroup('SIGKILL'), KILL_AFTER_MS).unref();
  });

  const origin = `http://127.0.0.1:${port}`;
  const startedAt = Date.now();
  for (;;) {
    if (child.exitCode !== null) throw new Error(`code-server ended with ${child.exitCode}: ${readLog(join(work, 'server.log'))}`);
    try {
      if ((await fetch(`${origin}/healthz`)).ok) break;
    } catch {
      // Not listening yet.
    }
    if (Date.now() - startedAt > START_TIMEOUT_MS) {
      await stop();
      throw new Error(`code-server did not answer within ${START_TIMEOUT_MS / 1000} s`);
    }
    await delay(50);
  }
  return { origin, authority: `127.0.0.1:${port}`, pid: child.pid, stop, exited: new Promise((done) => child.once('exit', done)) };
}

const readLog = (path) => (existsSync(path) ? readFileSync(path, 'utf8').slice(-2000) : '');

/** The address of the workbench on `folder`; `payload` is read by the workbench's start. */
export function workbenchUrl(server, { folder, payload = [] } = {}) {
  const query = new URLSearchParams(folder ? { folder } : { ew: 'true' });
  query.set('payload', JSON.stringify([['skipWelcome', 'true'], ...payload]));
  return `${server.origin}/?${query}`;
}

/** A path on this machine as the web workbench names it. */
export const remoteUri = (server, path) => `vscode-remote://${server.authority}${resolve(path)}`;
