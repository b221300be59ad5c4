import { quoteGoString } from '../base/go-quote.ts';
import { parsePrometheusDuration } from '../base/prometheus-duration.ts';
import { parseYamlFile, type TextProblem, type YamlFields, type YamlNode } from '../base/yaml-reader.ts';
import { METRIC_NAME } from '../model/labels.ts';
import { formatParseError } from '../promql/parse-error.ts';
import { parsePromql } from '../promql/parse.ts';
import type { Rule, RuleGroup } from './rule-file.ts';
import { checkAlertTemplate } from './template/expand-template.ts';

/** How a rule file is read. */
export interface RuleFileOptions {
  /** Take PromQL newer than 3.5. Default false. */
  readonly experimental?: boolean;
}

/**
 * Reads a rule file with Prometheus's checks (prometheus/model/rulefmt); never throws. The groups hold what is sound: a rule with a problem
 * is left out, so that the others can still be seen, though Prometheus would refuse the file.
 */
export function readRuleFile(text: string, options: RuleFileOptions = {}): { readonly groups: readonly RuleGroup[]; readonly problems: readonly TextProblem[] } {
  const { root, problems } = parseYamlFile(text);
  const fields = root?.fields('rulefmt.RuleGroups');
  const names = new Set<string>();
  const groups = (fields?.get('groups')?.list('[]rulefmt.RuleGroup') ?? []).map((node) => readGroup(node, names, problems, options));
  fields?.finish();
  return { groups, problems };
}

function readGroup(node: YamlNode, names: Set<string>, problems: readonly TextProblem[], options: RuleFileOptions): RuleGroup {
  const fields = node.fields('rulefmt.RuleGroup');
  const name = fields.get('name')?.string() ?? '';
  if (name === '') node.report('Groupname must not be empty');
  else if (names.has(name)) node.report(`groupname: ${quoteGoString(name)} is repeated in the same file`);
  names.add(name);
  const labels = readStrings(fields.get('labels'), (key, problem) => key.report(problem), 'label');
  const intervalMs = readDuration(fields, 'interval');
  const queryOffsetMs = readDuration(fields, 'query_offset');
  const limit = fields.get('limit')?.uint() ?? 0;
  const rules = (fields.get('rules')?.list('[]rulefmt.Rule') ?? []).flatMap((item, i): Rule[] => {
    const before = problems.length;
    const rule = readRule(item, { group: name, position: i + 1, groupLabels: labels, options });
    return problems.length > before ? [] : [rule];
  });
  fields.finish();
  return { name, intervalMs: intervalMs === 0 ? undefined : intervalMs, queryOffsetMs, limit, rules };
}

interface RuleContext {
  readonly group: string;
  readonly position: number;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly options: RuleFileOptions;
}

function readRule(node: YamlNode, { group, position, groupLabels, options }: RuleContext): Rule {
  const fields = node.fields('rulefmt.Rule');
  const recordNode = fields.get('record');
  const alertNode = fields.get('alert');
  const exprNode = fields.get('expr');
  const record = recordNode?.string() ?? '';
  const alert = alertNode?.string() ?? '';
  const name = alert === '' ? record : alert;
  const report = (at: YamlNode | undefined, problem: string): void => (at ?? node).report(`group ${quoteGoString(group)}, rule ${position}, ${quoteGoString(name)}: ${problem}`);
  if (record !== '' && alert !== '') report(recordNode, "only one of 'record' and 'alert' must be set");
  if (record === '' && alert === '') report(undefined, "one of 'record' or 'alert' must be set");
  const expr = exprNode?.string() ?? '';
  if (expr === '') report(exprNode, "field 'expr' must be set in rule");
  else checkExpr(expr, options, (problem) => report(exprNode, problem));
  const forMs = readDuration(fields, 'for') ?? 0;
  const keepFiringForMs = readDuration(fields, 'keep_firing_for') ?? 0;
  const isAlert = alert !== '';
  const labels = readStrings(fields.get('labels'), report, 'label', isAlert ? alert : undefined);
  const annotations = readStrings(fields.get('annotations'), report, 'annotation', isAlert ? alert : undefined);
  if (record !== '') {
    for (const [field, isSet] of [['annotations', Object.keys(annotations).length > 0], ['for', forMs !== 0], ['keep_firing_for', keepFiringForMs !== 0]] as const) {
      if (isSet) report(fields.key(field), `invalid field '${field}' in recording rule`);
    }
    if (/[{}]/.test(record)) report(recordNode, `braces present in the recording rule name; should it be in expr?: ${record}`);
  }
  fields.finish();
  const shared = { name, expr, labels: { ...groupLabels, ...labels }, place: node.place };
  return isAlert ? { kind: 'alerting', ...shared, forMs, keepFiringForMs, annotations } : { kind: 'recording', ...shared };
}

function checkExpr(expr: string, { experimental = false }: RuleFileOptions, report: (problem: string) => void): void {
  const [first] = parsePromql(expr, { experimental }).errors;
  if (first) report(`could not parse expression: ${formatParseError(expr, first)}`);
}

/** Labels or annotations; with an alert's name they are templates. Go's map keeps the last of a name, and YAML forbids a second. */
function readStrings(node: YamlNode | undefined, report: (at: YamlNode, problem: string) => void, kind: 'label' | 'annotation', alert?: string): Record<string, string> {
  const record: Record<string, string> = {};
  for (const [key, value] of node?.entries('map[string]string') ?? []) {
    const name = key.string();
    if (name === undefined) continue;
    if (name === '' || (kind === 'label' && name === METRIC_NAME)) report(key, `invalid ${kind} name: ${name}`);
    const text = value === undefined || value.isNull ? '' : value.string();
    if (text === undefined) continue;
    const problem = alert === undefined ? undefined : checkAlertTemplate(alert, text);
    if (problem) report(value ?? key, `${kind} ${quoteGoString(name)}: ${problem.message}`);
    Object.defineProperty(record, name, { value: text, enumerable: true, configurable: true, writable: true });
  }
  return record;
}

function readDuration(fields: YamlFields, name: string): number | undefined {
  const node = fields.get(name);
  const text = node?.string();
  if (text === undefined) return undefined;
  const parsed = parsePrometheusDuration(text);
  if (parsed.ok) return parsed.value;
  node!.report(parsed.error);
  return undefined;
}
