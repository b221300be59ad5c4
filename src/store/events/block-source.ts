import { CorruptBlockError } from './encoding/byte-reader.ts';
import type { BlockView } from './encoding/block-parts.ts';
import type { SearchBlock, SignalBlocks } from './blocks/signal-blocks.ts';
import type { BlockSource } from './query/span-source.ts';

/** What searches see of a signal: its blocks, with `extra` ones (pins) in front. */
export function createBlockSource<R, V extends BlockView<R>>(
  blocks: SignalBlocks<R, V>,
  extra: () => readonly SearchBlock<V>[],
): BlockSource<V> {
  return {
    names: blocks.names,
    blocksNewestFirst: () => [...extra(), ...blocks.blocksNewestFirst()],
    blocksInArrivalOrder: (from) => blocks.blocksInArrivalOrder(from),
    onUnreadable: (blockId, error) => {
      if (!(error instanceof CorruptBlockError)) throw error;
      blocks.markUnreadable(blockId);
    },
    stopwatch(budgetMs) {
      if (budgetMs === undefined) return () => false;
      // Not the clock that is handed in: this is about effort, not about the time of day.
      const end = performance.now() + budgetMs;
      return () => performance.now() >= end;
    },
  };
}
