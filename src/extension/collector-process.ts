import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { LEAN_ENVIRONMENT, LEAN_NODE_FLAGS } from '../protocol/lean-process.ts';
import { collectorLogPath } from '../protocol/runtime.ts';

/** What a collector is started with. */
export interface CollectorLaunch {
  /** The Node or Electron that runs it. */
  readonly executable: string;
  /** The collector's script. */
  readonly script: string;
  readonly dataDir: string;
  readonly args: readonly string[];
}

/** A collector process as far as its starter knows it. */
export interface LaunchedCollector {
  readonly pid: number | undefined;
  /** Settles when the process ends: with its exit code, or undefined for a signal. */
  readonly exited: Promise<number | undefined>;
}

const MAX_LOG_BYTES = 4 * 1024 * 1024;

/**
 * Starts a collector that outlives this window. Its log, and whatever Node prints when it dies, goes to
 * {@link collectorLogPath}; a large log is put aside first, so that there are at most two.
 */
export function launchCollector(launch: CollectorLaunch): LaunchedCollector {
  mkdirSync(launch.dataDir, { recursive: true, mode: 0o700 });
  const log = openLog(collectorLogPath(launch.dataDir));
  try {
    const child = spawn(launch.executable, ['--disable-warning=ExperimentalWarning', ...LEAN_NODE_FLAGS, launch.script, '--data-dir', launch.dataDir, ...launch.args], {
      cwd: launch.dataDir,
      detached: true,
      stdio: ['ignore', 'ignore', log],
      windowsHide: true,
      env: { ...collectorEnvironment(process.env), ...LEAN_ENVIRONMENT },
    });
    const exited = new Promise<number | undefined>((resolve) => {
      child.once('exit', (code) => resolve(code ?? undefined));
      child.once('error', () => resolve(undefined));
    });
    child.unref();
    return { pid: child.pid, exited };
  } finally {
    closeSync(log);
  }
}

function openLog(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) renameSync(path, `${path}.old`);
  return openSync(path, 'a', 0o600);
}

/** Without what belongs to this window: its debugger, its sockets, its telemetry target. */
function collectorEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(VSCODE_|NODE_OPTIONS$|OTEL_)/.test(name));
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}
