import { createRow, FLOAT, isEmptyRow, type Row } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { InstantFiller, instantRange } from '../eval/instant-selector.ts';
import { countCellsByStep } from '../eval/sample-counts.ts';
import { hasOneName, visitRenamed } from '../eval/renamed.ts';
import { MergingBlock } from '../eval/block.ts';
import { withoutName } from '../eval/context.ts';
import { stepTime, type CallPlan, type Grid } from '../plan.ts';

/** The rows of `timestamp` and `start_timestamp`: seconds. Of anything but a selector the sample time is the step's. */
export function timestampRows(context: EvaluationContext, plan: CallPlan, grid: Grid, visit: (row: Row) => void): void {
  const argument = plan.args[0]!;
  const isStart = plan.func === 'start_timestamp';
  if (isStart && (argument.kind !== 'selector' || !context.options.useStartTimestamps)) {
    context.evaluate.rows(argument, grid, () => undefined);
    return;
  }
  if (argument.kind !== 'selector') {
    visitRenamed(context, argument, grid, visit, (row, next) => {
      for (let s = 0; s < grid.count; s++) {
        if (row.present[row.offset + s] === 0) continue;
        row.present[row.offset + s] = FLOAT;
        row.values[row.offset + s] = stepTime(grid, s) / 1000;
      }
      row.histograms = undefined;
      next(row);
    });
    return;
  }
  const { delayedNameRemoval, lookbackMs } = context.options;
  const { minMs, maxMs } = instantRange(argument, grid, lookbackMs);
  const merging = delayedNameRemoval || hasOneName(argument) ? undefined : new MergingBlock(grid.count);
  const row = createRow(grid.count);
  const filler = new InstantFiller(argument, grid, lookbackMs, isStart ? 'startTimestamp' : 'timestamp');
  for (const series of context.select(argument, minMs, maxMs)) {
    context.tick();
    const samples = filler.fill(series, row);
    if (samples === 0 || isEmptyRow(row.present, 0, grid.count)) continue;
    context.totalSamples += samples;
    countCellsByStep(context, row, grid.count, 'single');
    for (let s = 0; s < grid.count; s++) row.values[s]! /= 1000;
    row.labels = delayedNameRemoval ? series.labels : withoutName(series.labels);
    row.dropName = true;
    if (merging === undefined) visit(row);
    else merging.add(row);
  }
  merging?.block.forEachRow(visit);
}
