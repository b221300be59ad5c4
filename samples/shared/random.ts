/** A log-normal draw with the given median; `spread` is sigma: 0.3 is tight, 0.8 has a long tail. */
export function logNormal(median: number, spread: number): number {
  const u = 1 - Math.random();
  const v = Math.random();
  return median * Math.exp(spread * Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v));
}

/** One of the items; each as likely as the others. */
export function pick<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)]!;
}

/** Resolves after `durationMs`. */
export const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));
