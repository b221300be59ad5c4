import type { Block, Row } from '../eval/block.ts';

/** An aggregation that takes rows one by one and needs only a few numbers per group and step. */
export interface Fold {
  /** Takes a row for group `group`; groups come in ascending order of first appearance. */
  add(row: Row, group: number): void;
  /** Puts the results into the rows of `out`, which has one row for each group. */
  finish(out: Block): void;
}

/** Numbers for every group and step, growing with the groups; new ones are `initial`. */
export function grown(cells: Float64Array, needed: number, initial: number): Float64Array {
  if (needed <= cells.length) return cells;
  const larger = new Float64Array(Math.max(needed, cells.length * 2));
  larger.set(cells);
  if (initial !== 0) larger.fill(initial, cells.length);
  return larger;
}

/** Flags for every group and step, growing with the groups. */
export function grownFlags(flags: Uint8Array, needed: number): Uint8Array {
  if (needed <= flags.length) return flags;
  const larger = new Uint8Array(Math.max(needed, flags.length * 2));
  larger.set(flags);
  return larger;
}
