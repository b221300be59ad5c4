import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A collector that runs as a process of its own: the built one, as users have it. */
export interface CollectorProcess {
  readonly api: string;
  readonly otlp: string;
  readonly pid: number;
  /** From spawning to the line that says it is ready. */
  readonly readyMs: number;
  /** What it has logged so far. */
  readonly log: () => string;
  /** Ends it politely; resolves with its exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

const CLI = join(import.meta.dirname, '../../../dist/cli.js');
const running = new Set<ChildProcess>();

process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Starts `sightline collect` on free ports and waits until it says that it is ready; throws with its log when it ends instead. */
export async function startCollectorProcess(dataDir: string, args: readonly string[] = []): Promise<CollectorProcess> {
  if (!existsSync(CLI)) throw new Error(`${CLI} is missing: run npm run build`);
  const startMs = performance.now();
  const child = spawn(process.execPath, [CLI, 'collect', '--data-dir', dataDir, '--api', '127.0.0.1:0', '--otlp-http', '127.0.0.1:0', '--otlp-grpc', 'off', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_RUNTIME_DIR: dataDir },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the collector ended with ${code} before it was ready:\n${log}`)));
  });
  const ready = JSON.parse(line) as { api: string; otlpHttp: string; pid: number };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  };
  return {
    api: `http://${ready.api}`,
    otlp: `http://${ready.otlpHttp}`,
    pid: ready.pid,
    readyMs: performance.now() - startMs,
    log: () => log,
    stop: () => end('SIGTERM'),
    kill: async () => {
      await end('SIGKILL');
    },
  };
}

/** A folder for one test, short enough for a socket's path. */
export function makeTempDir(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sl-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
