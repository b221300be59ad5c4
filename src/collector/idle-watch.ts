import type { Disposable } from '../base/disposable.ts';

/** Calls `onIdle` once nobody has been there for `lingerMs`; never when that is undefined. */
export class IdleWatch implements Disposable {
  readonly #lingerMs: number | undefined;
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(lingerMs: number | undefined, onIdle: () => void) {
    this.#lingerMs = lingerMs;
    this.#onIdle = onIdle;
    this.setCount(0);
  }

  /** How many are there now. */
  setCount(count: number): void {
    clearTimeout(this.#timer);
    this.#timer = count === 0 && this.#lingerMs !== undefined ? setTimeout(this.#onIdle, this.#lingerMs) : undefined;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
