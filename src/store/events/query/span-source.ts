import type { NameCatalogue } from '../blocks/name-catalogue.ts';
import type { SearchBlock } from '../blocks/signal-blocks.ts';
import type { LogView } from '../encoding/log-view.ts';
import type { SpanView } from '../encoding/span-view.ts';

/** What a search needs of the store. */
export interface BlockSource<V> {
  readonly names: NameCatalogue;
  /** Open block first, then by latest time; pins among them. */
  blocksNewestFirst(): readonly SearchBlock<V>[];
  blocksInArrivalOrder(from: number): readonly SearchBlock<V>[];
  /** Called when stored bytes make no sense; rethrows what is a defect of ours. */
  readonly onUnreadable: (blockId: number, error: unknown) => void;
  /** A function that tells whether the time is over; never, without a budget. */
  stopwatch(budgetMs: number | undefined): () => boolean;
}

/** Where spans are searched. */
export type SpanSource = BlockSource<SpanView>;

/** Where log records are searched. */
export type LogSource = BlockSource<LogView>;
