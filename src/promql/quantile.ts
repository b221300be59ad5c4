/**
 * The quantile of the first `count` of `values`, which are sorted in place, NaN first
 * (prometheus/promql: quantile): linear between the two nearest, ±Inf outside [0, 1].
 */
export function quantileOf(quantile: number, values: Float64Array, count: number): number {
  if (count === 0 || Number.isNaN(quantile)) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  sortNaNFirst(values, count);
  const rank = quantile * (count - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(count - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return values[lower]! * (1 - weight) + values[upper]! * weight;
}

function sortNaNFirst(values: Float64Array, count: number): void {
  const used = values.subarray(0, count);
  // Typed arrays sort NaN last.
  used.sort();
  let nans = 0;
  while (nans < count && Number.isNaN(used[count - 1 - nans])) nans++;
  if (nans === 0) return;
  used.copyWithin(nans, 0, count - nans);
  used.fill(NaN, 0, nans);
}
