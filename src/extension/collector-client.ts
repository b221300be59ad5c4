import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import type { CancellationToken } from 'vscode-jsonrpc/node';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/event.ts';
import type { HealthSnapshot } from '../protocol/health.ts';
import { PROTOCOL_VERSION, type CollectorEvents, type CollectorRequests, type CollectorStatus, type ConfigProblem, type LockFile } from '../protocol/rpc.ts';
import { lockFilePath, readLockFile } from '../protocol/runtime.ts';
import type { LaunchedCollector } from './collector-process.ts';
import { decideJoin } from './collector-version.ts';
import type { RpcConnection } from './rpc-connection.ts';
import type { ConnectionState } from './status-bar-text.ts';
import { isStopMarked, markStopped } from './stop-marker.ts';
import { isNewerTakingOver, markTakeover } from './takeover-marker.ts';

/** What the client needs of its window. */
export interface CollectorClientHost {
  readonly windowId: string;
  readonly extensionVersion: string;
  readonly dataDir: string;
  /** Starts a collector for `dataDir`; another may win the race, then ours ends by itself. */
  launch(): LaunchedCollector;
  log(level: CollectorEvents['log']['level'], message: string): void;
}

const POLL_MS = 40;
const START_TIMEOUT_MS = 15_000;
const HAND_OVER_TIMEOUT_MS = 10_000;
const STOPPED_POLL_MS = 2000;
const BACKOFF_MS = [100, 250, 500, 1000, 2000, 5000, 10_000];
/** Attempts that fail before the user sees "off" in place of a spinner. */
const ATTEMPTS_UNTIL_OFFLINE = 3;

/**
 * Keeps this window connected to the one collector of the user: joins it, starts it, restarts it when it died.
 * Invariant: at most one connection is open; the loop ends only with {@link dispose}.
 */
export class CollectorClient implements Disposable {
  readonly #store = new DisposableStore();
  readonly #host: CollectorClientHost;
  readonly #states = this.#store.add(new Emitter<ConnectionState>());
  readonly #healths = this.#store.add(new Emitter<HealthSnapshot>());
  readonly #statuses = this.#store.add(new Emitter<CollectorStatus>());
  readonly #problems = this.#store.add(new Emitter<readonly ConfigProblem[]>());
  readonly #abort = new AbortController();
  #wake = new AbortController();
  #connection: RpcConnection | undefined;
  #state: ConnectionState = 'connecting';
  #detail = '';
  #health: HealthSnapshot | undefined;
  #status: CollectorStatus | undefined;
  #isWanted: boolean;

  readonly onStateChange: Event<ConnectionState> = this.#states.event;
  readonly onHealth: Event<HealthSnapshot> = this.#healths.event;
  readonly onStatus: Event<CollectorStatus> = this.#statuses.event;
  readonly onConfigProblems: Event<readonly ConfigProblem[]> = this.#problems.event;

  /** `isWanted`: whether a collector is started when none runs; without it the window only joins. */
  constructor(host: CollectorClientHost, isWanted: boolean) {
    this.#host = host;
    this.#isWanted = isWanted;
    if (isWanted) markStopped(host.dataDir, false);
    this.#store.add(
      toDisposable(() => {
        this.#abort.abort();
        this.#wake.abort();
        this.#connection?.dispose();
      }),
    );
    void this.#run();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Why it is offline; '' when it is not. */
  get detail(): string {
    return this.#detail;
  }

  /** The newest snapshot; kept while the collector is away. */
  get health(): HealthSnapshot | undefined {
    return this.#health;
  }

  get status(): CollectorStatus | undefined {
    return this.#status;
  }

