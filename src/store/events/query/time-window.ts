import type { NanosColumn } from '../encoding/references.ts';

/** Clears `rows[i]` where the time is outside [fromUnixNano, toUnixNano). */
export function keepTimeWindow(
  times: NanosColumn,
  window: { readonly fromUnixNano?: bigint | undefined; readonly toUnixNano?: bigint | undefined },
  rows: Uint8Array,
): void {
  const { fromUnixNano, toUnixNano } = window;
  if (fromUnixNano === undefined && toUnixNano === undefined) return;
  const from = fromUnixNano ?? 0n;
  const to = toUnixNano ?? 1n << 64n;
  for (let row = 0; row < rows.length; row++) {
    const time = times.values[row]!;
    if (time < from || time >= to) rows[row] = 0;
  }
}
