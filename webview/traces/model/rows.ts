import type { Fold } from './folds.ts';
import type { SpanTree } from './span-tree.ts';

/** What is open and what is not. Spans are open and folds as they were at first, unless they are listed. */
export interface RowState {
  /** Spans whose children are hidden, by place in the tree. */
  readonly collapsed: ReadonlySet<number>;
  /** Folds that are the other way than at first, by place in the list of folds. */
  readonly toggledFolds: ReadonlySet<number>;
}

/** The rows on show, top to bottom. */
export interface Rows {
  readonly count: number;
  /** The span of each row, or `-1 - fold` for the row that stands for a fold. */
  readonly items: Int32Array;
  /** How far each row is indented. */
  readonly depths: Int32Array;
}

/** Whether a fold hides its siblings. */
export const isFolded = (folds: readonly Fold[], fold: number, state: RowState): boolean => folds[fold]!.isFoldedAtFirst !== state.toggledFolds.has(fold);

/** Lists the visible rows in one pass. A fold has a row of its own, above its siblings when it is open. */
export function flattenRows(tree: SpanTree, folds: readonly Fold[], state: RowState): Rows {
  const count = tree.spans.length;
  const items = new Int32Array(count + folds.length);
  const depths = new Int32Array(count + folds.length);
  // The ends of the open folds around the current row, the innermost last.
  const open: number[] = [];
  let [rows, fold] = [0, 0];
  for (let i = 0; i < count; ) {
    while (open.length > 0 && open[open.length - 1]! <= i) open.pop();
    while (fold < folds.length && folds[fold]!.from < i) fold++;
    if (fold < folds.length && folds[fold]!.from === i) {
      items[rows] = -1 - fold;
      depths[rows++] = tree.depth[i]! + open.length;
      if (isFolded(folds, fold, state)) {
        i = folds[fold]!.to;
        continue;
      }
      open.push(folds[fold]!.to);
      fold++;
    }
    items[rows] = i;
    depths[rows++] = tree.depth[i]! + open.length;
    i = state.collapsed.has(i) ? tree.end[i]! : i + 1;
  }
  return { count: rows, items: items.subarray(0, rows), depths: depths.subarray(0, rows) };
}

/** The row of a span, or of what hides it: a collapsed ancestor or a fold. */
export function rowOfSpan(rows: Rows, folds: readonly Fold[], span: number): number {
  const firstSpan = (row: number): number => {
    const item = rows.items[row]!;
    // A fold comes before its first span.
    return item >= 0 ? item : folds[-1 - item]!.from - 0.5;
  };
  let [low, high] = [0, rows.count - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (firstSpan(middle) <= span) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The state with everything open that hides `span`; the same object when it is visible already. */
export function revealSpan(tree: SpanTree, folds: readonly Fold[], state: RowState, span: number): RowState {
  const collapsed = new Set(state.collapsed);
  const toggledFolds = new Set(state.toggledFolds);
  for (let above = tree.parent[span]!; above !== -1; above = tree.parent[above]!) collapsed.delete(above);
  folds.forEach(({ from, to }, fold) => {
    if (from > span || to <= span || !isFolded(folds, fold, state)) return;
    if (!toggledFolds.delete(fold)) toggledFolds.add(fold);
  });
  const isSame = collapsed.size === state.collapsed.size && toggledFolds.size === state.toggledFolds.size && [...toggledFolds].every((fold) => state.toggledFolds.has(fold));
  return isSame ? state : { collapsed, toggledFolds };
}

/** All spans with children, for "collapse all"; the roots stay open so that something is seen. */
export function collapseAll(tree: SpanTree): RowState['collapsed'] {
  const collapsed = new Set<number>();
  for (let i = 0; i < tree.spans.length; i++) if (tree.parent[i] !== -1 && tree.end[i]! > i + 1) collapsed.add(i);
  return collapsed;
}
