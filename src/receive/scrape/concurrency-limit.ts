/** Lets at most a number of tasks run at once; the others wait in order. */
export class ConcurrencyLimit {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await task();
    } finally {
      // The place passes on to the next, so it is not counted down in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
