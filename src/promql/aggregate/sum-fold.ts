import { compactHistogram } from '../../model/histogram-arithmetic.ts';
import { addToSum, sumValue, type HistogramSum } from '../../model/histogram-kahan.ts';
import type { FloatHistogram } from '../../model/histogram.ts';
import { labelValue, METRIC_NAME } from '../../model/labels.ts';
import { annotate } from '../annotations.ts';
import { ABSENT, FLOAT, HISTOGRAM, type Block, type Row } from '../eval/block.ts';
import type { EvaluationContext } from '../eval/context.ts';
import { addToAverage, averageValue, type HistogramAverage } from '../functions/over-time-histogram.ts';
import type { AggregatePlan } from '../plan.ts';
import { grown, grownFlags, type Fold } from './fold.ts';

/** What a group has seen at a step. */
const HAS_FLOAT = 1;
const HAS_HISTOGRAM = 2;
const IS_INCOMPATIBLE = 4;
const IS_INCREMENTAL = 8;
const HAS_RESET = 16;
const HAS_NO_RESET = 32;

/** sum and avg: compensated sums of floats, or sums of histograms, for every group and step. */
export class SumFold implements Fold {
  readonly #context: EvaluationContext;
  readonly #plan: AggregatePlan;
  readonly #steps: number;
  readonly #isAverage: boolean;
  #flags: Uint8Array;
  #sums: Float64Array;
  #errors: Float64Array;
  #counts: Float64Array;
  readonly #histograms: (HistogramSum | undefined)[] = [];
  readonly #averages: (HistogramAverage | undefined)[] = [];

  constructor(context: EvaluationContext, plan: AggregatePlan, steps: number, isAverage: boolean) {
    this.#context = context;
    this.#plan = plan;
    this.#steps = steps;
    this.#isAverage = isAverage;
    this.#flags = new Uint8Array(steps * 4);
    this.#sums = new Float64Array(steps * 4);
    this.#errors = new Float64Array(steps * 4);
    this.#counts = new Float64Array(isAverage ? steps * 4 : 0);
  }

  add(row: Row, group: number): void {
    const needed = (group + 1) * this.#steps;
    this.#flags = grownFlags(this.#flags, needed);
    this.#sums = grown(this.#sums, needed, 0);
    this.#errors = grown(this.#errors, needed, 0);
    if (this.#isAverage) {
      this.#counts = grown(this.#counts, needed, 0);
      this.#addToAverages(row, group * this.#steps);
    } else this.#addToSums(row, group * this.#steps);
  }

