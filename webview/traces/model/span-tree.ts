import { clockSkew } from './clock-skew.ts';
import { linkSpans } from './link-spans.ts';
import type { TraceSpan } from './trace-span.ts';

/**
 * A trace in display order: every span directly before its descendants, siblings by start time.
 * All arrays are indexed by the place in this order. A subtree is the range from its span to `end`, exclusive.
 */
export interface SpanTree {
  readonly spans: readonly TraceSpan[];
  /** -1 for roots. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  readonly end: Int32Array;
  /** Corrected start, nanoseconds after the trace's first span. */
  readonly startNs: Float64Array;
  readonly durationNs: Float64Array;
  /** What the correction of clocks added to the start; 0 for most. */
  readonly shiftNs: Float64Array;
  readonly isOrphan: Uint8Array;
  /** Positions of the spans that failed, ascending. */
  readonly errors: Int32Array;
  readonly roots: number;
  readonly orphans: number;
  readonly repeated: number;
  readonly cycles: number;
  /** Spans whose start was corrected. */
  readonly shifted: number;
  /** The earliest start and the latest end. */
  readonly fromNs: number;
  readonly toNs: number;
}

/** Builds the tree without recursion; `isSkewCorrected` false shows the clocks as they were. */
export function buildSpanTree(input: readonly TraceSpan[], isSkewCorrected = true): SpanTree {
  const { spans, parent, isOrphan, repeated, cycles } = linkSpans(input);
  const count = spans.length;
  const shift = isSkewCorrected ? clockSkew(spans, parent, parentsFirst(parent)) : new Float64Array(count);
  const start = Float64Array.from(spans, (span, i) => span.startNs + shift[i]!);
  const lists = childLists(parent, start);
  const tree = {
    spans: new Array<TraceSpan>(count),
    parent: new Int32Array(count),
    depth: new Int32Array(count),
    end: new Int32Array(count),
    startNs: new Float64Array(count),
    durationNs: new Float64Array(count),
    shiftNs: new Float64Array(count),
    isOrphan: new Uint8Array(count),
  };
  const errors: number[] = [];
  const place = new Int32Array(count);
  const stack: number[] = [];
  let [at, roots, orphans, shifted, fromNs, toNs] = [0, 0, 0, 0, Infinity, -Infinity];
  for (let root = lists.firstRoot; root !== -1; root = lists.next[root]!) {
    roots++;
    stack.push(root);
    while (stack.length > 0) {
      const i = stack.pop()!;
      const span = spans[i]!;
      const above = parent[i]! === -1 ? -1 : place[parent[i]!]!;
      place[i] = at;
      tree.spans[at] = span;
      tree.parent[at] = above;
      tree.depth[at] = above === -1 ? 0 : tree.depth[above]! + 1;
      tree.startNs[at] = start[i]!;
      tree.durationNs[at] = span.durationNs;
      tree.shiftNs[at] = shift[i]!;
      tree.isOrphan[at] = isOrphan[i]!;
      orphans += isOrphan[i]!;
      if (shift[i] !== 0) shifted++;
      if (span.isError) errors.push(at);
      fromNs = Math.min(fromNs, start[i]!);
      toNs = Math.max(toNs, start[i]! + span.durationNs);
      at++;
      const mark = stack.length;
      for (let child = lists.firstChild[i]!; child !== -1; child = lists.next[child]!) stack.push(child);
      reverse(stack, mark);
    }
  }
  for (let i = count - 1; i >= 0; i--) {
    tree.end[i] = Math.max(tree.end[i]!, i + 1);
    const above = tree.parent[i]!;
    if (above !== -1) tree.end[above] = Math.max(tree.end[above]!, tree.end[i]!);
  }
  if (count === 0) [fromNs, toNs] = [0, 0];
  return { ...tree, errors: Int32Array.from(errors), roots, orphans, repeated, cycles, shifted, fromNs, toNs };
}

/** The children of the span at `index`, by start time. */
export function* childrenOf(tree: Pick<SpanTree, 'end'>, index: number): Generator<number> {
  for (let child = index + 1; child < tree.end[index]!; child = tree.end[child]!) yield child;
}

/** Linked lists of siblings, each ascending by start time, then by place in the input. */
function childLists(parent: Int32Array, start: Float64Array): { firstChild: Int32Array; next: Int32Array; firstRoot: number } {
  const byStart = Uint32Array.from(parent, (_, i) => i).sort((a, b) => start[a]! - start[b]! || a - b);
  const firstChild = new Int32Array(parent.length).fill(-1);
  const next = new Int32Array(parent.length).fill(-1);
  let firstRoot = -1;
  for (let k = byStart.length - 1; k >= 0; k--) {
    const i = byStart[k]!;
    const above = parent[i]!;
    next[i] = above === -1 ? firstRoot : firstChild[above]!;
    if (above === -1) firstRoot = i;
    else firstChild[above] = i;
  }
  return { firstChild, next, firstRoot };
}

/** All positions, each after its parent. */
function parentsFirst(parent: Int32Array): Int32Array {
  const order = new Int32Array(parent.length);
  const isListed = new Uint8Array(parent.length);
  const chain: number[] = [];
  let at = 0;
  for (let i = 0; i < parent.length; i++) {
    for (let above = i; above !== -1 && isListed[above] === 0; above = parent[above]!) {
      isListed[above] = 1;
      chain.push(above);
    }
    while (chain.length > 0) order[at++] = chain.pop()!;
  }
  return order;
}

function reverse(list: number[], from: number): void {
  for (let low = from, high = list.length - 1; low < high; low++, high--) {
    const swap = list[low]!;
    list[low] = list[high]!;
    list[high] = swap;
  }
}
