import { annotate } from '../annotations.ts';
import { ABSENT, Block, FLOAT, HISTOGRAM, type Row } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import type { AggregatePlan, Grid } from '../plan.ts';
import { grown, grownFlags, type Fold } from './fold.ts';
import { GroupIndex } from './groups.ts';
import { SumFold } from './sum-fold.ts';

const FOLDS: Readonly<Record<string, (context: EvaluationContext, plan: AggregatePlan, steps: number) => Fold>> = {
  sum: (context, plan, steps) => new SumFold(context, plan, steps, false),
  avg: (context, plan, steps) => new SumFold(context, plan, steps, true),
  count: (_context, _plan, steps) => new CountFold(steps),
  group: (_context, _plan, steps) => new GroupFold(steps),
  min: (context, plan, steps) => new ExtremeFold(context, plan, steps, 'min'),
  max: (context, plan, steps) => new ExtremeFold(context, plan, steps, 'max'),
  stddev: (context, plan, steps) => new VarianceFold(context, plan, steps, 'stddev'),
  stdvar: (context, plan, steps) => new VarianceFold(context, plan, steps, 'stdvar'),
};

/** The result of sum, avg, count, group, min, max, stddev or stdvar. */
export function foldBlock(context: EvaluationContext, plan: AggregatePlan, grid: Grid): Block {
  const groups = new GroupIndex(plan);
  const out = new Block(grid.count);
  const create = FOLDS[plan.op]!;
  const fold = create(context, plan, grid.count);
  const live = context.liveSamples;
  context.evaluate.rows(plan.expr, grid, (row) => {
    const group = groups.of(row.labels);
    if (group === out.rowCount) out.addRow(groups.labelsOf(row.labels), row.dropName);
    else if (row.dropName) out.dropNames[group] = true;
    fold.add(row, group);
  });
  context.resetLiveSamples(live);
  fold.finish(out);
  return out;
}

class CountFold implements Fold {
  readonly #steps: number;
  #counts: Float64Array;

  constructor(steps: number) {
    this.#steps = steps;
    this.#counts = new Float64Array(steps * 4);
  }

  add(row: Row, group: number): void {
    const base = group * this.#steps;
    this.#counts = grown(this.#counts, base + this.#steps, 0);
    for (let s = 0; s < this.#steps; s++) if (row.present[row.offset + s] !== ABSENT) this.#counts[base + s]!++;
  }

  finish(out: Block): void {
    for (let cell = 0; cell < out.rowCount * this.#steps; cell++) if (this.#counts[cell]! > 0) out.setFloat(cell, this.#counts[cell]!);
  }
}

class GroupFold implements Fold {
  readonly #counts: CountFold;

  constructor(steps: number) {
    this.#counts = new CountFold(steps);
  }

  add(row: Row, group: number): void {
    this.#counts.add(row, group);
  }

  finish(out: Block): void {
    this.#counts.finish(out);
    for (let cell = 0; cell < out.rowCount * out.steps; cell++) if (out.present[cell] === FLOAT) out.values[cell] = 1;
  }
}

class ExtremeFold implements Fold {
  readonly #context: EvaluationContext;
  readonly #plan: AggregatePlan;
  readonly #steps: number;
  readonly #op: 'min' | 'max';
  #values: Float64Array;
  #seen: Uint8Array;

  constructor(context: EvaluationContext, plan: AggregatePlan, steps: number, op: 'min' | 'max') {
    this.#context = context;
    this.#plan = plan;
    this.#steps = steps;
    this.#op = op;
    this.#values = new Float64Array(steps * 4);
    this.#seen = new Uint8Array(steps * 4);
  }

  add(row: Row, group: number): void {
    const steps = this.#steps;
    const base = group * steps;
    this.#values = grown(this.#values, base + steps, 0);
    this.#seen = grownFlags(this.#seen, base + steps);
    const values = this.#values;
    const seen = this.#seen;
    const isMax = this.#op === 'max';
    for (let s = 0; s < steps; s++) {
      const kind = row.present[row.offset + s]!;
      if (kind === ABSENT) continue;
      if (kind === HISTOGRAM) {
        this.#context.annotate(annotate.histogramIgnoredInAggregation(this.#op, this.#plan.expr.position));
        continue;
      }
      const value = row.values[row.offset + s]!;
      const best = values[base + s]!;
      if (seen[base + s] === 0) {
        seen[base + s] = 1;
        values[base + s] = value;
      } else if ((isMax ? best < value : best > value) || best !== best) values[base + s] = value;
    }
  }

  finish(out: Block): void {
    for (let cell = 0; cell < out.rowCount * this.#steps; cell++) if (this.#seen[cell] === 1) out.setFloat(cell, this.#values[cell]!);
  }
}

class VarianceFold implements Fold {
  readonly #context: EvaluationContext;
  readonly #plan: AggregatePlan;
  readonly #steps: number;
  readonly #op: 'stddev' | 'stdvar';
  #counts: Float64Array;
  #means: Float64Array;
  #squares: Float64Array;

  constructor(context: EvaluationContext, plan: AggregatePlan, steps: number, op: 'stddev' | 'stdvar') {
    this.#context = context;
    this.#plan = plan;
    this.#steps = steps;
    this.#op = op;
    this.#counts = new Float64Array(steps * 4);
    this.#means = new Float64Array(steps * 4);
    this.#squares = new Float64Array(steps * 4);
  }

  add(row: Row, group: number): void {
    const steps = this.#steps;
    const base = group * steps;
    this.#counts = grown(this.#counts, base + steps, 0);
    this.#means = grown(this.#means, base + steps, 0);
    this.#squares = grown(this.#squares, base + steps, 0);
    for (let s = 0; s < steps; s++) {
      const kind = row.present[row.offset + s]!;
      if (kind === ABSENT) continue;
      if (kind === HISTOGRAM) {
        this.#context.annotate(annotate.histogramIgnoredInAggregation(this.#op, this.#plan.expr.position));
        continue;
      }
      this.#addValue(base + s, row.values[row.offset + s]!);
    }
  }

  #addValue(cell: number, value: number): void {
    const count = ++this.#counts[cell]!;
    if (count === 1) {
      this.#means[cell] = value;
      this.#squares[cell] = Number.isFinite(value) ? 0 : NaN;
      return;
    }
    const delta = value - this.#means[cell]!;
    this.#means[cell]! += delta / count;
    this.#squares[cell]! += delta * (value - this.#means[cell]!);
  }

  finish(out: Block): void {
    for (let cell = 0; cell < out.rowCount * this.#steps; cell++) {
      const count = this.#counts[cell]!;
      if (count === 0) continue;
      const variance = this.#squares[cell]! / count;
      out.setFloat(cell, this.#op === 'stddev' ? Math.sqrt(variance) : variance);
    }
  }
}
