import { childrenOf, type SpanTree } from './span-tree.ts';

/** A stretch of time in which the trace waited for this span itself. */
export interface CriticalSection {
  readonly index: number;
  readonly fromNs: number;
  readonly toNs: number;
}

type Timed = Pick<SpanTree, 'startNs' | 'durationNs' | 'end' | 'parent' | 'spans'>;

/**
 * The chain of work that decided how long the tree under `root` took, latest section first. Jaeger's algorithm: walk
 * back from the end; the child that finished last before the current moment is next; at its start go up again.
 * Children are first cut to their parents; one that starts after its parent's end, or consumes a message of it, cannot
 * have held it up. One difference: a child that ends in the very moment the next begins counts (Jaeger skips it).
 */
export function criticalPath(tree: Timed, root = 0): CriticalSection[] {
  const sections: CriticalSection[] = [];
  if (tree.spans.length === 0) return sections;
  const { from, to } = cutToParents(tree, root);
  const candidates = new Map<number, { readonly children: readonly number[]; next: number }>();
  let [at, momentNs] = [root, to[root]!];
  for (;;) {
    const child = lastFinished(at, momentNs);
    const fromNs = child === -1 ? from[at]! : to[child]!;
    if (momentNs > fromNs) sections.push({ index: at, fromNs, toNs: momentNs });
    if (child !== -1) [at, momentNs] = [child, to[child]!];
    else if (at === root) return sections;
    else [at, momentNs] = [tree.parent[at]!, from[at]!];
  }

  function lastFinished(parent: number, beforeNs: number): number {
    let state = candidates.get(parent);
    if (!state) {
      const children = [...childrenOf(tree, parent)].filter((child) => from[child]! <= to[child]! && tree.spans[child]!.kind !== 'consumer');
      state = { children: children.sort((a, b) => to[b]! - to[a]!), next: 0 };
      candidates.set(parent, state);
    }
    // Moments only go back, so who ended too late once does so for ever.
    while (state.next < state.children.length) {
      const child = state.children[state.next++]!;
      if (to[child]! <= beforeNs) return child;
    }
    return -1;
  }
}

/** Start and end of each span inside those of its parent; a span wholly outside gets an end before its start. */
function cutToParents(tree: Timed, root: number): { from: Float64Array; to: Float64Array } {
  const from = Float64Array.from(tree.startNs);
  const to = Float64Array.from(tree.startNs, (start, i) => start + tree.durationNs[i]!);
  for (let i = root + 1; i < tree.end[root]!; i++) {
    const parent = tree.parent[i]!;
    if (from[i]! > to[parent]! || to[i]! < from[parent]! || from[parent]! > to[parent]!) {
      to[i] = -Infinity;
      continue;
    }
    from[i] = Math.max(from[i]!, from[parent]!);
    to[i] = Math.min(to[i]!, to[parent]!);
  }
  return { from, to };
}