  #addToSums(row: Row, base: number): void {
    const { values, present, offset } = row;
    const sums = this.#sums;
    const errors = this.#errors;
    const flags = this.#flags;
    const steps = this.#steps;
    for (let s = 0; s < steps; s++) {
      const kind = present[offset + s]!;
      if (kind === ABSENT) continue;
      const cell = base + s;
      const flag = flags[cell]!;
      if (kind === FLOAT && flag === HAS_FLOAT) {
        // Compensated summation (prometheus/util/kahansum), written out for speed. What is lost by an addition is exact, so
        // Knuth's way to it, without a comparison of the two, gives what Neumaier's gives.
        const value = values[offset + s]!;
        const sum = sums[cell]!;
        const total = sum + value;
        sums[cell] = total;
        const summand = total - sum;
        if (total > Number.MAX_VALUE || total < -Number.MAX_VALUE) errors[cell] = 0;
        else errors[cell]! += sum - (total - summand) + (value - summand);
        continue;
      }
      if (kind === HISTOGRAM) {
        this.#addHistogram(row, s, cell);
        continue;
      }
      if ((flag & IS_INCOMPATIBLE) !== 0) continue;
      const value = values[offset + s]!;
      // The first float of the cell; one after histograms only marks the cell as mixed, which has no result.
      if (flag === 0) sums[cell] = value;
      flags[cell] = flag | HAS_FLOAT;
    }
  }

  #addToAverages(row: Row, base: number): void {
    const { values, present, offset } = row;
    const sums = this.#sums;
    const errors = this.#errors;
    const flags = this.#flags;
    const counts = this.#counts;
    const steps = this.#steps;
    for (let s = 0; s < steps; s++) {
      const kind = present[offset + s]!;
      if (kind === ABSENT) continue;
      const cell = base + s;
      const flag = flags[cell]!;
      if (kind === FLOAT && flag === HAS_FLOAT) {
        // The common case of #addToAverage, written out for speed.
        const value = values[offset + s]!;
        const sum = sums[cell]!;
        const total = sum + value;
        if (total <= Number.MAX_VALUE && total >= -Number.MAX_VALUE) {
          sums[cell] = total;
          const summand = total - sum;
          errors[cell]! += sum - (total - summand) + (value - summand);
          counts[cell]!++;
          continue;
        }
      }
      if ((flag & IS_INCOMPATIBLE) !== 0) continue;
      const count = ++counts[cell]!;
      if (kind === HISTOGRAM) this.#addHistogram(row, s, cell);
      else this.#addToAverage(cell, count, row.values[row.offset + s]!);
    }
  }

  /** A plain mean while the sum is finite, running means after that. */
  #addToAverage(cell: number, count: number, value: number): void {
    const flag = this.#flags[cell]!;
    this.#flags[cell] = flag | HAS_FLOAT;
    if (flag === 0) {
      this.#sums[cell] = value;
      return;
    }
    const sum = this.#sums[cell]!;
    const error = this.#errors[cell]!;
    if ((flag & IS_INCREMENTAL) === 0) {
      const total = sum + value;
      if (total <= Number.MAX_VALUE && total >= -Number.MAX_VALUE) {
        this.#sums[cell] = total;
        this.#errors[cell] = error + (Math.abs(sum) >= Math.abs(value) ? sum - total + value : value - total + sum);
        return;
      }
      if (total !== total) {
        this.#sums[cell] = total;
        this.#errors[cell] = NaN;
        return;
      }
      this.#flags[cell] |= IS_INCREMENTAL;
      this.#sums[cell] = sum / (count - 1);
      this.#errors[cell] = error / (count - 1);
    }
    const share = (count - 1) / count;
    const mean = share * this.#sums[cell]!;
    const increment = value / count;
    const total = mean + increment;
    const before = share * this.#errors[cell]!;
    if (total > Number.MAX_VALUE || total < -Number.MAX_VALUE) this.#errors[cell] = 0;
    else this.#errors[cell] = before + (Math.abs(mean) >= Math.abs(increment) ? mean - total + increment : increment - total + mean);
    this.#sums[cell] = total;
  }

  #addHistogram(row: Row, s: number, cell: number): void {
    const flag = this.#flags[cell]!;
    if ((flag & IS_INCOMPATIBLE) !== 0) return;
    const histogram = row.histograms![row.offset + s]!;
    // A group that began with a float is invalid now, and its histograms need not be summed.
    this.#flags[cell] = flag | HAS_HISTOGRAM;
    if (flag !== 0 && this.#histograms[cell] === undefined && this.#averages[cell] === undefined) return;
    if (histogram.counterReset === 'reset') this.#flags[cell] |= HAS_RESET;
    if (histogram.counterReset === 'not_reset') this.#flags[cell] |= HAS_NO_RESET;
    const next = this.#isAverage ? this.#nextAverage(cell, histogram) : this.#nextSum(cell, histogram);
    if (next === undefined || (next.isReconciled && !this.#context.options.isNewer)) {
      const name = labelValue(row.labels, METRIC_NAME);
      const note = next === undefined ? annotate.mixedExponentialCustom : annotate.incompatibleCustomBuckets;
      this.#context.annotate(note(name, this.#plan.expr.position));
      this.#flags[cell] |= IS_INCOMPATIBLE;
    } else if (next.isReconciled) this.#context.annotate(annotate.reconciledBounds('aggregation', this.#plan.expr.position));
  }

  #nextSum(cell: number, histogram: FloatHistogram): { isReconciled: boolean } | undefined {
    const running = this.#histograms[cell];
    if (running === undefined) {
      this.#histograms[cell] = { sum: histogram, compensation: undefined };
      return { isReconciled: false };
    }
    const next = addToSum(running, histogram);
    if (next !== undefined) this.#histograms[cell] = next;
    return next;
  }

  #nextAverage(cell: number, histogram: FloatHistogram): { isReconciled: boolean } | undefined {
    const average = this.#averages[cell];
    if (average === undefined) {
      this.#averages[cell] = { running: { sum: histogram, compensation: undefined }, count: 1, isIncremental: false };
      return { isReconciled: false };
    }
    const next = addToAverage(average, histogram);
    if (next !== undefined) this.#averages[cell] = next;
    return next;
  }

  finish(out: Block): void {
    const position = this.#plan.expr.position;
    for (let cell = 0; cell < out.rowCount * this.#steps; cell++) {
      const flag = this.#flags[cell]!;
      if (flag === 0) continue;
      if ((flag & HAS_FLOAT) !== 0 && (flag & HAS_HISTOGRAM) !== 0) {
        this.#context.annotate(annotate.mixedFloatsHistogramsAggregation(position));
        continue;
      }
      if ((flag & IS_INCOMPATIBLE) !== 0) continue;
      if ((flag & HAS_RESET) !== 0 && (flag & HAS_NO_RESET) !== 0) this.#context.annotate(annotate.resetCollision('aggregation', position));
      if ((flag & HAS_HISTOGRAM) !== 0) out.setHistogram(cell, compactHistogram(this.#histogramAt(cell)));
      else {
        out.values[cell] = this.#floatAt(cell, flag);
        out.present[cell] = FLOAT;
      }
    }
  }

  #histogramAt(cell: number): FloatHistogram {
    return this.#isAverage ? averageValue(this.#averages[cell]!) : sumValue(this.#histograms[cell]!);
  }

  #floatAt(cell: number, flag: number): number {
    const sum = this.#sums[cell]!;
    const error = this.#errors[cell]!;
    if (!this.#isAverage || (flag & IS_INCREMENTAL) !== 0) return sum + error;
    const count = this.#counts[cell]!;
    return sum / count + error / count;
  }
}
