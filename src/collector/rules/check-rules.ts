import { formatLabels } from '../../rules/format-labels.ts';
import type { RuleGroup } from '../../rules/rule-file.ts';
import { labelsFromRecord } from '../../model/labels.ts';
import type { RuleFileOptions } from '../../rules/read-rule-file.ts';
import { describeProblem, loadRuleFile } from './load-rule-file.ts';

/** What a check found: lines for people. */
export interface CheckReport {
  readonly isGood: boolean;
  /** Findings that do not make it bad unless that is asked for. */
  readonly hasLint: boolean;
  readonly out: string;
  readonly err: string;
}

/** Checks one rule file as `promtool check rules` does; `lint` also looks for duplicate rules. */
export async function checkRuleFile(file: string, options: RuleFileOptions & { readonly lint: boolean }): Promise<CheckReport> {
  const { groups, problems } = await loadRuleFile(file, options);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const head = `Checking ${file}\n`;
  if (errors.length > 0) return { isGood: false, hasLint: false, out: head, err: `  FAILED:\n${errors.map((problem) => `${describeProblem(file, problem)}\n`).join('')}` };
  const count = groups.reduce((sum, { rules }) => sum + rules.length, 0);
  const duplicates = options.lint ? duplicateRules(groups) : [];
  if (duplicates.length > 0) return { isGood: true, hasLint: true, out: head, err: `  FAILED:\nlint error ${duplicates.length} duplicate rule(s) found.\n${duplicates.join('')}Might cause inconsistency while recording expressions\n` };
  return { isGood: true, hasLint: false, out: `${head}  SUCCESS: ${count} rules found\n\n`, err: '' };
}

/** Rules of equal name and labels, each once. */
function duplicateRules(groups: readonly RuleGroup[]): readonly string[] {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const { name, labels } of groups.flatMap(({ rules }) => rules)) {
    const text = `Metric: ${name}\nLabels: ${formatLabels(labelsFromRecord(labels))}\n`;
    if (seen.has(text)) duplicates.add(text);
    seen.add(text);
  }
  return [...duplicates];
}
