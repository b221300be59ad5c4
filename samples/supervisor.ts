import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { choosePorts, DEFAULT_PORTS, type DemoPorts } from './ports.ts';
import { workspaceFor } from './workspace-copy.ts';

/** How to start the demo. */
export interface DemoOptions {
  /** The program that runs a role when called with its name: samples/demo.ts, or its bundle. */
  readonly entry: string;
  /** Where the processes send OTLP, as `http://127.0.0.1:4318`; without it they send none. */
  readonly otlpEndpoint?: string;
  /** `default` (the ports of the workspace's files, where they are free) or `free` (any). */
  readonly ports?: 'default' | 'free';
  /** Gets what the processes print, as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** The running demo. */
export interface Demo {
  readonly ports: DemoPorts;
  /** The folder to open: it holds prometheus.yml and the other files for these ports. */
  readonly workspaceDir: string;
  /** The processes of now; one that dies is started again. */
  pids(): readonly number[];
  /** Ends all processes and resolves when they are gone. */
  stop(): Promise<void>;
}

const ROLES = ['upstreams', 'cache', 'gateway', 'load'] as const;
/** What the demo is made of. */
export type DemoRole = (typeof ROLES)[number];

/** The role of that name, or undefined. */
export const parseRole = (text: string | undefined): DemoRole | undefined => ROLES.find((role) => role === text);

const RESTART_DELAY_MS = 2000;
const KILL_AFTER_MS = 3000;
const ANY_PORTS: DemoPorts = { gateway: 0, cache: 0, upstreams: 0, inspector: 0 };

/** Starts gateway, cache, upstreams and load; resolves when all serve. Rejects, with nothing left running, when one does not. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const ports = await choosePorts(options.ports === 'free' ? ANY_PORTS : DEFAULT_PORTS);
  const workspace = workspaceFor(findWorkspace(options.entry), ports);
  const children = new Map<DemoRole, ChildProcess>();
  const restarts = new Set<NodeJS.Timeout>();
  let isStopping = false;

  const start = (role: DemoRole): Promise<void> => {
    const inspect = role === 'gateway' ? [`--inspect=127.0.0.1:${ports.inspector}`] : [];
    const child = spawn(process.execPath, [...inspect, options.entry, role, JSON.stringify(ports)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: environment(options.otlpEndpoint),
    });
    children.set(role, child);
    let errorTail = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => options.onOutput?.(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errorTail = (errorTail + text).slice(-2000);
      options.onOutput?.(text);
    });
    return new Promise((resolve, reject) => {
      let isReady = false;
      child.once('message', () => {
        isReady = true;
        resolve();
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        if (!isReady) reject(new Error(`the demo's ${role} did not start (${signal ?? code}): ${errorTail}`));
        else if (!isStopping) restart(role);
      });
    });
  };

  const restart = (role: DemoRole): void => {
    const timer = setTimeout(() => {
      restarts.delete(timer);
      start(role).catch(() => {
        if (!isStopping) restart(role);
      });
    }, RESTART_DELAY_MS);
    restarts.add(timer);
  };

  const stop = async (): Promise<void> => {
    isStopping = true;
    for (const timer of restarts) clearTimeout(timer);
    // Clients first, so that the gateway does not report a failure for each upstream that goes.
    for (const role of ['load', 'gateway', 'cache', 'upstreams'] as const) {
      const child = children.get(role);
      if (child) await end(child);
    }
    workspace.remove();
  };

  try {
    await Promise.all([start('upstreams'), start('cache'), start('gateway')]);
    await start('load');
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ports,
    workspaceDir: workspace.dir,
    pids: () => [...children.values()].flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    stop,
  };
}

function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

function environment(otlpEndpoint: string | undefined): NodeJS.ProcessEnv {
  // Undefined is left out: neither the parent's debugger nor its telemetry is for the demo.
  return { ...process.env, NODE_OPTIONS: undefined, OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint };
}

/** Beside the sources, or for the bundle in dist/, where the repository and the installed extension have it. */
function findWorkspace(entry: string): string {
  const beside = join(dirname(entry), 'workspace');
  return existsSync(beside) ? beside : join(dirname(entry), '..', 'samples', 'workspace');
}
