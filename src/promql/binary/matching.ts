import type { VectorMatching } from '../ast.ts';
import { METRIC_NAME, type Labels } from '../../model/labels.ts';
import { keyOf, keyWithout } from '../eval/label-sets.ts';

/** The function that says which rows of the two sides of a vector operation belong together: those with equal keys. */
export function signatureOf(matching: VectorMatching): (labels: Labels) => string {
  if (matching.on) {
    const names = [...new Set(matching.labels)].sort();
    if (names.length === 0) return () => '';
    return (labels) => keyOf(labels, names);
  }
  const names = [METRIC_NAME, ...matching.labels];
  return (labels) => keyWithout(labels, names);
}
