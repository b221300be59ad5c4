import { childrenOf, type SpanTree } from './span-tree.ts';

/** Nanoseconds of each span during which none of its children ran. Children are cut to their parent's time. */
export function selfTimes(tree: Pick<SpanTree, 'startNs' | 'durationNs' | 'end'>): Float64Array {
  return Float64Array.from(tree.durationNs, (durationNs, i) => {
    let covered = 0;
    forEachCovered(tree, i, (from, to) => (covered += to - from));
    return Math.max(0, durationNs - covered);
  });
}

/** Calls `visit` with each stretch of the span's time in which a child ran; ascending and apart from each other. */
export function forEachCovered(tree: Pick<SpanTree, 'startNs' | 'durationNs' | 'end'>, index: number, visit: (fromNs: number, toNs: number) => void): void {
  const start = tree.startNs[index]!;
  const stop = start + tree.durationNs[index]!;
  let [from, to] = [0, -Infinity];
  // Siblings ascend by start, so one pass joins those that overlap.
  for (const child of childrenOf(tree, index)) {
    const childFrom = Math.max(start, tree.startNs[child]!);
    const childTo = Math.min(stop, tree.startNs[child]! + tree.durationNs[child]!);
    if (childTo <= childFrom) continue;
    if (childFrom <= to) {
      to = Math.max(to, childTo);
      continue;
    }
    if (to > from) visit(from, to);
    [from, to] = [childFrom, childTo];
  }
  if (to > from) visit(from, to);
}
