import { receiveMessageOnPort, type MessagePort, type Transferable, type Worker } from 'node:worker_threads';
import { Emitter, type Event } from '../base/event.ts';

/** The calls a worker answers: name to parameters and result, both of which must survive structured cloning. */
export type WorkerCalls = Record<string, { params: unknown; result: unknown }>;

/** What a handler gets besides its parameters. */
export interface CallContext {
  /** Becomes true when the caller has given up; long work polls it. */
  readonly isCancelled: () => boolean;
}

/** A handler's answer; the buffers in `transfer` change hands instead of being copied. */
export interface CallAnswer<T> {
  readonly value: T;
  readonly transfer?: readonly Transferable[];
}

/** One handler for each call. */
export type WorkerHandlers<C extends WorkerCalls> = {
  readonly [K in keyof C]: (params: C[K]['params'], context: CallContext) => CallAnswer<C[K]['result']> | Promise<CallAnswer<C[K]['result']>>;
};

type ToWorker = { readonly id: number; readonly op: string; readonly params: unknown; readonly cancel?: SharedArrayBuffer };
type FromWorker =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly stack: string }
  | { readonly id: 0; readonly problem: string };

/** An error that was thrown inside a worker; `cause` text names where. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
}

/** Handlers that answer at once, for calls that are taken in the middle of other work. */
export type UrgentHandlers<C extends WorkerCalls> = {
  readonly [K in keyof C]: (params: C[K]['params']) => C[K]['result'];
};

/** The calling side. When the worker dies, every pending and later call rejects. */
export class WorkerClient<C extends WorkerCalls> {
  readonly #port: Worker | MessagePort;
  readonly #problems = new Emitter<string>();
  readonly #pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #nextId = 1;
  #failure: Error | undefined;

  /** Something went wrong in the worker that no call was waiting for; a text for the log. */
  readonly onProblem: Event<string> = this.#problems.event;

  /** Calls go through `port`, which is the worker itself or a channel of its own to it. */
  constructor(worker: Worker, name: string, port: Worker | MessagePort = worker) {
    this.#port = port;
    port.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#fail(new WorkerError(`the ${name} worker failed: ${String(error)}`, { cause: error })));
    worker.on('exit', (code) => this.#fail(new WorkerError(`the ${name} worker has ended (exit code ${code})`)));
  }

  /** How many calls wait for an answer. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /**
   * Runs one call. Rejects with {@link WorkerError} when the handler throws or the worker is gone, and with the
   * signal's reason when it is aborted (the worker is told, and may still be busy for a moment).
   */
  call<K extends keyof C & string>(
    op: K,
    params: C[K]['params'],
    options: { readonly transfer?: readonly Transferable[]; readonly signal?: AbortSignal } = {},
  ): Promise<C[K]['result']> {
    const { signal } = options;
    if (this.#failure) return Promise.reject(this.#failure);
    if (signal?.aborted) return Promise.reject(abortReason(signal));
    const id = this.#nextId++;
    // Shared memory, because a worker that computes does not read messages.
    const cancel = signal ? new SharedArrayBuffer(4) : undefined;
    const message: ToWorker = cancel ? { id, op, params, cancel } : { id, op, params };
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        if (cancel) Atomics.store(new Int32Array(cancel), 0, 1);
        this.#pending.delete(id);
        if (signal) reject(abortReason(signal));
      };
      const settle = (): void => signal?.removeEventListener('abort', onAbort);
      this.#pending.set(id, {
        resolve: (value) => { settle(); resolve(value); },
        reject: (error) => { settle(); reject(error); },
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#port.postMessage(message, [...(options.transfer ?? [])]);
    });
  }

  #receive(message: FromWorker): void {
    if ('problem' in message) {
      this.#problems.fire(message.problem);
      return;
    }
    const call = this.#pending.get(message.id);
    if (!call) return;
    this.#pending.delete(message.id);
    // The value's type is that of the handler with the same name: both sides are built from one table.
    if (message.ok) call.resolve(message.value as never);
    else call.reject(new WorkerError(message.message, { cause: message.stack }));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of pending) call.reject(this.#failure);
  }
}

/** Tells the other side of `port` of something that went wrong outside of a call. */
export function reportProblem(port: MessagePort, what: string, error: unknown): void {
  const message: FromWorker = { id: 0, problem: `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` };
  port.postMessage(message);
}

/** The answering side: dispatches messages from `port` to `handlers`. */
export function serveWorkerCalls<C extends WorkerCalls>(port: MessagePort, handlers: WorkerHandlers<C>): void {
  port.on('message', (message: ToWorker) => {
    void answer(port, handlers, message);
  });
}

/**
 * The answering side of an urgent channel: its calls are answered when the worker is idle, and whenever the returned function is called,
 * which long work does often. The work sees what the calls change, so both must be made for that.
 */
export function serveUrgentCalls<C extends WorkerCalls>(port: MessagePort, handlers: UrgentHandlers<C>): () => void {
  const handle = ({ id, op, params }: ToWorker): void => {
    try {
      const handler = handlers[op];
      if (!handler) throw new Error(`no handler for ${op}`);
      const reply: FromWorker = { id, ok: true, value: handler(params) };
      port.postMessage(reply);
    } catch (error) {
      port.postMessage(failure(id, error));
    }
  };
  port.on('message', handle);
  return () => {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) handle(next.message as ToWorker);
  };
}

async function answer<C extends WorkerCalls>(port: MessagePort, handlers: WorkerHandlers<C>, message: ToWorker): Promise<void> {
  const { id, op, cancel } = message;
  try {
    const flag = cancel ? new Int32Array(cancel) : undefined;
    const handler = handlers[op];
    if (!handler) throw new Error(`no handler for ${op}`);
    const { value, transfer } = await handler(message.params, { isCancelled: () => flag !== undefined && Atomics.load(flag, 0) === 1 });
    const reply: FromWorker = { id, ok: true, value };
    port.postMessage(reply, [...(transfer ?? [])]);
  } catch (error) {
    port.postMessage(failure(id, error));
  }
}

function failure(id: number, error: unknown): FromWorker {
  const isError = error instanceof Error;
  return { id, ok: false, message: isError ? error.message : String(error), stack: isError ? (error.stack ?? '') : '' };
}

/** The memory of bytes that own all of it, to transfer; nothing for a part of a pool, which is copied. */
export function transferable(bytes: Uint8Array): ArrayBuffer[] {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength ? [buffer] : [];
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}
