import { parseGoDurationNano } from '../base/go-duration.ts';
import { createMatcher } from '../promql/matcher.ts';
import type { LabelFilter, QuantityOperator } from './ast.ts';
import { parseByteSize } from './byte-size.ts';

/** Labels while a pipeline runs. */
export interface PipelineLabels {
  get(name: string): string | undefined;
  /** Marks the entry: something could not be read. */
  setError(): void;
  readonly hasError: boolean;
}

/**
 * Makes a label filter ready to run. A text filter sees '' where a label is missing; a quantity filter then does not hold. A label that
 * is no quantity marks the entry with `__error__` and lets it pass, and marked entries pass every quantity filter (Loki: log/label_filter.go).
 */
export function createLabelTest(filter: LabelFilter): (labels: PipelineLabels) => boolean {
  switch (filter.kind) {
    case 'and': {
      const [left, right] = [createLabelTest(filter.left), createLabelTest(filter.right)];
      return (labels) => left(labels) && right(labels);
    }
    case 'or': {
      const [left, right] = [createLabelTest(filter.left), createLabelTest(filter.right)];
      return (labels) => left(labels) || right(labels);
    }
    case 'text': {
      const matcher = createMatcher(filter.matcher);
      return (labels) => matcher.matches(labels.get(matcher.name) ?? '');
    }
    case 'quantity': {
      const { name, op, unit, value } = filter;
      return (labels) => {
        if (labels.hasError) return true;
        const text = labels.get(name);
        if (text === undefined) return false;
        const quantity = quantityOf(text, unit);
        if (quantity !== undefined) return compares(quantity, op, value);
        labels.setError();
        return true;
      };
    }
  }
}

function quantityOf(text: string, unit: 'number' | 'duration' | 'bytes'): number | undefined {
  switch (unit) {
    case 'number':
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
    case 'duration':
      return parseGoDurationNano(text);
    case 'bytes':
      return parseByteSize(text);
  }
}

function compares(a: number, op: QuantityOperator, b: number): boolean {
  switch (op) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
  }
}
