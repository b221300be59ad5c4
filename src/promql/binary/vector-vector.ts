import { labelsKey, type Labels } from '../../model/labels.ts';
import type { FloatHistogram } from '../../model/histogram.ts';
import type { Block} from '../eval/block.ts';
import { ABSENT, FLOAT, HISTOGRAM, MergingBlock, type Row } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { labelsText } from '../eval/label-sets.ts';
import { goQuote } from '../go-quote.ts';
import type { BinaryPlan, Grid } from '../plan.ts';
import { QueryError } from '../query-error.ts';
import { CellOperation } from './cell-operation.ts';
import { changesMetric } from './float-operators.ts';
import { signatureOf } from './matching.ts';
import { matchedLabels, resultLabels } from './result-labels.ts';

/** The rows of one side that have the same signature, and where another row's result has already been put. */
interface Group {
  /** Row numbers in the block of the one side. */
  readonly ones: number[];
  /** By step, whether a result was made: at most one for one-to-one. */
  matched: Uint8Array | undefined;
  /** For many-to-one: by result labels, at which steps there is one. */
  readonly results: Map<string, Uint8Array>;
}

/** The rows of an arithmetic or comparison operation between two vectors (prometheus/promql: VectorBinop). */
export function vectorVectorRows(context: EvaluationContext, plan: BinaryPlan, grid: Grid, visit: (row: Row) => void): void {
  const lhs = context.evaluate.block(plan.lhs, grid);
  const rhs = context.evaluate.block(plan.rhs, grid);
  const operation = new CellOperation(plan.op, plan.position, (annotation) => context.annotate(annotation), context.options.isNewer);
  new VectorOperation(context, plan, lhs, rhs, operation).run().forEachRow(visit);
}

class VectorOperation {
  readonly #context: EvaluationContext;
  readonly #plan: BinaryPlan;
  readonly #many: Block;
  readonly #one: Block;
  readonly #isSwapped: boolean;
  readonly #operation: CellOperation;
  readonly #signature: (labels: Labels) => string;
  readonly #groups = new Map<string, Group>();
  readonly #result: MergingBlock;
  readonly #dropsName: boolean;

  constructor(context: EvaluationContext, plan: BinaryPlan, lhs: Block, rhs: Block, operation: CellOperation) {
    this.#context = context;
    this.#plan = plan;
    this.#isSwapped = plan.matching.card === 'one-to-many';
    this.#many = this.#isSwapped ? rhs : lhs;
    this.#one = this.#isSwapped ? lhs : rhs;
    this.#operation = operation;
    this.#signature = signatureOf(plan.matching);
    this.#result = new MergingBlock(this.#many.steps, Math.max(1, this.#many.rowCount));
    this.#dropsName = changesMetric(plan.op) || (plan.returnBool && !context.options.delayedNameRemoval);
  }

  run(): Block {
    const { fillLeft, fillRight } = this.#plan.matching;
    // As upstream, the fill values are not swapped with the sides: with group_right, fill_right is for the left side.
    const oneFill = fillRight;
    const manyFill = fillLeft;
    this.#collectOnes();
    this.#checkOnes(fillLeft !== undefined || fillRight !== undefined);
    for (let m = 0; m < this.#many.rowCount; m++) {
      this.#context.tick();
      const group = this.#groups.get(this.#signature(this.#many.labels[m]!));
      for (const o of group?.ones ?? []) this.#combine(group!, m, o);
      if (oneFill !== undefined) this.#fillOne(group, m, oneFill);
    }
    if (manyFill !== undefined) this.#fillMany(manyFill);
    return this.#result.block;
  }

