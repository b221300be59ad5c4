import { HEAD_ERROR } from '../encoding/span-layout.ts';
import type { SpanView } from '../encoding/span-view.ts';
import type { SearchBlock } from '../blocks/signal-blocks.ts';
import { overlaps } from './block-filter.ts';
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

/** More span ids than a block can hold. */
const SPANS_PER_TRACE = 2 ** 24;

interface Call {
  readonly callee: string;
  readonly isError: boolean;
  readonly durationNano: number;
}

/**
 * Counts calls between services: spans that start in [fromUnixNano, toUnixNano) and whose parent is of another service.
 * Callers are found up to an hour outside the window. Repeated spans count once.
 */
export function countDependencies(source: SpanSource, fromUnixNano: bigint, toUnixNano: bigint): Dependency[] {
  const blocks = source.blocksNewestFirst();
  const edges = new Map<string, { caller: string; callee: string; callCount: number; errorCount: number; durationNano: number }>();
  const add = (caller: string, call: Call): void => {
    if (caller === call.callee) return;
    const key = JSON.stringify([caller, call.callee]);
    let edge = edges.get(key);
    if (edge === undefined) edges.set(key, (edge = { caller, callee: call.callee, callCount: 0, errorCount: 0, durationNano: 0 }));
    edge.callCount++;
    if (call.isError) edge.errorCount++;
    edge.durationNano += call.durationNano;
  };
  const waiting = new Map<string, Map<string, Call>>();
  forEachView(source, blocks, fromUnixNano, toUnixNano, (view) => collectCalls(view, fromUnixNano, toUnixNano, waiting));
  const from = fromUnixNano > CALLER_SLACK_NANO ? fromUnixNano - CALLER_SLACK_NANO : 0n;
  forEachView(source, blocks, from, toUnixNano + CALLER_SLACK_NANO, (view) => {
    for (let row = 0; row < view.count && waiting.size > 0; row++) {
      const key = spanKey(view, row, view.spans()[row]!);
      const calls = waiting.get(key);
      if (calls === undefined) continue;
      waiting.delete(key);
      for (const call of calls.values()) add(view.service(row), call);
    }
  });
  return [...edges.values()].sort((a, b) => b.callCount - a.callCount || compareText(a.caller, b.caller) || compareText(a.callee, b.callee));
}

function forEachView(
  source: SpanSource,
  blocks: readonly SearchBlock<SpanView>[],
  fromUnixNano: bigint,
  toUnixNano: bigint,
  visit: (view: SpanView) => void,
): void {
  for (const block of blocks) {
    if (block.meta && !overlaps(block.meta, fromUnixNano, toUnixNano)) continue;
    try {
      const view = block.view();
      if (view) visit(view);
    } catch (error) {
      source.onUnreadable(block, error);
    }
  }
}

// Keeps the calls whose caller is not known to be of the same service, by the caller's id and then by their own.
function collectCalls(view: SpanView, fromUnixNano: bigint, toUnixNano: bigint, waiting: Map<string, Map<string, Call>>): void {
  const { values } = view.starts();
  const parents = view.parents();
  const origins = view.origins();
  const originOfSpan = new Map<number, number>();
  const spans = view.spans();
  const traces = view.traces();
  const numberOf = (row: number, span: number): number => traces[row]! * SPANS_PER_TRACE + span;
  for (let row = 0; row < view.count; row++) originOfSpan.set(numberOf(row, spans[row]!), origins[row]!);
  for (let row = 0; row < view.count; row++) {
    const parent = parents[row]!;
    if (parent < 0 || originOfSpan.get(numberOf(row, parent)) === origins[row]) continue;
    if (values[row]! < fromUnixNano || values[row]! >= toUnixNano) continue;
    const key = spanKey(view, row, parent);
    let calls = waiting.get(key);
    if (calls === undefined) waiting.set(key, (calls = new Map()));
    calls.set(view.spanId(row), {
      callee: view.service(row),
      isError: (view.heads()[row]! & HEAD_ERROR) !== 0,
      durationNano: view.durations()[row]!,
    });
  }
}

function spanKey(view: SpanView, row: number, span: number): string {
  const trace = view.traces()[row]! * 16;
  const trailing = Buffer.from(view.traceIdBytes().buffer, view.traceIdBytes().byteOffset + trace, 16).toString('latin1');
  const ids = view.spanIdBytes();
  return trailing + Buffer.from(ids.buffer, ids.byteOffset + span * 8, 8).toString('latin1');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
