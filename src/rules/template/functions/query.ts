import { labelsToRecord, type Labels } from '../../../model/labels.ts';
import { goStringMap, NO_VALUES, TemplateFailure, type GoObject, type GoValue } from '../go-value.ts';
import { asObject, asSlice, asString, type TemplateFunctions } from '../template-function.ts';

/** One element of the vector that a query in a template gave; the value is a number, or the text of a histogram. */
export interface TemplateSample {
  readonly labels: Labels;
  readonly value: number | string;
}

/** Queries in templates; `query` may throw to say that the answer is not there yet. */
export function queryFunctions(query: (expr: string) => readonly TemplateSample[]): TemplateFunctions {
  return {
    query: { parameters: ['string'], call: ([expr]) => ({ kind: 'slice', typeName: 'template.queryResult', items: query(asString(expr)).map(toObject) }) },
    first: {
      parameters: ['queryResult'],
      call: ([vector]) => {
        const [first] = asSlice(vector).items;
        if (first === undefined) throw new TemplateFailure('first() called on vector with no elements');
        return first;
      },
    },
    label: { parameters: ['string', 'sample'], call: ([name, sample]) => labelOf(sample, asString(name)) },
    value: { parameters: ['sample'], call: ([sample]) => asObject(sample).fields.get('Value') },
    strvalue: { parameters: ['sample'], call: ([sample]) => labelOf(sample, '__value__') },
    sortByLabel: {
      parameters: ['string', 'queryResult'],
      call: ([name, vector]) => {
        const slice = asSlice(vector);
        const key = (item: GoValue): string => labelOf(item, asString(name));
        return { ...slice, items: [...slice.items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)) };
      },
    },
  };
}

function toObject({ labels, value }: TemplateSample): GoObject {
  return {
    kind: 'object', typeName: '*template.sample', text: `{${String(value)}}`, methods: NO_VALUES,
    fields: new Map<string, GoValue>([['Labels', goStringMap(labelsToRecord(labels))], ['Value', value]]),
  };
}

function labelOf(sample: GoValue, name: string): string {
  const labels = asObject(sample).fields.get('Labels');
  return typeof labels === 'object' && labels.kind === 'map' ? asString(labels.entries.get(name)) : '';
}