  /** Rejects when not connected, when the collector refuses or ends, and when `token` is cancelled. */
  async request<K extends keyof CollectorRequests>(name: K, params: CollectorRequests[K]['params'], token?: CancellationToken): Promise<CollectorRequests[K]['result']> {
    if (!this.#connection) throw new Error(this.#state === 'connecting' ? 'The collector is starting' : 'The collector does not run');
    return this.#connection.request(name, params, token);
  }

  /** Asks for the collector's numbers; they are pushed only when something of importance changes. */
  async refreshStatus(): Promise<void> {
    if (this.#state === 'connected') this.#setStatus(await this.request('status', {}));
  }

  /** Pauses or resumes collection for all windows. */
  async setPaused(isPaused: boolean): Promise<void> {
    this.#setStatus(await this.request('setPaused', { isPaused }));
  }

  /** Starts or joins a collector now, also after {@link stop} and while waiting for the next attempt. */
  start(): void {
    markStopped(this.#host.dataDir, false);
    this.#isWanted = true;
    if (this.#state !== 'connected') this.#setState('connecting');
    this.#wake.abort();
  }

  /** Ends the collector for all windows; none brings it back until {@link start} or a new window. */
  async stop(reason: string): Promise<void> {
    this.#isWanted = false;
    markStopped(this.#host.dataDir, true);
    await this.#endCollector(reason);
    this.#setState('stopped');
  }

  /** Ends the collector and starts a new one. */
  async restart(reason: string): Promise<void> {
    this.#isWanted = true;
    markStopped(this.#host.dataDir, false);
    await this.#endCollector(reason);
    this.#wake.abort();
  }

  dispose(): void {
    this.#store.dispose();
  }

  // A method, because TypeScript takes a property that was false once for false for ever.
  #isDisposed(): boolean {
    return this.#abort.signal.aborted;
  }

  async #endCollector(reason: string): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    const closed = new Promise<void>((resolve) => void connection.onClose(resolve));
    await connection.request('handOver', { reason }).catch(() => undefined);
    await Promise.race([closed, delay(HAND_OVER_TIMEOUT_MS, undefined, { ref: false })]);
    connection.dispose();
  }

  async #run(): Promise<void> {
    // Not within the caller's turn: starting a process would lengthen activation.
    await setImmediate();
    let failures = 0;
    while (!this.#isDisposed()) {
      try {
        const connection = await this.#connect();
        if (connection) {
          failures = 0;
          await this.#serve(connection);
          continue;
        }
        // Nobody is there and none is wanted: look again now and then, for another window may start one.
        this.#setState('stopped');
        await this.#pause(STOPPED_POLL_MS);
      } catch (error) {
        if (this.#isDisposed()) return;
        failures++;
        this.#detail = error instanceof Error ? error.message : String(error);
        this.#host.log('warn', `no collector (attempt ${failures}): ${this.#detail}`);
        if (failures >= ATTEMPTS_UNTIL_OFFLINE) this.#setState('offline');
        await this.#pause(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1] ?? 10_000);
      }
    }
  }

  /** Sleeps, but not past {@link start} or {@link dispose}. */
  async #pause(ms: number): Promise<void> {
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
    await delay(ms, undefined, { signal: AbortSignal.any([this.#wake.signal, this.#abort.signal]), ref: false }).catch(() => undefined);
    if (!this.#isDisposed()) this.#wake = new AbortController();
  }

  async #connect(): Promise<RpcConnection | undefined> {
    const path = lockFilePath(this.#host.dataDir);
    const lock = readLockFile(path);
    const joined = lock ? await this.#join(lock) : undefined;
    if (joined || this.#isDisposed()) return joined;
    if (!this.#isWanted) return undefined;
    this.#setState('connecting');
    // Both would start one in the same moment, and the older could win.
    while (isNewerTakingOver(this.#host.dataDir, this.#host.extensionVersion) && !this.#isDisposed()) {
      const newer = readLockFile(path);
      const connection = newer ? await this.#join(newer) : undefined;
      if (connection) return connection;
      await delay(POLL_MS);
    }
    const startedAt = Date.now();
    const launched = this.#host.launch();
    this.#host.log('info', `started a collector (pid ${launched.pid ?? 'none'})`);
    let exit: { readonly code: number | undefined } | undefined;
    void launched.exited.then((code) => (exit = { code }));
    for (;;) {
      if (this.#isDisposed()) return undefined;
      const next = readLockFile(path);
      // Ours, or that of whoever was faster. What stood there before may still lie there.
      if (next && (next.pid !== lock?.pid || next.token !== lock.token)) {
        const connection = await this.#join(next);
        if (connection) return connection;
      }
      const elapsedMs = Date.now() - startedAt;
      if (exit && elapsedMs > 2000) throw new Error(`the collector ended at once (${exit.code ?? 'by a signal'}); its log says why`);
      if (elapsedMs > START_TIMEOUT_MS) throw new Error(`the collector did not start within ${START_TIMEOUT_MS / 1000} s`);
      await delay(POLL_MS);
    }
  }

  /** A greeted connection; undefined when the lock is stale or its owner has handed over to us. */
  async #join(lock: LockFile): Promise<RpcConnection | undefined> {
    const { windowId, extensionVersion } = this.#host;
    // Loaded here, so that activation does not pay for the RPC library.
    const { openRpcConnection } = await import('./rpc-connection.ts');
    let connection: RpcConnection;
    try {
      connection = await openRpcConnection(lock, { protocolVersion: PROTOCOL_VERSION, extensionVersion, windowId });
    } catch (error) {
      this.#host.log('debug', `the collector of the lock file (pid ${lock.pid}) does not answer: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
    const decision = decideJoin(connection.greeting, extensionVersion);
    if (decision === 'join') return connection;
    const { version } = connection.greeting;
    if (decision === 'too new') {
      connection.dispose();
      throw new Error(`a newer Sightline (${version}) runs already: update the extension in this window`);
    }
    this.#host.log('info', `asking the collector ${version} (pid ${lock.pid}) to hand over to ${extensionVersion}`);
    markTakeover(this.#host.dataDir, extensionVersion);
    const closed = new Promise<void>((resolve) => void connection.onClose(resolve));
    await connection.request('handOver', { reason: `Sightline ${extensionVersion} takes over` }).catch(() => undefined);
    await Promise.race([closed, delay(HAND_OVER_TIMEOUT_MS)]);
    connection.dispose();
    return undefined;
  }

  /** Holds the connection until it ends. */
  async #serve(connection: RpcConnection): Promise<void> {
    const closed = new Promise<void>((resolve) => void connection.onClose(resolve));
    if (this.#isDisposed()) {
      connection.dispose();
      return;
    }
    this.#connection = connection;
    connection.onEvent('healthChanged', (snapshot) => this.#setHealth(snapshot));
    connection.onEvent('statusChanged', (status) => this.#setStatus(status));
    connection.onEvent('configProblems', ({ problems }) => this.#problems.fire(problems));
    connection.onEvent('log', ({ level, message }) => this.#host.log(level, message));
    this.#host.log('info', `connected to the collector ${connection.greeting.version} (pid ${connection.greeting.pid}, API ${connection.greeting.endpoints.api})`);
    this.#setStatus(connection.greeting);
    this.#setState('connected');
    connection.request('health', {}).then((snapshot) => this.#setHealth(snapshot)).catch(() => undefined);
    await closed;
    this.#connection = undefined;
    if (this.#isDisposed()) return;
    this.#host.log('info', 'the connection to the collector ended');
    if (isStopMarked(this.#host.dataDir)) this.#isWanted = false;
    this.#setState(this.#isWanted ? 'connecting' : 'stopped');
  }

  #setHealth(snapshot: HealthSnapshot): void {
    if (this.#isDisposed()) return;
    this.#health = snapshot;
    this.#healths.fire(snapshot);
  }

  #setStatus(status: CollectorStatus): void {
    if (this.#isDisposed()) return;
    this.#status = status;
    this.#statuses.fire(status);
  }

  #setState(state: ConnectionState): void {
    if (this.#isDisposed() || state === this.#state) return;
    if (state !== 'offline') this.#detail = '';
    this.#state = state;
    this.#states.fire(state);
  }
}
