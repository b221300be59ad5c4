import { connect, type Socket } from 'node:net';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type CancellationToken, type MessageConnection } from 'vscode-jsonrpc/node';
import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/event.ts';
import type { CollectorEvents, CollectorRequests, CollectorStatus, HelloParams, LockFile } from '../protocol/rpc.ts';

/** An open, greeted connection to a collector. */
export interface RpcConnection extends Disposable {
  /** What the collector said of itself when we came. */
  readonly greeting: CollectorStatus;
  readonly onClose: Event<void>;
  /** Rejects when the collector refuses, is gone, or `token` is cancelled. */
  request<K extends keyof CollectorRequests>(name: K, params: CollectorRequests[K]['params'], token?: CancellationToken): Promise<CollectorRequests[K]['result']>;
  onEvent<K extends keyof CollectorEvents>(name: K, listener: (params: CollectorEvents[K]) => void): Disposable;
}

const CONNECT_TIMEOUT_MS = 3000;
const HELLO_TIMEOUT_MS = 5000;

/** Connects to the collector that `lock` names and says hello. Rejects when nobody answers, so a stale lock is told from a living one. */
export async function openRpcConnection(lock: LockFile, hello: Omit<HelloParams, 'token'>): Promise<RpcConnection> {
  const socket = await openSocket(lock.socket);
  const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
  const closed = new Emitter<void>();
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    connection.dispose();
    socket.destroy();
    closed.fire();
    closed.dispose();
  };
  connection.onClose(close);
  connection.onError(close);
  socket.on('close', close);
  socket.on('error', close);
  connection.listen();
  try {
    const greeting = await withTimeout(sayHello(connection, { ...hello, token: lock.token }), HELLO_TIMEOUT_MS, 'the collector does not answer');
    return {
      greeting,
      onClose: closed.event,
      request: (name, params, token) => (token ? connection.sendRequest(name, params, token) : connection.sendRequest(name, params)),
      onEvent: (name, listener) => connection.onNotification(name, listener),
      dispose: close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

const sayHello = (connection: MessageConnection, params: HelloParams): Promise<CollectorStatus> => connection.sendRequest<CollectorStatus>('hello', params);

function openSocket(path: string): Promise<Socket> {
  const socket = connect(path);
  const opened = new Promise<Socket>((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
  return withTimeout(opened, CONNECT_TIMEOUT_MS, `${path} does not answer`).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
}

function withTimeout<T>(promise: Promise<T>, timeoutMs: number, message: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(message)), timeoutMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
