import { spawn, type ChildProcess } from 'node:child_process';
import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/event.ts';

/** How the demo is run. */
export interface DemoHost {
  readonly executable: string;
  readonly script: string;
  log(message: string): void;
  /** Lets the collector scrape what the demo's workspace names. */
  addFolder(name: string, path: string): Disposable;
}

/** Whether the demo runs, from its start to the end of its last process. */
export type DemoState = 'off' | 'starting' | 'running';

const READY_TIMEOUT_MS = 30_000;

/** The demo workload of this window; it ends with the window, because it watches its standard input. */
export class DemoRunner implements Disposable {
  readonly #host: DemoHost;
  readonly #changed = new Emitter<DemoState>();
  #child: ChildProcess | undefined;
  #folder: Disposable | undefined;
  #state: DemoState = 'off';

  readonly onChange: Event<DemoState> = this.#changed.event;

  constructor(host: DemoHost) {
    this.#host = host;
  }

  get state(): DemoState {
    return this.#state;
  }

  /** Resolves with the demo's workspace folder when it serves; rejects with why it does not. */
  async start(otlpEndpoint: string | undefined): Promise<string> {
    if (this.#child) throw new Error('the demo runs already');
    this.#setState('starting');
    const { NODE_OPTIONS: _debugger, OTEL_EXPORTER_OTLP_ENDPOINT: _other, ...env } = process.env;
    const child = spawn(this.#host.executable, [this.#host.script, '--quiet'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      env: { ...env, ELECTRON_RUN_AS_NODE: '1', ...(otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }) },
    });
    this.#child = child;
    child.once('close', () => this.#onEnd(child));
    try {
      const workspace = await readyWorkspace(child, (text) => this.#host.log(text));
      this.#folder = this.#host.addFolder('demo', workspace);
      this.#setState('running');
      return workspace;
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** Asks the demo to end; {@link onChange} says when it has. */
  stop(): void {
    this.#folder?.dispose();
    this.#folder = undefined;
    this.#child?.kill('SIGTERM');
  }

  dispose(): void {
    this.stop();
    this.#changed.dispose();
  }

  #onEnd(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#folder?.dispose();
    this.#folder = undefined;
    this.#setState('off');
  }

  #setState(state: DemoState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}

/** Waits for the demo's line `{"event":"ready","workspace":…}`. */
function readyWorkspace(child: ChildProcess, log: (text: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    const timer = setTimeout(() => reject(new Error('the demo did not start within 30 s')), READY_TIMEOUT_MS);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const workspace = output.split('\n').map(parseReady).find((value) => value !== undefined);
      if (workspace === undefined) return;
      clearTimeout(timer);
      resolve(workspace);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-1000);
      log(text.trimEnd());
    });
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      reject(new Error(`the demo ended${errors === '' ? '' : `: ${errors.trim()}`}`));
    });
  });
}

function parseReady(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('event' in value) || value.event !== 'ready') return undefined;
    return 'workspace' in value && typeof value.workspace === 'string' ? value.workspace : undefined;
  } catch {
    return undefined;
  }
}
