/** How many bytes of request bodies all receivers together may hold at once: read, waiting for a worker, or being taken in by one. */
export class BodyBudget {
  readonly #maxBytes: number;
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Whether a body of that size would find room now; one alone always does. */
  hasRoom(bytes: number): boolean {
    return this.#heldBytes === 0 || this.#heldBytes + bytes <= this.#maxBytes;
  }

  /** Counts bytes that have arrived; false when there is no room for them, and then nothing is counted. */
  take(bytes: number): boolean {
    if (!this.hasRoom(bytes)) return false;
    this.#heldBytes += bytes;
    return true;
  }

  /** Gives back what was taken. */
  release(bytes: number): void {
    this.#heldBytes -= bytes;
  }
}