  #collectOnes(): void {
    for (let o = 0; o < this.#one.rowCount; o++) {
      const signature = this.#signature(this.#one.labels[o]!);
      const group = this.#groups.get(signature);
      if (group === undefined) this.#groups.set(signature, { ones: [o], matched: undefined, results: new Map() });
      else group.ones.push(o);
    }
  }

  /** Throws when two rows of the one side have the same signature at a step at which there is something to match. */
  #checkOnes(hasFill: boolean): void {
    const doubled = [...this.#groups.values()].filter((group) => group.ones.length > 1);
    if (doubled.length === 0) return;
    const { steps } = this.#one;
    const hasMany = presentSteps(this.#many);
    for (let s = 0; s < steps; s++) {
      if (hasMany[s] === 0 && !hasFill) continue;
      // Of several offences at a step the one whose second row comes first is reported.
      let worst: readonly [number, number] | undefined;
      for (const group of doubled) {
        const [first, second] = group.ones.filter((o) => this.#one.present[o * steps + s] !== ABSENT);
        if (first !== undefined && second !== undefined && second < (worst?.[1] ?? Infinity)) worst = [first, second];
      }
      if (worst !== undefined) throw this.#duplicate(worst[0], worst[1]);
    }
  }

  #duplicate(first: number, second: number): QueryError {
    const text = (labels: Labels): string => labelsText(labels, goQuote);
    const side = this.#isSwapped ? 'left' : 'right';
    const group = text(matchedLabels(this.#one.labels[second]!, this.#plan.matching));
    const series = [text(this.#one.labels[second]!), text(this.#one.labels[first]!)];
    if (this.#context.options.isNewer) series.sort();
    return new QueryError(
      'execution',
      `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: [${series.join(', ')}]`
        + ';many-to-many matching not allowed: matching labels must be unique on one side',
    );
  }

  /** Operates on every step at which both rows have a cell. */
  #combine(group: Group, m: number, o: number): void {
    const { steps } = this.#many;
    let target: Target | undefined;
    for (let s = 0; s < steps; s++) {
      const manyCell = m * steps + s;
      const oneCell = o * steps + s;
      const manyKind = this.#many.present[manyCell]!;
      const oneKind = this.#one.present[oneCell]!;
      if (manyKind === ABSENT || oneKind === ABSENT) continue;
      const manyHistogram = manyKind === HISTOGRAM ? this.#many.histograms![manyCell] : undefined;
      const oneHistogram = oneKind === HISTOGRAM ? this.#one.histograms![oneCell] : undefined;
      if (!this.#operate(this.#many.values[manyCell]!, manyHistogram, this.#one.values[oneCell]!, oneHistogram)) continue;
      target ??= this.#target(group, this.#many.labels[m]!, this.#one.labels[o]!);
      this.#put(group, target, s);
    }
  }

  #fillOne(group: Group | undefined, m: number, fill: number): void {
    const { steps } = this.#many;
    const labels = this.#many.labels[m]!;
    let target: Target | undefined;
    let filled = group;
    for (let s = 0; s < steps; s++) {
      const cell = m * steps + s;
      const kind = this.#many.present[cell]!;
      if (kind === ABSENT || group?.ones.some((o) => this.#one.present[o * steps + s] !== ABSENT) === true) continue;
      if (!this.#operate(this.#many.values[cell]!, kind === HISTOGRAM ? this.#many.histograms![cell] : undefined, fill, undefined)) continue;
      if (filled === undefined) {
        filled = { ones: [], matched: undefined, results: new Map() };
        this.#groups.set(this.#signature(labels), filled);
      }
      target ??= this.#target(filled, labels, matchedLabels(labels, this.#plan.matching));
      this.#put(filled, target, s);
    }
  }

  #fillMany(fill: number): void {
    const { steps } = this.#one;
    for (const group of this.#groups.values()) {
      for (const o of group.ones) {
        const labels = this.#one.labels[o]!;
        let target: Target | undefined;
        for (let s = 0; s < steps; s++) {
          const cell = o * steps + s;
          const kind = this.#one.present[cell]!;
          if (kind === ABSENT || group.matched?.[s] === 1) continue;
          if (!this.#operate(fill, undefined, this.#one.values[cell]!, kind === HISTOGRAM ? this.#one.histograms![cell] : undefined)) continue;
          target ??= this.#target(group, matchedLabels(labels, this.#plan.matching), labels);
          this.#put(group, target, s);
        }
      }
    }
  }

  #operate(many: number, manyHistogram: FloatHistogram | undefined, one: number, oneHistogram: FloatHistogram | undefined): boolean {
    if (manyHistogram === undefined && oneHistogram === undefined) {
      return this.#isSwapped ? this.#operation.floats(one, many) : this.#operation.floats(many, one);
    }
    return this.#isSwapped
      ? this.#operation.mixed(one, oneHistogram, many, manyHistogram)
      : this.#operation.mixed(many, manyHistogram, one, oneHistogram);
  }

  #target(group: Group, many: Labels, one: Labels): Target {
    // As upstream, what an operand's name was marked for is forgotten: arithmetic takes the name away at once.
    const dropName = this.#plan.returnBool;
    const labels = resultLabels(many, one, this.#plan.matching, this.#dropsName);
    if (this.#plan.matching.card === 'one-to-one') return { labels, dropName, seen: undefined, offset: -1 };
    const key = labelsKey(labels);
    let seen = group.results.get(key);
    if (seen === undefined) {
      seen = new Uint8Array(this.#many.steps);
      group.results.set(key, seen);
    }
    return { labels, dropName, seen, offset: -1 };
  }

  /** Checks that a result is the only one at its step, and keeps it unless a comparison filtered it out. */
  #put(group: Group, target: Target, s: number): void {
    const { steps } = this.#many;
    const isFiltered = !this.#operation.isKept && !this.#plan.returnBool;
    // Up to 3.5, what a comparison filters out does not count as a match.
    if (isFiltered && !this.#context.options.isNewer) return;
    group.matched ??= new Uint8Array(steps);
    if (target.seen === undefined) {
      if (group.matched[s] === 1) {
        throw new QueryError('execution', 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)');
      }
    } else {
      if (target.seen[s] === 1) throw new QueryError('execution', 'multiple matches for labels: grouping labels must ensure unique matches');
      target.seen[s] = 1;
    }
    group.matched[s] = 1;
    const operation = this.#operation;
    if (isFiltered) return;
    const result = this.#result;
    if (target.offset < 0) target.offset = result.rowFor(target.labels, target.dropName);
    const cell = target.offset + s;
    result.claim(cell);
    if (this.#plan.returnBool) result.block.setFloat(cell, operation.isKept ? 1 : 0);
    else if (operation.histogram !== undefined) result.block.setHistogram(cell, operation.histogram);
    else {
      result.block.values[cell] = operation.value;
      result.block.present[cell] = FLOAT;
    }
  }
}

/** Where the results of a pair of rows go. */
interface Target {
  readonly labels: Labels;
  readonly dropName: boolean;
  /** Steps with a result of these labels in the group, for many-to-one. */
  readonly seen: Uint8Array | undefined;
  offset: number;
}

/** By step, 1 where any row of the block has a cell. */
function presentSteps(block: Block): Uint8Array {
  const steps = new Uint8Array(block.steps);
  for (let cell = 0; cell < block.rowCount * block.steps; cell++) if (block.present[cell] !== ABSENT) steps[cell % block.steps] = 1;
  return steps;
}
