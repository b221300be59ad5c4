/** Why a query was not run: its client has gone, or its time was over before it was its turn. */
export type QueueRefusal = 'canceled' | 'timeout';

interface Waiting {
  readonly begin: () => void;
}

/**
 * Lets a few queries through at once; the others wait in the order they came, until it is their turn, their client goes or their time is
 * over. The worker computes one after the other, so that more than one on its way and one being computed would only take away the
 * chance to drop them.
 */
export class QueryQueue {
  readonly #limit: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(limit = 2) {
    this.#limit = limit;
  }

  /** How many queries wait for their turn. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Runs `start` when it is its turn, at most `timeoutMs` from now; rejects as it does. */
  async run<T>(signal: AbortSignal, timeoutMs: number, start: () => Promise<T>): Promise<T | QueueRefusal> {
    const refusal = this.#running < this.#limit && this.#waiting.length === 0 ? undefined : await this.#turn(signal, timeoutMs);
    if (refusal !== undefined) return refusal;
    this.#running++;
    try {
      return await start();
    } finally {
      this.#running--;
      if (this.#running < this.#limit) this.#waiting.shift()?.begin();
    }
  }

  #turn(signal: AbortSignal, timeoutMs: number): Promise<QueueRefusal | undefined> {
    if (signal.aborted) return Promise.resolve('canceled');
    return new Promise((resolve) => {
      const settle = (refusal: QueueRefusal | undefined): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        resolve(refusal);
      };
      const onAbort = (): void => settle('canceled');
      const waiting: Waiting = { begin: () => settle(undefined) };
      const timer = setTimeout(() => settle('timeout'), Math.max(0, timeoutMs));
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
    });
  }
}
