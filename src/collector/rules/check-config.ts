import { dirname, resolve } from 'node:path';
import { readPrometheusConfig } from '../../receive/scrape/read-prometheus-config.ts';
import type { RuleFileOptions } from '../../rules/read-rule-file.ts';
import { checkRuleFile, type CheckReport } from './check-rules.ts';
import { expandGlob } from './expand-glob.ts';
import { describeProblem, readText } from './load-rule-file.ts';

/** Checks a prometheus.yml and the rule files that it names, as `promtool check config` does. */
export async function checkConfigFile(file: string, options: RuleFileOptions & { readonly lint: boolean }): Promise<CheckReport> {
  let out = `Checking ${file}\n`;
  const failed = (lines: readonly string[]): CheckReport => ({ isGood: false, hasLint: false, out, err: lines.map((line) => `  FAILED: ${line}\n`).join('') });
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    return failed([error instanceof Error ? error.message : String(error)]);
  }
  const { config, problems } = readPrometheusConfig(text, dirname(resolve(file)));
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return failed(errors.map((problem) => describeProblem(file, problem)));
  let err = problems.map((problem) => `  WARNING: ${describeProblem(file, problem)}\n`).join('');
  const files: string[] = [];
  for (const pattern of config.ruleFiles) {
    const found = await expandGlob(pattern);
    if (found.length === 0 && !pattern.includes('*')) return failed([`${JSON.stringify(pattern)} does not point to an existing file`]);
    files.push(...found);
  }
  if (files.length > 0) out += `  SUCCESS: ${files.length} rule files found\n`;
  out += ` SUCCESS: ${file} is valid prometheus config file syntax\n\n`;
  const reports = await Promise.all(files.map((ruleFile) => checkRuleFile(ruleFile, options)));
  for (const report of reports) {
    out += report.out;
    err += report.err;
  }
  return { isGood: reports.every(({ isGood }) => isGood), hasLint: reports.some(({ hasLint }) => hasLint), out, err };
}
