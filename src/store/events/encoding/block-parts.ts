import type { BlockSummary } from '../blocks/block-meta.ts';

/**
 * The bytes of a block, not compressed, in three parts that are read apart:
 * `core` answers what a list needs, `ids` does not compress, `detail` holds texts and attributes.
 */
export interface BlockParts {
  readonly core: Uint8Array;
  readonly ids: Uint8Array;
  readonly detail: Uint8Array;
}

/** Where a view gets its parts, each when it is first needed. May throw a CorruptBlockError. */
export type PartSource = (part: keyof BlockParts) => Uint8Array;

/** How the columns of an open block are divided into parts; the parts follow each other in this order. */
export interface ColumnLayout {
  /** The column that has exactly one byte for each row. */
  readonly rowBytes: number;
  readonly core: number;
  readonly ids: number;
  readonly detail: number;
}

/** Encodes the records of one signal into an open block that only grows. */
export interface BlockEncoder<R> {
  readonly count: number;
  readonly sizeBytes: number;
  /** False when the record has no usable id; nothing is written then. */
  append(record: R): boolean;
  /** The parts as of now. */
  parts(): BlockParts;
  /** What was appended since the last call, to be kept in the write-ahead table. */
  takeDelta(): Uint8Array;
  /** What the open block says about itself, filters included. */
  summarize(): BlockSummary;
  clear(): void;
}

/** What both signals' views have in common. */
export interface BlockView<R> {
  readonly count: number;
  record(row: number): R;
}
