import { labelValue, type Labels } from '../../model/labels.ts';
import type { VectorMatching } from '../ast.ts';
import { withoutName } from '../eval/context.ts';
import { dropLabels, keepLabels, setLabel } from '../eval/label-sets.ts';

/** The labels of what an operation makes of a row of the many side and one of the one side (prometheus/promql: resultMetric). */
export function resultLabels(many: Labels, one: Labels, matching: VectorMatching, dropName: boolean): Labels {
  let labels = dropName ? withoutName(many) : many;
  if (matching.card === 'one-to-one') labels = matching.on ? keepLabels(labels, matching.labels) : dropLabels(labels, matching.labels);
  for (const name of matching.include) labels = setLabel(labels, name, labelValue(one, name));
  return labels;
}

/** The labels that two matching rows have in common. */
export function matchedLabels(labels: Labels, matching: VectorMatching): Labels {
  return matching.on ? keepLabels(labels, matching.labels) : dropLabels(labels, ['__name__', ...matching.labels]);
}
