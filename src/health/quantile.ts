/** Cumulative rates by upper bound, in the unit of the histogram. */
export type Buckets = Map<number, number>;

/** Adds the rate of one bucket; `bound` is the text of the `le` label. What is not a number is ignored. */
export function addBucket(buckets: Buckets, bound: string, rate: number): void {
  const upper = bound === '+Inf' ? Infinity : Number(bound);
  if (Number.isNaN(upper) || !Number.isFinite(rate)) return;
  buckets.set(upper, (buckets.get(upper) ?? 0) + rate);
}

/**
 * The quantile by linear interpolation inside a bucket, as PromQL's `histogram_quantile` computes it:
 * the first bucket begins at 0, and what falls beyond the last finite bound is that bound.
 * Undefined without an infinite bucket, without observations, or with no finite bound.
 */
export function bucketQuantile(quantile: number, buckets: Buckets): number | undefined {
  const bounds = [...buckets.keys()].sort((a, b) => a - b);
  const total = buckets.get(Infinity) ?? 0;
  if (!(total > 0) || bounds.length < 2) return undefined;
  const rank = quantile * total;
  let below = 0;
  let lower = 0;
  for (const upper of bounds) {
    // Scrapes are not atomic: a bucket may run ahead of the next one.
    const count = Math.max(below, buckets.get(upper)!);
    if (upper === Infinity) break;
    if (count >= rank) return count === below ? upper : lower + ((upper - lower) * (rank - below)) / (count - below);
    below = count;
    lower = upper;
  }
  return lower;
}
