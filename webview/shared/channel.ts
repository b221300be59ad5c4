/** What the editor hands to a webview's script. */
interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** Messages to and from the host, typed by the two unions of a panel's protocol. */
export interface Channel<Request, Event> {
  send(request: Request): void;
  onEvent(listener: (event: Event) => void): void;
  /** What {@link saveState} kept, unchecked: it may be of an older version. */
  savedState(): unknown;
  saveState(state: unknown): void;
}

/** Opens the channel. Call once a page: the editor gives its API out once. `isEvent` guards the door. */
export function openChannel<Request, Event>(isEvent: (value: unknown) => value is Event): Channel<Request, Event> {
  const api = acquireVsCodeApi();
  return {
    send: (request) => api.postMessage(request),
    onEvent(listener) {
      window.addEventListener('message', (message: MessageEvent<unknown>) => {
        if (isEvent(message.data)) listener(message.data);
      });
    },
    savedState: () => api.getState(),
    saveState: (state) => api.setState(state),
  };
}

/** Requests that are waiting for their answers, by number. */
export class PendingRequests<Answer> {
  readonly #waiting = new Map<number, { resolve(answer: Answer): void; reject(reason: unknown): void }>();
  #lastId = 0;

  /**
   * Sends one by `send(id)` and resolves with what {@link settle} gets for that id. An abort rejects with the signal's
   * reason and calls `cancel(id)`, so that the host can stop the work.
   */
  start(send: (id: number) => void, signal: AbortSignal, cancel: (id: number) => void): Promise<Answer> {
    const id = ++this.#lastId;
    return new Promise<Answer>((resolve, reject) => {
      if (signal.aborted) {
        reject(toError(signal.reason));
        return;
      }
      const onAbort = (): void => {
        this.#waiting.delete(id);
        cancel(id);
        reject(toError(signal.reason));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const done = <T>(run: (value: T) => void) => (value: T): void => {
        signal.removeEventListener('abort', onAbort);
        run(value);
      };
      this.#waiting.set(id, { resolve: done(resolve), reject: done(reject) });
      send(id);
    });
  }

  /** Hands an answer to who waits for it; late answers of aborted requests are dropped. */
  settle(id: number, answer: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.resolve(answer);
  }
}

const toError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
