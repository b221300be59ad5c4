import {
  addHistograms, compactHistogram, divideHistogram, multiplyHistogram, subtractHistograms, withHint,
} from '../../model/histogram-arithmetic.ts';
import { equalHistograms } from '../../model/histogram-compare.ts';
import { trimHistogram } from '../../model/histogram-trim.ts';
import type { FloatHistogram } from '../../model/histogram.ts';
import type { BinaryOperator } from '../ast.ts';
import { annotate, type Annotation } from '../annotations.ts';
import { arithmeticOf, comparisonOf } from './float-operators.ts';

/**
 * A binary operation between two cells, floats or histograms (prometheus/promql: vectorElemBinop).
 * One instance serves a whole node: operands go in by call, the result comes out in its fields.
 */
export class CellOperation {
  readonly #op: BinaryOperator;
  readonly #position: number;
  readonly #annotate: (annotation: Annotation) => void;
  readonly #canReconcile: boolean;
  readonly #compute: ((a: number, b: number) => number) | undefined;
  readonly #compare: ((a: number, b: number) => boolean) | undefined;
  /** The result: a histogram when there is one, else the float. */
  value = 0;
  histogram: FloatHistogram | undefined;
  /** Whether a comparison holds; true for arithmetic. */
  isKept = false;

  /** Without `canReconcile`, histograms with different custom bounds have no sum. */
  constructor(op: BinaryOperator, position: number, annotateWith: (annotation: Annotation) => void, canReconcile: boolean) {
    this.#canReconcile = canReconcile;
    this.#op = op;
    this.#position = position;
    this.#annotate = annotateWith;
    this.#compute = arithmeticOf(op);
    this.#compare = comparisonOf(op);
  }

  /** Operates on two floats; false when the operator is not for floats. */
  floats(a: number, b: number): boolean {
    this.histogram = undefined;
    if (this.#compute !== undefined) {
      this.value = this.#compute(a, b);
      this.isKept = true;
      return true;
    }
    if (this.#compare !== undefined) {
      this.value = a;
      this.isKept = this.#compare(a, b);
      return true;
    }
    return this.#incompatible('float', 'float');
  }

  /** Operates on cells of which at least one is a histogram; false when there is no result, which was annotated. */
  mixed(a: number, ha: FloatHistogram | undefined, b: number, hb: FloatHistogram | undefined): boolean {
    if (ha !== undefined && hb !== undefined) return this.#histograms(ha, hb);
    if (ha !== undefined) return this.#histogramAndFloat(ha, b);
    if (hb === undefined) return this.floats(a, b);
    if (this.#op !== '*') return this.#incompatible('float', 'histogram');
    return this.#give(compactHistogram(multiplyHistogram(hb, a)));
  }

  #histogramAndFloat(histogram: FloatHistogram, value: number): boolean {
    switch (this.#op) {
      case '*': return this.#give(compactHistogram(multiplyHistogram(histogram, value)));
      case '/': return this.#give(compactHistogram(divideHistogram(histogram, value)));
      case '</': return this.#give(trimHistogram(histogram, value, true));
      case '>/': return this.#give(trimHistogram(histogram, value, false));
      default: return this.#incompatible('histogram', 'float');
    }
  }

  #histograms(a: FloatHistogram, b: FloatHistogram): boolean {
    const op = this.#op;
    if (op === '==' || op === '!=') {
      const isKept = equalHistograms(a, b) === (op === '==');
      this.#give(a);
      this.isKept = isKept;
      return true;
    }
    if (op !== '+' && op !== '-') return this.#incompatible('histogram', 'histogram');
    const result = op === '+' ? addHistograms(a, b) : subtractHistograms(a, b);
    if (result === undefined || (result.isReconciled && !this.#canReconcile)) {
      this.#annotate(annotate.incompatibleLayout(op, this.#position));
      return false;
    }
    const operation = op === '+' ? 'addition' : 'subtraction';
    if (result.hasResetCollision) this.#annotate(annotate.resetCollision(operation, this.#position));
    if (result.isReconciled) this.#annotate(annotate.reconciledBounds(operation, this.#position));
    // A difference is no counter any more.
    const histogram = op === '-' ? withHint(result.histogram, 'gauge') : result.histogram;
    return this.#give(compactHistogram(histogram));
  }

  #give(histogram: FloatHistogram): boolean {
    this.value = 0;
    this.histogram = histogram;
    this.isKept = true;
    return true;
  }

  #incompatible(left: string, right: string): boolean {
    this.#annotate(annotate.incompatibleTypes(left, this.#op, right, this.#position));
    return false;
  }
}
