import { labelsFromPairs } from '../../model/labels.ts';
import type { Exemplar } from '../../model/metric.ts';
import { attributeText } from './attribute-text.ts';
import type { OtlpExemplar } from './metric-points.ts';

/** OpenMetrics's limit on the characters of an exemplar's label names and values together. */
export const MOST_EXEMPLAR_CHARACTERS = 128;

/** An exemplar with `trace_id`, `span_id` and, as far as they fit, the filtered attributes. */
export function toExemplar(exemplar: OtlpExemplar): Exemplar {
  const ids: [string, string][] = [];
  if (exemplar.traceId !== '') ids.push(['trace_id', exemplar.traceId]);
  if (exemplar.spanId !== '') ids.push(['span_id', exemplar.spanId]);
  const attributes = Array.from(exemplar.attributes, ([key, value]): [string, string] => [key, attributeText(value)]);
  const all = [...attributes, ...ids];
  return {
    labels: labelsFromPairs(exemplarCharacters(all) <= MOST_EXEMPLAR_CHARACTERS ? all : ids),
    value: exemplar.value,
    timestampMs: exemplar.timestampMs,
  };
}

/** The length that counts against {@link MOST_EXEMPLAR_CHARACTERS}: code points, not UTF-16 units. */
export function exemplarCharacters(pairs: Iterable<readonly [string, string]>): number {
  let characters = 0;
  for (const [name, value] of pairs) characters += Array.from(name).length + Array.from(value).length;
  return characters;
}
