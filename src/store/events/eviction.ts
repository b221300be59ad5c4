import type { BlockView } from './encoding/block-parts.ts';
import type { SignalBlocks } from './blocks/signal-blocks.ts';
import { bloomHas } from './filter/bloom.ts';
import { traceToken } from './filter/tokens.ts';
import { selectForEviction, type RetentionLimits } from './retention.ts';

/** A block about to go. */
export interface DoomedBlock {
  /** Whether it may hold spans of the trace. */
  readonly hasTrace: (traceId: string) => boolean;
}

/** What to evict, and what to do before. */
export interface EvictionRequest {
  readonly limits: RetentionLimits;
  readonly nowMs: number;
  readonly maxBlocks: number;
  readonly beforeEviction?: ((blocks: readonly DoomedBlock[]) => void) | undefined;
}

/** Removes the oldest blocks beyond the limits, `maxBlocks` at most; returns how many went. */
export function evictOldBlocks<R, V extends BlockView<R>>(blocks: SignalBlocks<R, V>, request: EvictionRequest): number {
  const doomed = selectForEviction(blocks.metas(), blocks.sizeBytes, request.limits, request.nowMs, request.maxBlocks);
  request.beforeEviction?.(
    doomed.map((meta) => ({
      hasTrace: (traceId) => {
        const filter = blocks.stored(meta).filter('traces');
        const token = traceToken(traceId);
        return filter !== undefined && token !== undefined && bloomHas(filter, token);
      },
    })),
  );
  blocks.evict(doomed);
  return doomed.length;
}
