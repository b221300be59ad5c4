import type { Block} from '../eval/block.ts';
import { ABSENT, isEmptyRow, MergingBlock, type Row } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import type { BinaryPlan, Grid } from '../plan.ts';
import { signatureOf } from './matching.ts';

/** For each signature, whether any row with it has a cell, step by step. */
class Presence {
  readonly #bySignature = new Map<string, Uint8Array>();
  readonly #steps: number;

  constructor(steps: number) {
    this.#steps = steps;
  }

  add(signature: string, row: Row): void {
    let cells = this.#bySignature.get(signature);
    if (cells === undefined) {
      cells = new Uint8Array(this.#steps);
      this.#bySignature.set(signature, cells);
    }
    for (let s = 0; s < this.#steps; s++) if (row.present[row.offset + s] !== ABSENT) cells[s] = 1;
  }

  of(signature: string): Uint8Array | undefined {
    return this.#bySignature.get(signature);
  }
}

/** The rows of `and`, `or` and `unless`. */
export function setOperationRows(context: EvaluationContext, plan: BinaryPlan, grid: Grid, visit: (row: Row) => void): void {
  const signature = signatureOf(plan.matching);
  const presence = new Presence(grid.count);
  if (plan.op === 'or') {
    const merging = new MergingBlock(grid.count);
    context.evaluate.rows(plan.lhs, grid, (row) => {
      presence.add(signature(row.labels), row);
      merging.add(row);
    });
    context.evaluate.rows(plan.rhs, grid, (row) => {
      mask(row, grid.count, presence.of(signature(row.labels)), ABSENT);
      if (!isEmptyRow(row.present, row.offset, grid.count)) merging.add(row);
    });
    merging.block.forEachRow(visit);
    return;
  }
  // The left side comes first, as annotations and errors of both must appear in that order.
  const left = context.evaluate.block(plan.lhs, grid);
  context.evaluate.rows(plan.rhs, grid, (row) => presence.add(signature(row.labels), row));
  const wanted = plan.op === 'and' ? 1 : ABSENT;
  visitMasked(left, presence, signature, wanted, visit);
}

function visitMasked(
  left: Block, presence: Presence, signature: (labels: Row['labels']) => string, wanted: number, visit: (row: Row) => void,
): void {
  left.forEachRow((row) => {
    mask(row, left.steps, presence.of(signature(row.labels)), wanted);
    if (!isEmptyRow(row.present, row.offset, left.steps)) visit(row);
  });
}

/** Clears the cells of a row where the other side's presence is not `wanted`; no presence is 0 everywhere. */
function mask(row: Row, steps: number, presence: Uint8Array | undefined, wanted: number): void {
  for (let s = 0; s < steps; s++) if ((presence === undefined ? 0 : presence[s]) !== wanted) row.present[row.offset + s] = ABSENT;
}
