import type { BlockView } from '../encoding/block-parts.ts';

/** A row of a block, not yet decoded. */
export interface BlockRow<V> {
  readonly blockId: number;
  readonly view: V;
  readonly row: number;
}

/** The records of rows; those of a block that turns out to be damaged are left out, and the block is reported. */
export function decodeRows<R>(
  rows: readonly BlockRow<BlockView<R>>[],
  onUnreadable: (blockId: number, error: unknown) => void,
): R[] {
  const records: R[] = [];
  for (const { blockId, view, row } of rows) {
    try {
      records.push(view.record(row));
    } catch (error) {
      onUnreadable(blockId, error);
    }
  }
  return records;
}
