import type { FloatHistogram } from '../../model/histogram.ts';
import type { SeriesSamples } from '../../model/series-source.ts';
import type { BlockTable } from './block-table.ts';
import { copySamples, lowerBound, upperBound, type Column } from './encoding/column.ts';
import type { ColumnArena } from './column-arena.ts';
import type { ColumnMemory } from './column-memory.ts';
import { OutOfOrder } from './out-of-order.ts';
import { withoutPredecessor } from './reset-hint.ts';
import type { Series } from './series.ts';

const BYTES_PER_SAMPLE = 16;
/** A query of an old range brings at most this many times its own samples into memory, so that the next one is fast. */
const LARGEST_DETOUR = 2;

/** A series with out-of-order samples comes into memory as a whole if it has at most so many. */
const LARGEST_ABSORPTION = 50_000;

/** What reading needs of the store. */
export interface SampleSource {
  readonly blocks: BlockTable;
  readonly memory: ColumnMemory;
  /** Where decoded samples go. */
  readonly arena: ColumnArena;
}

/** The samples of one series with minMs <= t <= maxMs; undefined when there are none. Usually without copying. */
export function readSamples(source: SampleSource, series: Series, minMs: number, maxMs: number): SeriesSamples | undefined {
  if (series.maxMs < minMs || series.minMs > maxMs) return undefined;
  series.wasRead = true;
  takeInLate(source, series);
  const isMixed = series.outOfOrder !== undefined || series.outOfOrderCut !== undefined || series.outOfOrderChunks > 0;
  if (isMixed) return view(series, mergedColumn(source, series, minMs, maxMs), minMs, maxMs);
  if (isCovered(series, minMs)) return view(series, series, minMs, maxMs);
  const chunks = chunksBefore(series, minMs, maxMs);
  if (chunks.length === 0) return view(series, series, minMs, maxMs);
  return view(series, extendedColumn(source, series, chunks, maxMs), minMs, maxMs);
}

/**
 * Puts samples that came late, but are newer than all in blocks, where they belong in the column: a query that finds them
 * apart has to copy and sort the series, and so would each one after it. While a flush runs, what it writes stays as it is;
 * histograms stay apart, because what their neighbours say of resets is not known for them.
 */
function takeInLate({ memory }: SampleSource, series: Series): void {
  const late = series.outOfOrder;
  if (late === undefined || late.histograms !== undefined || series.histograms !== undefined || series.outOfOrderCut !== undefined || series.cut > series.persisted) return;
  let persistedMs = -Infinity;
  for (let i = 0; i < series.chunkBlocks.length; i++) persistedMs = Math.max(persistedMs, series.chunkBlocks[i]!.maxs[series.chunkEntries[i]!]!);
  if (late.times[0]! <= persistedMs) return;
  series.mergeIn(late, memory);
  series.outOfOrder = undefined;
}

/** Whether the column holds everything from `minMs` on. Chunks are in order here. */
function isCovered(series: Series, minMs: number): boolean {
  if (series.chunkBlocks.length === 0) return true;
  if (series.length === 0) return false;
  const start = series.times[0]!;
  return start <= minMs || series.chunkBlocks[0]!.mins[series.chunkEntries[0]!]! >= start;
}

/** The in-order chunks between the two times that the column does not hold, as positions in the series' list. */
function chunksBefore(series: Series, minMs: number, maxMs: number): number[] {
  const start = series.length > 0 ? series.times[0]! : Infinity;
  const chunks: number[] = [];
  for (let i = 0; i < series.chunkBlocks.length; i++) {
    const block = series.chunkBlocks[i]!;
    const entry = series.chunkEntries[i]!;
    const min = block.mins[entry]!;
    if (min >= start || min > maxMs) break;
    if (block.maxs[entry]! >= minMs) chunks.push(i);
  }
  return chunks;
}

/** Decodes chunks and, where the gap to the column is small and memory allows, keeps them in the column. */
function extendedColumn({ blocks, memory, arena }: SampleSource, series: Series, chunks: readonly number[], maxMs: number): Column {
  const start = series.length > 0 ? series.times[0]! : Infinity;
  const first = chunks[0]!;
  const through: number[] = [];
  let total = 0;
  let needed = 0;
  for (let i = first; i < series.chunkBlocks.length; i++) {
    const block = series.chunkBlocks[i]!;
    const entry = series.chunkEntries[i]!;
    if (block.mins[entry]! >= start) break;
    through.push(i);
    total += block.counts[entry]!;
    if (block.mins[entry]! <= maxMs) needed += block.counts[entry]!;
  }
  if (total <= LARGEST_DETOUR * needed && memory.hasRoom(total * BYTES_PER_SAMPLE)) {
    series.prepend(blocks.decode(series, through, arena), memory);
    return series;
  }
  return blocks.decode(series, chunks, arena, start > maxMs ? undefined : series);
}

