import type { Labels } from '../../model/labels.ts';

/** What a run of encoded label fields means. */
export interface CachedLabels {
  readonly labels: Labels;
  /** Why a series with these labels is refused; '' when it is fine. */
  readonly problem: string;
  /** Where the run's bytes are in the arena. */
  readonly start: number;
  readonly length: number;
  /** The run that followed this one the last time: senders repeat their order. */
  next: CachedLabels | undefined;
  /** The next entry with the same hash. */
  readonly sameHash: CachedLabels | undefined;
}

const FIRST_ARENA_BYTES = 1 << 16;

/**
 * Label sets by the bytes that encode them, so that a repeated series costs a comparison of bytes and no string.
 * It only holds what can be decoded again, and is emptied when it has `maxBytes` of label bytes or `maxEntries` sets.
 */
export class LabelCache {
  readonly #maxBytes: number;
  readonly #maxEntries: number;
  readonly #byHash = new Map<number, CachedLabels>();
  #arena = new Uint8Array(FIRST_ARENA_BYTES);
  #arenaView = new DataView(this.#arena.buffer);
  #arenaLength = 0;
  #size = 0;
  #last: CachedLabels | undefined;

  constructor(maxBytes = 24 * 1024 * 1024, maxEntries = 200_000) {
    this.#maxBytes = maxBytes;
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#size;
  }

  /** The entry that followed the last one before, if its bytes are at `pos`. What follows it in the message is for the caller to check. */
  expected(view: DataView, pos: number, end: number): CachedLabels | undefined {
    const guess = this.#last?.next;
    if (guess === undefined || pos + guess.length > end || !this.#equals(guess, view, pos)) return undefined;
    this.#last = guess;
    return guess;
  }

  /** The entry of the bytes `start … end`, if there is one. */
  find(view: DataView, start: number, end: number): CachedLabels | undefined {
    const length = end - start;
    let entry = this.#byHash.get(hash(view, start, end));
    while (entry !== undefined && (entry.length !== length || !this.#equals(entry, view, start))) entry = entry.sameHash;
    if (entry !== undefined) this.#follow(entry);
    return entry;
  }

  /** Remembers what the bytes `start … end` mean. */
  add(bytes: Uint8Array, view: DataView, start: number, end: number, labels: Labels, problem: string): CachedLabels {
    const length = end - start;
    if (this.#arenaLength + length > this.#maxBytes || this.#size >= this.#maxEntries) this.#clear();
    const at = this.#arenaLength;
    this.#reserve(length);
    this.#arena.set(bytes.subarray(start, end), at);
    this.#arenaLength += length;
    this.#size++;
    const key = hash(view, start, end);
    const entry: CachedLabels = { labels, problem, start: at, length, next: undefined, sameHash: this.#byHash.get(key) };
    this.#byHash.set(key, entry);
    this.#follow(entry);
    return entry;
  }

  #follow(entry: CachedLabels): void {
    if (this.#last !== undefined) this.#last.next = entry;
    this.#last = entry;
  }

  #equals({ start, length }: CachedLabels, view: DataView, pos: number): boolean {
    const arena = this.#arenaView;
    let i = 0;
    for (; i + 4 <= length; i += 4) if (arena.getUint32(start + i, true) !== view.getUint32(pos + i, true)) return false;
    for (; i < length; i++) if (arena.getUint8(start + i) !== view.getUint8(pos + i)) return false;
    return true;
  }

  #reserve(length: number): void {
    const needed = this.#arenaLength + length;
    if (needed <= this.#arena.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#arena.length));
    grown.set(this.#arena.subarray(0, this.#arenaLength));
    this.#arena = grown;
    this.#arenaView = new DataView(grown.buffer);
  }

  #clear(): void {
    this.#byHash.clear();
    this.#arena = new Uint8Array(FIRST_ARENA_BYTES);
    this.#arenaView = new DataView(this.#arena.buffer);
    this.#arenaLength = 0;
    this.#size = 0;
    this.#last = undefined;
  }
}

/** FNV-1a over 32-bit words, then over the bytes left; collisions are told apart by comparison. */
function hash(view: DataView, start: number, end: number): number {
  let result = 0x811c9dc5;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    result = Math.imul(result ^ view.getUint32(i, true), 0x01000193);
    result ^= result >>> 15;
  }
  for (; i < end; i++) result = Math.imul(result ^ view.getUint8(i), 0x01000193);
  return result >>> 0;
}
