import { ByteReader, CorruptChunkError } from './encoding/byte-reader.ts';
import { ByteWriter } from './encoding/byte-writer.ts';
import { encodeChunk } from './encoding/chunk-codec.ts';
import type { Column } from './encoding/column.ts';

/** An entry's flag: the chunk holds out-of-order samples and may overlap others of its series. */
export const OUT_OF_ORDER = 1;

const LARGEST_CHUNK = 65_536;

/** The index of a block: chunk `i` of series `refs[i]` is `data[offsets[i] … offsets[i + 1])`, `counts[i]` samples from `mins[i]` to `maxs[i]`. */
export interface Block {
  readonly id: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly sampleCount: number;
  readonly refs: Uint32Array;
  readonly mins: Float64Array;
  readonly maxs: Float64Array;
  readonly offsets: Uint32Array;
  readonly counts: Uint32Array;
  readonly flags: Uint8Array;
}

/** Collects the chunks of many series into one block: a row of its own in the file, the unit of eviction. */
export class BlockBuilder {
  readonly #data = new ByteWriter(1 << 17);
  #refs: number[] = [];
  #mins: number[] = [];
  #maxs: number[] = [];
  #offsets: number[] = [0];
  #counts: number[] = [];
  #flags: number[] = [];

  get sizeBytes(): number {
    return this.#data.length;
  }

  get isEmpty(): boolean {
    return this.#refs.length === 0;
  }

  /** Encodes the samples `from … to` of a column as the next chunk. */
  add(ref: number, column: Column, from: number, to: number, flags: number): void {
    encodeChunk(this.#data, column, from, to);
    this.#refs.push(ref);
    this.#mins.push(column.times[from]!);
    this.#maxs.push(column.times[to - 1]!);
    this.#offsets.push(this.#data.length);
    this.#counts.push(to - from);
    this.#flags.push(flags);
  }

  /** Ends the block and starts the next. */
  take(id: number): { readonly block: Block; readonly data: Uint8Array } {
    const block: Block = {
      id,
      minMs: this.#mins.reduce((a, b) => Math.min(a, b), Infinity),
      maxMs: this.#maxs.reduce((a, b) => Math.max(a, b), -Infinity),
      sampleCount: this.#counts.reduce((a, b) => a + b, 0),
      refs: Uint32Array.from(this.#refs),
      mins: Float64Array.from(this.#mins),
      maxs: Float64Array.from(this.#maxs),
      offsets: Uint32Array.from(this.#offsets),
      counts: Uint32Array.from(this.#counts),
      flags: Uint8Array.from(this.#flags),
    };
    const data = this.#data.copy();
    this.#data.clear();
    this.#refs = [];
    this.#mins = [];
    this.#maxs = [];
    this.#offsets = [0];
    this.#counts = [];
    this.#flags = [];
    return { block, data };
  }
}

/** The index as bytes: the number of chunks, then for each the differences to the one before. */
export function encodeBlockIndex(block: Block): Uint8Array {
  const out = new ByteWriter(block.refs.length * 12 + 16);
  out.varint(block.refs.length);
  let ref = 0;
  let min = 0;
  for (let i = 0; i < block.refs.length; i++) {
    out.zigzag(block.refs[i]! - ref);
    out.zigzag(block.mins[i]! - min);
    out.varint(block.maxs[i]! - block.mins[i]!);
    out.varint(block.offsets[i + 1]! - block.offsets[i]!);
    out.varint(block.counts[i]!);
    out.byte(block.flags[i]!);
    ref = block.refs[i]!;
    min = block.mins[i]!;
  }
  return out.copy();
}

/** Reads what {@link encodeBlockIndex} wrote. Throws CorruptChunkError. */
export function decodeBlockIndex(id: number, bytes: Uint8Array): Block {
  const input = new ByteReader(bytes);
  const length = input.count(6);
  const refs = new Uint32Array(length);
  const mins = new Float64Array(length);
  const maxs = new Float64Array(length);
  const offsets = new Uint32Array(length + 1);
  const counts = new Uint32Array(length);
  const flags = new Uint8Array(length);
  let minMs = Infinity;
  let maxMs = -Infinity;
  let sampleCount = 0;
  let ref = 0;
  let min = 0;
  for (let i = 0; i < length; i++) {
    refs[i] = ref += input.zigzag();
    mins[i] = min += input.zigzag();
    const max = min + input.varint();
    maxs[i] = max;
    offsets[i + 1] = offsets[i]! + input.varint();
    const count = input.varint();
    // A damaged number must not ask for all memory later.
    if (count === 0 || count > LARGEST_CHUNK) throw new CorruptChunkError(`a chunk of ${count} samples`);
    counts[i] = count;
    flags[i] = input.byte();
    minMs = Math.min(minMs, min);
    maxMs = Math.max(maxMs, max);
    sampleCount += count;
  }
  return { id, minMs, maxMs, sampleCount, refs, mins, maxs, offsets, counts, flags };
}

/** The memory of a block's index. */
export function blockIndexBytes(block: Block): number {
  return 200 + block.refs.length * 29;
}
