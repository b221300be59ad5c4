/**
 * Whether two columns of times are equal in their first `length` entries. Series of one scrape target share their times,
 * so what was worked out from the times of one series is often right for the next. `steps` is how much was worked out;
 * false may also mean that a comparison would not pay.
 */
export function areSameTimes(a: Float64Array, b: Float64Array, length: number, steps: number): boolean {
  if (a === b) return true;
  // For few steps, looking at all times costs more than it saves.
  if (steps * 8 < length) return false;
  // The ends differ most often, and cost least to look at.
  if (a[0] !== b[0] || a[length - 1] !== b[length - 1]) return false;
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
