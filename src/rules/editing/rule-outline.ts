import { isMap, isScalar, isSeq, parseDocument, type ParsedNode, type YAMLMap } from 'yaml';
import { scalarTextOf, type ScalarText } from './scalar-text.ts';

/** Half-open UTF-16 offsets in the file. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/** A value with the key that it stands under. */
export interface Field {
  readonly key: FileRange;
  readonly value: ScalarText | undefined;
}

/** One rule as it stands in the file, complete or not. */
export interface RuleOutline {
  readonly kind: 'alert' | 'record';
  /** '' when it has none yet. */
  readonly name: string;
  readonly group: string;
  readonly range: FileRange;
  readonly fields: ReadonlyMap<string, Field>;
  readonly labels: ReadonlyMap<string, Field>;
  readonly annotations: ReadonlyMap<string, Field>;
}

/** What is wrong and where. */
export interface OutlineProblem extends FileRange {
  readonly message: string;
}

export interface RuleFileOutline {
  readonly rules: readonly RuleOutline[];
  /** What makes it no YAML. */
  readonly problems: readonly OutlineProblem[];
}

/** Does it look like a file of Prometheus rules: groups that hold rules? Cheap, and true while it is still being typed. */
export function looksLikeRuleFile(text: string): boolean {
  return /^groups[ \t]*:/m.test(text) && (/^[ \t]+(?:-[ \t]+)?rules[ \t]*:/m.test(text) || /^[ \t]*-[ \t]+name[ \t]*:/m.test(text)) && !/^tests[ \t]*:/m.test(text);
}

/**
 * Reads the rules of a file with their places, as far as they can be read: a file that is being edited is seldom whole.
 * Never throws. What its fields may hold is judged elsewhere.
 */
export function outlineRuleFile(text: string): RuleFileOutline {
  const document = parseDocument(text, { merge: true, keepSourceTokens: false, logLevel: 'silent' });
  const problems = document.errors.map(({ message, pos: [start, end] }) => ({
    message: message.split('\n', 1)[0]!.replace(/ at line \d+, column \d+:?$/, ''),
    start, end: Math.max(end, start),
  }));
  const rules: RuleOutline[] = [];
  for (const group of items(isMap(document.contents) ? child(document.contents, 'groups') : undefined)) {
    const name = scalarTextOf(child(group, 'name'), text)?.text ?? '';
    for (const rule of items(child(group, 'rules'))) rules.push(outlineRule(rule, name, text));
  }
  return { rules, problems };
}

/** The rule whose lines hold an offset. */
export function ruleAt(outline: RuleFileOutline, offset: number): RuleOutline | undefined {
  return outline.rules.findLast(({ range }) => range.start <= offset && offset <= range.end);
}

function outlineRule(rule: YAMLMap.Parsed, group: string, text: string): RuleOutline {
  const fields = fieldsOf(rule, text);
  const kind = fields.has('alert') ? 'alert' : 'record';
  const [start, valueEnd, nodeEnd] = rule.range;
  return {
    kind, group, fields,
    name: fields.get(kind)?.value?.text ?? '',
    range: { start, end: Math.max(valueEnd, nodeEnd) },
    labels: fieldsOf(child(rule, 'labels'), text),
    annotations: fieldsOf(child(rule, 'annotations'), text),
  };
}

function fieldsOf(map: ParsedNode | null | undefined, text: string): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  if (!isMap(map)) return fields;
  for (const { key, value } of map.items) {
    if (!isScalar(key) || typeof key.value !== 'string') continue;
    const [start, end] = key.range;
    fields.set(key.value, { key: { start, end }, value: scalarTextOf(value, text) });
  }
  return fields;
}

/** The mappings in a list. */
function items(node: ParsedNode | null | undefined): readonly YAMLMap.Parsed[] {
  return isSeq(node) ? node.items.filter((item): item is YAMLMap.Parsed => isMap(item)) : [];
}

function child(map: ParsedNode | null | undefined, name: string): ParsedNode | null | undefined {
  return isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === name)?.value : undefined;
}
