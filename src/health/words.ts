/** A duration in the largest unit that fits: `40 s`, `2 min`, `3 h`. */
export function durationInWords(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** A ratio as a percentage of at most three digits; rounded down, so that 99.96 % never reads as all of them. */
export function percentInWords(ratio: number): string {
  return `${Math.floor(ratio * 1000 + 1e-6) / 10} %`;
}

/** Seconds in ms below one second, three digits: `820 ms`, `2.41 s`. */
export function secondsInWords(seconds: number): string {
  return seconds < 1 ? `${Number((seconds * 1000).toPrecision(3))} ms` : `${Number(seconds.toPrecision(3))} s`;
}
