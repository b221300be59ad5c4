import { parsePrometheusDuration } from '../../base/prometheus-duration.ts';
import { checkExpr } from './check-expr.ts';
import type { RuleFileOutline, RuleOutline } from './rule-outline.ts';
import type { MetricFacts, RuleProblem } from './rule-problem.ts';

/** What stands in a rule (prometheus/model/rulefmt: Rule). */
export const RULE_FIELDS: readonly string[] = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];
const DURATION_FIELDS = ['for', 'keep_firing_for'] as const;
const DEFAULT_FOR = '1m';

/** All that is wrong or doubtful in a file of rules, given what the collector knows. `text` is the file that `outline` was read from. */
export function checkRuleFile(outline: RuleFileOutline, text: string, facts: MetricFacts): readonly RuleProblem[] {
  const recorded = new Set(outline.rules.flatMap(({ kind, name }) => (kind === 'record' ? [name] : [])));
  return [
    ...outline.problems.map((problem): RuleProblem => ({ ...problem, code: 'yaml', severity: 'error', fixes: [] })),
    ...outline.rules.flatMap((rule) => [...checkFields(rule), ...exprProblems(rule, facts, recorded), ...checkFor(rule, text)]),
    ...duplicates(outline.rules),
  ];
}

function exprProblems(rule: RuleOutline, facts: MetricFacts, recorded: ReadonlySet<string>): readonly RuleProblem[] {
  const expr = rule.fields.get('expr')?.value;
  return expr === undefined || expr.text.trim() === '' ? [] : checkExpr(expr, rule.kind, facts, recorded);
}

function checkFields(rule: RuleOutline): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  const head = rule.fields.get(rule.kind)?.key ?? { start: rule.range.start, end: rule.range.start + 1 };
  const add = (at: { readonly start: number; readonly end: number }, message: string, code: RuleProblem['code'] = 'schema'): unknown => problems.push({ start: at.start, end: at.end, code, severity: 'error', message, fixes: [] });
  for (const [name, { key }] of rule.fields) if (!RULE_FIELDS.includes(name)) add(key, `field ${name} not found in type rulefmt.Rule`);
  const record = rule.fields.get('record');
  if (record && rule.fields.has('alert')) add(record.key, 'only one of record and alert may be set');
  if (!record && !rule.fields.has('alert')) add(head, 'one of record or alert must be set');
  else if (rule.name === '') add(head, `${rule.kind} has no name`);
  if ((rule.fields.get('expr')?.value?.text ?? '').trim() === '') add(rule.fields.get('expr')?.key ?? head, `field 'expr' must be set in rule`);
  for (const name of rule.kind === 'record' ? ['for', 'keep_firing_for', 'annotations'] : []) {
    const field = rule.fields.get(name);
    if (field) add(field.key, `invalid field '${name}' in recording rule`);
  }
  for (const name of DURATION_FIELDS) {
    const value = rule.fields.get(name)?.value;
    const duration = value === undefined || value.text === '' ? undefined : parsePrometheusDuration(value.text);
    if (value && duration && !duration.ok) add(value, duration.error, 'duration');
  }
  return problems;
}

/** An alert that fires at the first sample is one that fires at each hiccup. */
function checkFor(rule: RuleOutline, text: string): readonly RuleProblem[] {
  const name = rule.fields.get('alert');
  const expr = rule.fields.get('expr');
  if (!name?.value || !expr?.value || rule.fields.has('for')) return [];
  const indent = ' '.repeat(expr.key.start - (text.lastIndexOf('\n', expr.key.start - 1) + 1));
  const lineEnd = text.indexOf('\n', expr.value.end - 1);
  const at = lineEnd < 0 ? text.length : lineEnd;
  const fix = { title: `Add for: ${DEFAULT_FOR}`, start: at, end: at, text: `\n${indent}for: ${DEFAULT_FOR}` };
  return [{ code: 'missing-for', severity: 'info', message: `${rule.name} fires at the first sample that is bad: give it a \`for\``, start: name.value.start, end: name.value.end, fixes: [fix] }];
}

/** Rules of one name and the same labels, as promtool's lint tells them. */
function duplicates(rules: readonly RuleOutline[]): readonly RuleProblem[] {
  const seen = new Set<string>();
  const problems: RuleProblem[] = [];
  for (const rule of rules) {
    const value = rule.fields.get(rule.kind)?.value;
    if (!value || rule.name === '') continue;
    const labels = [...rule.labels].map(([name, field]) => [name, field.value?.text ?? '']).sort(([a = ''], [b = '']) => a.localeCompare(b));
    const key = JSON.stringify([rule.kind, rule.name, labels]);
    if (seen.has(key)) problems.push({ code: 'duplicate-rule', severity: 'warning', message: `${rule.name} with these labels is there already: which of them counts is up to chance`, start: value.start, end: value.end, fixes: [] });
    seen.add(key);
  }
  return problems;
}
