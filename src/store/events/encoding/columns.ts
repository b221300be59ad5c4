import type { BlockParts, ColumnLayout } from './block-parts.ts';
import { ByteReader, CorruptBlockError } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/**
 * The byte columns of an open block. A column is only ever appended to, so what was added since the last
 * `takeDelta` is a slice of each; the deltas of a block, joined column by column, are the block again.
 */
export class ColumnWriters {
  readonly writers: readonly ByteWriter[];
  readonly #taken: number[];

  constructor(count: number) {
    this.writers = Array.from({ length: count }, () => new ByteWriter());
    this.#taken = new Array<number>(count).fill(0);
  }

  get sizeBytes(): number {
    let size = 0;
    for (const writer of this.writers) size += writer.length;
    return size;
  }

  clear(): void {
    for (const writer of this.writers) writer.clear();
    this.#taken.fill(0);
  }

  /** The columns as of now, packed part by part. */
  parts(layout: ColumnLayout): BlockParts {
    return packParts(this.writers.map((writer) => writer.peek()), layout);
  }

  /** Packs what was added to all columns since the last call. */
  takeDelta(): Uint8Array {
    const packed = packColumns(this.writers.map((writer, i) => writer.peek(this.#taken[i])));
    for (const [i, writer] of this.writers.entries()) this.#taken[i] = writer.length;
    return packed;
  }
}

/** Divides the columns of a block into its parts. */
export function packParts(columns: readonly Uint8Array[], { core, ids }: ColumnLayout): BlockParts {
  return {
    core: packColumns(columns.slice(0, core)),
    ids: packColumns(columns.slice(core, core + ids)),
    detail: packColumns(columns.slice(core + ids)),
  };
}

/** Joins columns: the number of them, the length of each, the bytes of each. */
export function packColumns(columns: readonly Uint8Array[]): Uint8Array {
  const header = new ByteWriter();
  header.varint(columns.length);
  let size = 0;
  for (const column of columns) {
    header.varint(column.length);
    size += column.length;
  }
  const packed = new Uint8Array(header.length + size);
  packed.set(header.peek());
  let at = header.length;
  for (const column of columns) {
    packed.set(column, at);
    at += column.length;
  }
  return packed;
}

/** The columns of {@link packColumns}, as views. Throws a CorruptBlockError unless there are `count` of them. */
export function unpackColumns(packed: Uint8Array, count: number): Uint8Array[] {
  const reader = new ByteReader(packed);
  if (reader.varint() !== count) throw new CorruptBlockError('unexpected number of columns');
  const lengths = Array.from({ length: count }, () => reader.varint());
  return lengths.map((length) => reader.bytes(length));
}

/** Joins the deltas of one block, oldest first, into its columns. */
export function joinDeltas(deltas: readonly Uint8Array[], count: number): Uint8Array[] {
  const unpacked = deltas.map((delta) => unpackColumns(delta, count));
  return Array.from({ length: count }, (_, i) => Buffer.concat(unpacked.map((columns) => columns[i]!)));
}
