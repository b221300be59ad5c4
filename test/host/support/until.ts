import { setTimeout as delay } from 'node:timers/promises';

/** Resolves with the first value of `get` that is neither undefined nor false; rejects with `what` after `timeoutMs`. */
export async function until<T>(what: string, get: () => T | undefined | false | Promise<T | undefined | false>, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await get();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await delay(50);
  }
}
