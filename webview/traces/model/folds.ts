import { childrenOf, type SpanTree } from './span-tree.ts';

/** A run of siblings that look alike, shown as one row: the rows from `from` to `to`, exclusive. */
export interface Fold {
  readonly from: number;
  readonly to: number;
  /** Siblings in the run; what hangs below them is not counted. */
  readonly count: number;
  readonly service: string;
  /** What their names begin with: `plugin`. */
  readonly prefix: string;
  readonly startNs: number;
  readonly endNs: number;
  /** Sum of the siblings' durations. */
  readonly totalNs: number;
  /** Failed spans inside, those further down included. */
  readonly errors: number;
  /** Whether it is folded unless the user says otherwise: nothing in it failed, and it is a small part of its parent. */
  readonly isFoldedAtFirst: boolean;
}

/** Fewer siblings than this are not worth a fold. */
const MIN_RUN = 3;
/** A run that takes more of its parent's time than this is what one has come to see. */
const MAX_SHARE = 0.5;

/** Runs of at least three neighbouring siblings of one service whose names share their first word, by first row. */
export function findFolds(tree: SpanTree): Fold[] {
  const folds: Fold[] = [];
  for (let parent = 0; parent < tree.spans.length; parent++) {
    if (tree.end[parent]! - parent <= MIN_RUN) continue;
    let run: number[] = [];
    let key = '';
    for (const child of childrenOf(tree, parent)) {
      const span = tree.spans[child]!;
      const next = `${span.service}\n${firstWord(span.name)}`;
      if (next !== key) {
        addRun(tree, parent, run, folds);
        run = [];
        key = next;
      }
      run.push(child);
    }
    addRun(tree, parent, run, folds);
  }
  return folds.sort((a, b) => a.from - b.from);
}

/** `plugin.auth.prehook` → `plugin`, `SELECT users` → `SELECT`, `GET /a` → `GET`. */
export function firstWord(name: string): string {
  return /^[^\s./:_#(-]+/.exec(name)?.[0] ?? name;
}

function addRun(tree: SpanTree, parent: number, run: readonly number[], folds: Fold[]): void {
  if (run.length < MIN_RUN) return;
  const [first, last] = [run[0]!, run[run.length - 1]!];
  const to = tree.end[last]!;
  let [startNs, endNs, totalNs] = [Infinity, -Infinity, 0];
  for (const child of run) {
    const [start, duration] = [tree.startNs[child]!, tree.durationNs[child]!];
    startNs = Math.min(startNs, start);
    endNs = Math.max(endNs, start + duration);
    totalNs += duration;
  }
  const errors = lowerBound(tree.errors, to) - lowerBound(tree.errors, first);
  const { service, name } = tree.spans[first]!;
  const isFoldedAtFirst = errors === 0 && totalNs <= tree.durationNs[parent]! * MAX_SHARE;
  folds.push({ from: first, to, count: run.length, service, prefix: firstWord(name), startNs, endNs, totalNs, errors, isFoldedAtFirst });
}

/** The first place in ascending `values` whose value is not below `limit`. */
export function lowerBound(values: Int32Array, limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
