import { labelsFromRecord, labelsKey, labelsToRecord, METRIC_NAME } from '../model/labels.ts';
import type { RecordingRule } from './rule-file.ts';
import type { RuleMoment, RuleQuery, RuleSample } from './rule-query.ts';

/** The series that a recording rule gives. Rejects with a text for people. */
export async function evaluateRecording(rule: RecordingRule, query: RuleQuery, { timeMs, queryOffsetMs, limit }: RuleMoment): Promise<readonly RuleSample[]> {
  const vector = await query(rule.expr, timeMs - queryOffsetMs);
  const keys = new Set<string>();
  const samples = vector.map((sample) => {
    const labels = labelsFromRecord({ ...labelsToRecord(sample.labels), [METRIC_NAME]: rule.name, ...rule.labels });
    keys.add(labelsKey(labels));
    return { ...sample, labels };
  });
  if (keys.size < samples.length) throw new Error('vector contains metrics with the same labelset after applying rule labels');
  if (limit > 0 && samples.length > limit) throw new Error(`exceeded limit of ${limit} with ${samples.length} series`);
  return samples;
}
