import { RE2JSSyntaxException } from 're2js';
import { quoteGoString } from '../../base/go-quote.ts';
import type { YamlNode } from '../../base/yaml-reader.ts';
import { compileRelabelRegex, DEFAULT_RELABEL_RULE, RELABEL_ACTIONS, type RelabelRule } from '../../model/relabel.ts';

const NEEDS_TARGET: ReadonlySet<string> = new Set(['replace', 'hashmod', 'lowercase', 'uppercase', 'keepequal', 'dropequal']);

/** Reads a list of relabelling rules; a rule with an error is reported and left out. Checks and words are Prometheus's. */
export function readRelabelRules(node: YamlNode | undefined): readonly RelabelRule[] {
  return (node?.list('[]*relabel.Config') ?? []).flatMap((item) => readRule(item) ?? []);
}

function readRule(node: YamlNode): RelabelRule | undefined {
  if (node.isNull) return report(node, 'empty or null relabeling rule in scrape config');
  const fields = node.fields('relabel.plain');
  const action = fields.get('action');
  const name = action?.string();
  const known = RELABEL_ACTIONS.find((candidate) => candidate === (name ?? DEFAULT_RELABEL_RULE.action).toLowerCase());
  const regexNode = fields.get('regex');
  const rule = {
    ...DEFAULT_RELABEL_RULE,
    sourceLabels: fields.get('source_labels')?.strings('model.LabelNames') ?? [],
    separator: textField(fields, 'separator') ?? DEFAULT_RELABEL_RULE.separator,
    regex: regexNode?.string() ?? (fields.has('regex') ? '' : DEFAULT_RELABEL_RULE.regex),
    modulus: fields.get('modulus')?.uint() ?? 0,
    targetLabel: fields.get('target_label')?.string() ?? '',
    replacement: textField(fields, 'replacement') ?? DEFAULT_RELABEL_RULE.replacement,
  };
  const hasSources = fields.has('source_labels');
  fields.finish();
  if (!known) return report(action ?? node, `unknown relabel action ${quoteGoString(name ?? '')}`);
  const checked: RelabelRule = { ...rule, action: known };
  const problem = regexProblem(checked.regex);
  if (problem !== undefined) return report(regexNode ?? node, problem);
  const misuse = ruleProblem(checked, hasSources);
  return misuse === undefined ? checked : report(node, misuse);
}

/** Absent and null differ here: an empty separator or replacement is a value of its own. */
function textField(fields: ReturnType<YamlNode['fields']>, name: string): string | undefined {
  const value = fields.get(name)?.string();
  return value ?? (fields.has(name) ? '' : undefined);
}

function ruleProblem(rule: RelabelRule, hasSources: boolean): string | undefined {
  const { action, targetLabel, replacement, modulus, separator, regex } = rule;
  const initial = DEFAULT_RELABEL_RULE;
  if (action === 'hashmod' && modulus === 0) return 'relabel configuration for hashmod requires non-zero modulus';
  if (NEEDS_TARGET.has(action) && targetLabel === '') return `relabel configuration for ${action} action requires 'target_label' value`;
  const isPlain = action === 'lowercase' || action === 'uppercase' || action === 'keepequal' || action === 'dropequal';
  if (isPlain && replacement !== initial.replacement) return `'replacement' can not be set for ${action} action`;
  if (action === 'labelmap' && replacement === '') return `${quoteGoString(replacement)} is invalid 'replacement' for ${action} action`;
  const hasOthers = modulus !== 0 || separator !== initial.separator || replacement !== initial.replacement;
  if ((action === 'dropequal' || action === 'keepequal') && (hasOthers || regex !== initial.regex)) {
    return `${action} action requires only 'source_labels' and \`target_label\`, and no other fields`;
  }
  if ((action === 'labeldrop' || action === 'labelkeep') && (hasOthers || hasSources || targetLabel !== '')) {
    return `${action} action requires only 'regex', and no other fields`;
  }
  return undefined;
}

function regexProblem(regex: string): string | undefined {
  try {
    compileRelabelRegex(regex);
    return undefined;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return error.message;
    return `error parsing regexp: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function report(node: YamlNode, message: string): RelabelRule | undefined {
  node.report(message);
  return undefined;
}
