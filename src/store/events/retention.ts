import type { BlockMeta } from './blocks/block-meta.ts';

/** What a signal may keep. */
export interface RetentionLimits {
  /** Undefined: any age. */
  readonly ageMs: number | undefined;
  readonly sizeBytes: number;
}

/** The blocks that must go, oldest first: those past their age, and as many more as bring the rest under the size. */
export function selectForEviction(
  metas: Iterable<BlockMeta>,
  sizeBytes: number,
  limits: RetentionLimits,
  nowMs: number,
  maxBlocks: number,
): BlockMeta[] {
  const oldestMs = limits.ageMs === undefined ? -Infinity : nowMs - limits.ageMs;
  const isOver = sizeBytes > limits.sizeBytes;
  const candidates = [...metas].filter((meta) => isOver || meta.evictMs < oldestMs);
  candidates.sort((a, b) => a.evictMs - b.evictMs || a.id - b.id);
  const selected: BlockMeta[] = [];
  let left = sizeBytes;
  for (const meta of candidates) {
    if (selected.length >= maxBlocks || (meta.evictMs >= oldestMs && left <= limits.sizeBytes)) break;
    selected.push(meta);
    left -= meta.sizeBytes;
  }
  return selected;
}
