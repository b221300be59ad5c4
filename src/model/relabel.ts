import { createHash } from 'node:crypto';
import { RE2JS } from 're2js';
import type { Labels } from './labels.ts';

/** What a relabelling rule does. */
export type RelabelAction =
  | 'replace' | 'keep' | 'drop' | 'keepequal' | 'dropequal' | 'hashmod' | 'labelmap' | 'labeldrop' | 'labelkeep' | 'lowercase' | 'uppercase';

/** All actions, for checks. */
export const RELABEL_ACTIONS: readonly RelabelAction[] = [
  'replace', 'keep', 'drop', 'keepequal', 'dropequal', 'hashmod', 'labelmap', 'labeldrop', 'labelkeep', 'lowercase', 'uppercase',
];

/** One rule of relabel_configs as plain data, with Prometheus's defaults filled in. */
export interface RelabelRule {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  /** RE2 syntax, anchored at both ends when it is used. */
  readonly regex: string;
  readonly modulus: number;
  readonly targetLabel: string;
  readonly replacement: string;
}

/** What Prometheus fills in for absent fields (model/relabel: DefaultRelabelConfig). */
export const DEFAULT_RELABEL_RULE: RelabelRule = {
  action: 'replace', sourceLabels: [], separator: ';', regex: '(.*)', modulus: 0, targetLabel: '', replacement: '$1',
};

/** Changes labels in place; false drops the whole set. Empty values must not be left in the map. */
export type Relabel = (labels: Map<string, string>) => boolean;

/** Prepares rules for use (prometheus/model/relabel: ProcessBuilder). The regular expressions must have been checked. */
export function compileRelabel(rules: readonly RelabelRule[]): Relabel {
  const steps = rules.map(compileRule);
  return (labels) => steps.every((step) => step(labels));
}

/** The regular expression of a rule: anchored, and `.` matches line breaks. Throws RE2JSSyntaxException. */
export function compileRelabelRegex(regex: string): RE2JS {
  // Wrapped as Prometheus wraps it, which its error messages show.
  return RE2JS.compile(`^(?s:${regex})$`);
}

/** Labels as a map to relabel. */
export function labelsToMap(labels: Labels): Map<string, string> {
  const map = new Map<string, string>();
  for (let i = 0; i < labels.length; i += 2) map.set(labels[i]!, labels[i + 1]!);
  return map;
}

function compileRule(rule: RelabelRule): Relabel {
  const regex = compileRelabelRegex(rule.regex);
  const { sourceLabels, separator, targetLabel } = rule;
  const valueOf = (labels: ReadonlyMap<string, string>): string => sourceLabels.map((name) => labels.get(name) ?? '').join(separator);
  switch (rule.action) {
    case 'drop':
      return (labels) => !regex.matches(valueOf(labels));
    case 'keep':
      return (labels) => regex.matches(valueOf(labels));
    case 'dropequal':
      return (labels) => (labels.get(targetLabel) ?? '') !== valueOf(labels);
    case 'keepequal':
      return (labels) => (labels.get(targetLabel) ?? '') === valueOf(labels);
    case 'lowercase':
      return (labels) => set(labels, targetLabel, valueOf(labels).toLowerCase());
    case 'uppercase':
      return (labels) => set(labels, targetLabel, valueOf(labels).toUpperCase());
    case 'hashmod':
      return (labels) => set(labels, targetLabel, hashModulo(valueOf(labels), rule.modulus));
    case 'replace':
      return (labels) => replace(labels, rule, regex, valueOf(labels));
    case 'labelmap':
      return (labels) => {
        for (const [name, value] of [...labels]) {
          const match = matchGroups(regex, name);
          if (match) set(labels, expandTemplate(rule.replacement, match, regex), value);
        }
        return true;
      };
    case 'labeldrop':
      return (labels) => removeNames(labels, (name) => regex.matches(name));
    case 'labelkeep':
      return (labels) => removeNames(labels, (name) => !regex.matches(name));
  }
}

function replace(labels: Map<string, string>, rule: RelabelRule, regex: RE2JS, value: string): boolean {
  const groups = matchGroups(regex, value);
  if (!groups) return true;
  const target = expandTemplate(rule.targetLabel, groups, regex);
  return target === '' ? true : set(labels, target, expandTemplate(rule.replacement, groups, regex));
}

function set(labels: Map<string, string>, name: string, value: string): true {
  if (value === '') labels.delete(name);
  else labels.set(name, value);
  return true;
}

function removeNames(labels: Map<string, string>, isRemoved: (name: string) => boolean): true {
  for (const name of [...labels.keys()]) if (isRemoved(name)) labels.delete(name);
  return true;
}

/** The last 8 bytes of the MD5, big endian, modulo: what earlier versions of Prometheus computed, and so all later ones. */
function hashModulo(value: string, modulus: number): string {
  const hash = createHash('md5').update(value, 'utf8').digest();
  return String(hash.readBigUInt64BE(8) % BigInt(modulus));
}

/** The whole match and the groups, or undefined when `text` as a whole does not match. */
function matchGroups(regex: RE2JS, text: string): readonly string[] | undefined {
  const matcher = regex.matcher(text);
  if (!matcher.matches()) return undefined;
  return Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? '');
}

/** Go's Regexp.Expand: $1, ${1}, $name, ${name} and $$; a group that does not exist is empty, a lone $ stays. */
function expandTemplate(template: string, groups: readonly string[], regex: RE2JS): string {
  if (!template.includes('$')) return template;
  return template.replace(/\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare;
    if (name === undefined) return whole === '$$' ? '$' : whole;
    if (/^\d+$/.test(name)) return groups[Number(name)] ?? '';
    const index = regex.namedGroups()[name];
    return index === undefined ? '' : (groups[index] ?? '');
  });
}
