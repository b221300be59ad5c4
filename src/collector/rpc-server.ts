import { timingSafeEqual } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createMessageConnection, ErrorCodes, ResponseError, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/event.ts';
import { PROTOCOL_VERSION, type CollectorEvents, type CollectorRequests, type EventRequests, type HelloParams } from '../protocol/rpc.ts';

type WindowRequest = Exclude<keyof CollectorRequests, 'hello'>;
type RpcHandler<K extends WindowRequest> = (params: CollectorRequests[K]['params'], windowId: string) => Promise<CollectorRequests[K]['result']>;

/**
 * What the collector does for its windows. `windowId` is the lease under which a window registers things.
 * Questions about traces and logs may be left out; they then get JSON-RPC's "method not found".
 */
export type RpcHandlers = { readonly [K in Exclude<WindowRequest, keyof EventRequests>]: RpcHandler<K> } & { readonly [K in keyof EventRequests]?: RpcHandler<K> };

/** Where the socket is: see `socketPath` of protocol/runtime. */
export interface RpcSocket {
  readonly dir: string | undefined;
  readonly path: string;
}

/** A window that does not say hello within this time is cut off. */
const HELLO_TIMEOUT_MS = 5000;

/** How long a refused window has to read the refusal before it is cut off. */
const REFUSAL_GRACE_MS = 100;

/** The socket that editor windows speak to: JSON-RPC 2.0, a token in the first message. */
export class RpcServer implements Disposable {
  readonly #store = new DisposableStore();
  readonly #windows = new Map<string, MessageConnection>();
  readonly #changed = this.#store.add(new Emitter<{ readonly windowId: string; readonly isOpen: boolean }>());
  readonly #token: string;
  readonly #handlers: RpcHandlers;

  /** A window has come or gone. */
  readonly onWindowChange: Event<{ readonly windowId: string; readonly isOpen: boolean }> = this.#changed.event;

  constructor(token: string, handlers: RpcHandlers) {
    this.#token = token;
    this.#handlers = handlers;
  }

  get windowCount(): number {
    return this.#windows.size;
  }

  /** Listens. The folder is made for this user alone; one that belongs to somebody else is refused. */
  async listen(socket: RpcSocket): Promise<void> {
    if (socket.dir) prepareSocketDir(socket.dir);
    if (socket.dir) rmSync(socket.path, { force: true });
    const server = createServer((connection) => this.#accept(connection));
    await listenOn(server, socket.path);
    this.#store.add(toDisposable(() => server.close()));
    if (socket.dir) chmodSync(socket.path, 0o600);
  }

  /** Tells every window. */
  notify<K extends keyof CollectorEvents>(event: K, params: CollectorEvents[K]): void {
    for (const connection of this.#windows.values()) void connection.sendNotification(event, params).catch(() => undefined);
  }

  dispose(): void {
    for (const connection of this.#windows.values()) connection.end();
    this.#windows.clear();
    this.#store.dispose();
  }

  #accept(socket: Socket): void {
    const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
    let windowId: string | undefined;
    const timer = setTimeout(() => socket.destroy(), HELLO_TIMEOUT_MS);
    const lifetime = this.#store.add(
      toDisposable(() => {
        clearTimeout(timer);
        connection.dispose();
        socket.destroy();
      }),
    );
    const close = (): void => {
      lifetime.dispose();
      if (windowId === undefined || this.#windows.get(windowId) !== connection) return;
      this.#windows.delete(windowId);
      if (!this.#store.isDisposed) this.#changed.fire({ windowId, isOpen: false });
    };
    socket.on('error', close);
    socket.on('close', close);
    connection.onError(() => undefined);
    connection.onRequest('hello', async (params: HelloParams) => {
      if (!hasToken(params, this.#token)) {
        setTimeout(close, REFUSAL_GRACE_MS);
        throw new ResponseError(ErrorCodes.InvalidRequest, 'the token is wrong: read collector.lock again');
      }
      if (windowId !== undefined || params.windowId === '') throw new ResponseError(ErrorCodes.InvalidRequest, 'say hello once, with a windowId');
      clearTimeout(timer);
      windowId = params.windowId;
      this.#windows.get(windowId)?.end();
      this.#windows.set(windowId, connection);
      this.#changed.fire({ windowId, isOpen: true });
      return this.#handlers.status({}, windowId);
    });
    const register = <K extends WindowRequest>(name: K, handle: RpcHandler<K> | undefined): void => {
      if (!handle) return;
      connection.onRequest(name, (params: CollectorRequests[K]['params']): Promise<CollectorRequests[K]['result']> => {
        if (windowId === undefined) throw new ResponseError(ErrorCodes.InvalidRequest, `say hello before ${name} (protocol ${PROTOCOL_VERSION})`);
        return handle(params, windowId);
      });
    };
    const { status, registerWorkspace, queryRange, health, setPaused, handOver } = this.#handlers;
    register('status', status);
    register('registerWorkspace', registerWorkspace);
    register('queryRange', queryRange);
    register('health', health);
    register('setPaused', setPaused);
    register('handOver', handOver);
    const { searchTraces, getTrace, tailTraces, searchLogs, logHistogram, tailLogs, services, operations, dependencies, setPinned } = this.#handlers;
    register('searchTraces', searchTraces);
    register('getTrace', getTrace);
    register('tailTraces', tailTraces);
    register('searchLogs', searchLogs);
    register('logHistogram', logHistogram);
    register('tailLogs', tailLogs);
    register('services', services);
    register('operations', operations);
    register('dependencies', dependencies);
    register('setPinned', setPinned);
    connection.listen();
  }
}

function hasToken(params: Partial<HelloParams>, token: string): boolean {
  if (typeof params.token !== 'string' || typeof params.windowId !== 'string') return false;
  const given = Buffer.from(params.token);
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function prepareSocketDir(dir: string): void {
  const isOther = (): boolean => {
    const stat = lstatSync(dir, { throwIfNoEntry: false });
    return stat !== undefined && (!stat.isDirectory() || (process.getuid !== undefined && stat.uid !== process.getuid()));
  };
  // Asked before as well: to make a folder where a file is fails with a text that says no remedy.
  if (!isOther()) mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (isOther()) throw new Error(`${dir} is no folder or belongs to somebody else: remove it, or set XDG_RUNTIME_DIR to a folder of your own`);
  chmodSync(dir, 0o700);
}

function listenOn(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