/** The samples of a series with out-of-order ones, sorted by time; the column itself where that has them all. */
function mergedColumn(source: SampleSource, series: Series, minMs: number, maxMs: number): Column {
  const { blocks, arena } = source;
  const pieces: Column[] = [];
  const chunks: number[] = [];
  for (let i = 0; i < series.chunkBlocks.length; i++) if (blocks.isNeeded(series, i, minMs, maxMs)) chunks.push(i);
  if (chunks.length > 0 && !absorbChunks(source, series)) pieces.push(blocks.decode(series, chunks, arena));
  for (const piece of [series.outOfOrderCut, series.outOfOrder, series]) {
    if (piece !== undefined && piece.length > 0 && piece.times[0]! <= maxMs && piece.times[piece.length - 1]! >= minMs) pieces.push(piece);
  }
  // Out-of-order samples are inserted in place, so what is handed out of them is a copy.
  const isOwn = pieces.length === 1 && !(pieces[0] instanceof OutOfOrder);
  return sorted(isOwn ? pieces[0]! : concatenated(pieces, arena), arena);
}

/** Brings all chunks of a series into its column, in order, so that only its newest out-of-order samples are merged each time. */
function absorbChunks({ blocks, memory, arena }: SampleSource, series: Series): boolean {
  let total = 0;
  let maxMs = -Infinity;
  for (let i = 0; i < series.chunkBlocks.length; i++) {
    const block = series.chunkBlocks[i]!;
    const entry = series.chunkEntries[i]!;
    total += block.counts[entry]!;
    maxMs = Math.max(maxMs, block.maxs[entry]!);
  }
  const isNewer = series.persisted === series.length || series.times[series.persisted]! > maxMs;
  if (!isNewer || total > LARGEST_ABSORPTION || !memory.hasRoom(total * BYTES_PER_SAMPLE)) return false;
  const all = sorted(blocks.decode(series, series.chunkBlocks.map((_, i) => i), arena), arena);
  if (all.length === 0) return false;
  series.absorb(all, memory);
  return true;
}

function concatenated(pieces: readonly Column[], arena: ColumnArena): Column {
  let total = 0;
  let hasHistograms = false;
  for (const piece of pieces) {
    total += piece.length;
    hasHistograms ||= piece.histograms !== undefined;
  }
  const column = arena.create(total, hasHistograms);
  let at = 0;
  for (const piece of pieces) {
    copySamples(piece, column, at);
    at += piece.length;
  }
  return column;
}

function sorted(column: Column, arena: ColumnArena): Column {
  const { times, length } = column;
  let isSorted = true;
  for (let i = 1; i < length && isSorted; i++) isSorted = times[i - 1]! < times[i]!;
  if (isSorted) return column;
  const order = Uint32Array.from({ length }, (_, i) => i).sort((a, b) => times[a]! - times[b]!);
  const result = arena.create(length, column.histograms !== undefined);
  for (let i = 0; i < length; i++) {
    const from = order[i]!;
    result.times[i] = times[from]!;
    result.bits[2 * i] = column.bits[2 * from]!;
    result.bits[2 * i + 1] = column.bits[2 * from + 1]!;
    const histogram = column.histograms?.[from];
    // Between out-of-order samples nothing is known of resets.
    if (histogram !== undefined) result.histograms![i] = i === 0 || order[i - 1] === from - 1 ? histogram : withoutPredecessor(histogram);
  }
  return result;
}

function view(series: Series, column: Column, minMs: number, maxMs: number): SeriesSamples | undefined {
  const { times, values, bits, histograms, length } = column;
  if (length === 0) return undefined;
  const from = times[0]! >= minMs ? 0 : lowerBound(times, length, minMs);
  const to = times[length - 1]! <= maxMs ? length : upperBound(times, length, maxMs);
  if (from >= to) return undefined;
  const { ref, labels } = series;
  const mayBeStale = column !== series || series.mayBeStale;
  if (from === 0) return { ref, labels, length: to, timestamps: times, values, bits, histograms: padded(histograms, 0, to), mayBeStale };
  const part = column === series ? series.viewOf(from) : { times: times.subarray(from), values: values.subarray(from), bits: bits.subarray(2 * from) };
  return { ref, labels, length: to - from, timestamps: part.times, values: part.values, bits: part.bits, histograms: padded(histograms, from, to), mayBeStale };
}

/** The histograms of a range, or undefined when it has none. */
function padded(histograms: Column['histograms'], from: number, to: number): (FloatHistogram | undefined)[] | undefined {
  if (histograms === undefined) return undefined;
  const part = histograms.slice(from, to);
  return part.some((histogram) => histogram !== undefined) ? part : undefined;
}
