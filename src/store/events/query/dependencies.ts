import { HEAD_ERROR } from '../encoding/span-layout.ts';
import type { SpanView } from '../encoding/span-view.ts';
import type { SearchBlock } from '../blocks/signal-blocks.ts';
import { overlaps } from './block-filter.ts';
import { keepTimeWindow } from './time-window.ts';
import type { SpanSource } from './span-source.ts';

/** How often one service called another within a window. */
export interface Dependency {
  readonly caller: string;
  readonly callee: string;
  readonly callCount: number;
  readonly errorCount: number;
  /** Sum of the durations of the called spans. */
  readonly durationNano: number;
}

/** A caller may have started this much before or after what it called (long requests, clocks that differ). */
const CALLER_SLACK_NANO = 3_600_000_000_000n;

interface Call {
  readonly callee: string;
  readonly isError: boolean;
  readonly durationNano: number;
}

/** Calls whose caller is in another block: by the caller's trace and span id, and the first bytes of those span ids. */
interface WaitingCalls {
  readonly byCaller: Map<string, Call[]>;
  readonly prefixes: Set<number>;
}

/**
 * Counts calls between services: spans that start in [fromUnixNano, toUnixNano) and whose parent is of another service.
 * Callers are found up to an hour outside the window. Repeated spans count as often as they were sent; pinned traces
 * that were evicted do not count.
 */
export function countDependencies(source: SpanSource, fromUnixNano: bigint, toUnixNano: bigint): Dependency[] {
  const window = { fromUnixNano, toUnixNano };
  const edges = new EdgeCounter();
  const waiting: WaitingCalls = { byCaller: new Map(), prefixes: new Set() };
  forEachView(source, window, (view) => collectCalls(view, window, edges, waiting));
  const wider = {
    fromUnixNano: fromUnixNano > CALLER_SLACK_NANO ? fromUnixNano - CALLER_SLACK_NANO : 0n,
    toUnixNano: toUnixNano + CALLER_SLACK_NANO,
  };
  if (waiting.byCaller.size > 0) forEachView(source, wider, (view) => findCallers(view, edges, waiting));
  return edges.list();
}

interface Window {
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
}

function forEachView(source: SpanSource, window: Window, visit: (view: SpanView) => void): void {
  for (const block of source.blocksNewestFirst()) {
    if (isPin(block) || (block.meta && !overlaps(block.meta, window.fromUnixNano, window.toUnixNano))) continue;
    try {
      const view = block.view();
      if (view) visit(view);
    } catch (error) {
      source.onUnreadable(block.id, error);
    }
  }
}

function isPin(block: SearchBlock<SpanView>): boolean {
  return block.id === 0;
}

function collectCalls(view: SpanView, window: Window, edges: EdgeCounter, waiting: WaitingCalls): void {
  const rows = new Uint8Array(view.count).fill(1);
  keepTimeWindow(view.starts(), window, rows);
  const parents = view.parents();
  const spans = view.spans();
  const traces = view.traces();
  const origins = view.origins();
  const heads = view.heads();
  const durations = view.durations();
  // By the number of a span id: the row that has it, plus 1.
  const rowOfSpan = new Uint32Array(view.spanIdBytes().length / 8);
  for (let row = 0; row < view.count; row++) rowOfSpan[spans[row]!] = row + 1;
  for (let row = 0; row < view.count; row++) {
    const parent = parents[row]!;
    if (rows[row] === 0 || parent < 0) continue;
    const caller = rowOfSpan[parent]! - 1;
    const isError = (heads[row]! & HEAD_ERROR) !== 0;
    // A span id that occurs in two traces is rare enough for the slow way.
    if (caller >= 0 && traces[caller] === traces[row]) {
      if (origins[caller] !== origins[row]) edges.add(view.service(caller), { callee: view.service(row), isError, durationNano: durations[row]! });
      continue;
    }
    const key = spanKey(view, row, parent);
    const calls = waiting.byCaller.get(key);
    const call = { callee: view.service(row), isError, durationNano: durations[row]! };
    if (calls) calls.push(call);
    else waiting.byCaller.set(key, [call]);
    waiting.prefixes.add(idPrefix(view.spanIdBytes(), parent));
  }
}

function findCallers(view: SpanView, edges: EdgeCounter, { byCaller, prefixes }: WaitingCalls): void {
  const spans = view.spans();
  const ids = view.spanIdBytes();
  for (let row = 0; row < view.count; row++) {
    if (!prefixes.has(idPrefix(ids, spans[row]!))) continue;
    const key = spanKey(view, row, spans[row]!);
    for (const call of byCaller.get(key) ?? []) edges.add(view.service(row), call);
    byCaller.delete(key);
  }
}

function idPrefix(ids: Uint8Array, span: number): number {
  const at = span * 8;
  return (ids[at]! << 22) ^ (ids[at + 1]! << 15) ^ (ids[at + 5]! << 10) ^ (ids[at + 6]! << 8) ^ ids[at + 7]!;
}

function spanKey(view: SpanView, row: number, span: number): string {
  return latin1(view.traceIdBytes(), view.traces()[row]! * 16, 16) + latin1(view.spanIdBytes(), span * 8, 8);
}

function latin1(bytes: Uint8Array, offset: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + offset, length).toString('latin1');
}

interface EdgeTotal {
  callCount: number;
  errorCount: number;
  durationNano: number;
}

/** Adds calls up by caller and callee. */
class EdgeCounter {
  readonly #edges = new Map<string, Map<string, EdgeTotal>>();

  add(caller: string, { callee, isError, durationNano }: Call): void {
    if (caller === callee) return;
    let callees = this.#edges.get(caller);
    if (callees === undefined) this.#edges.set(caller, (callees = new Map<string, EdgeTotal>()));
    let edge = callees.get(callee);
    if (edge === undefined) callees.set(callee, (edge = { callCount: 0, errorCount: 0, durationNano: 0 }));
    edge.callCount++;
    if (isError) edge.errorCount++;
    edge.durationNano += durationNano;
  }

  /** Most calls first. */
  list(): Dependency[] {
    const list = [...this.#edges].flatMap(([caller, callees]) => [...callees].map(([callee, edge]) => ({ caller, callee, ...edge })));
    return list.sort((a, b) => b.callCount - a.callCount || compareText(a.caller, b.caller) || compareText(a.callee, b.callee));
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
