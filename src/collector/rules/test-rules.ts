import { dirname, resolve } from 'node:path';
import type { RuleFileOptions } from '../../rules/read-rule-file.ts';
import type { RuleGroup } from '../../rules/rule-file.ts';
import { readUnitTestFile } from '../../rules/unit-test/read-unit-test-file.ts';
import { runUnitTest } from '../../rules/unit-test/run-unit-test.ts';
import type { UnitTestFile } from '../../rules/unit-test/unit-test-file.ts';
import { expandGlob } from './expand-glob.ts';
import { describeProblem, loadRuleFile, readText } from './load-rule-file.ts';

/** The outcome of a file of unit tests: what failed, and what to be warned of, as lines for people. */
export interface RuleTestReport {
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
}

/** Runs a file of unit tests of rules as `promtool test rules` does; only tests whose name fits `run`, when it is given. */
export async function testRuleFile(path: string, run: RegExp | undefined, options: RuleFileOptions): Promise<RuleTestReport> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    return { failures: [error instanceof Error ? error.message : String(error)], warnings: [] };
  }
  const { file, problems } = readUnitTestFile(text);
  if (problems.length > 0) return { failures: problems.map((problem) => describeProblem(path, problem)), warnings: [] };
  const { groups, failures, warnings } = await loadGroups(path, file, options);
  // promtool reads the rule files once a test, and so says nothing about them when there is none.
  const tests = file.tests.filter(({ name }) => !run || run.test(name));
  if (failures.length > 0) return { failures: tests.length > 0 ? failures : [], warnings };
  const found: string[] = [];
  for (const test of tests) found.push(...(await runUnitTest(test, file, groups)).map(({ message }) => `${message}\n`));
  return { failures: found, warnings };
}

async function loadGroups(path: string, file: UnitTestFile, options: RuleFileOptions): Promise<{ groups: RuleGroup[]; failures: string[]; warnings: string[] }> {
  const groups: RuleGroup[] = [];
  const failures: string[] = [];
  const warnings: string[] = [];
  for (const pattern of file.ruleFiles) {
    const files = await expandGlob(resolve(dirname(path), pattern));
    if (files.length === 0) warnings.push(`no file match pattern ${pattern}`);
    for (const ruleFile of files) {
      const loaded = await loadRuleFile(ruleFile, options);
      groups.push(...loaded.groups);
      failures.push(...loaded.problems.filter(({ severity }) => severity === 'error').map((problem) => describeProblem(ruleFile, problem)));
    }
  }
  return { groups, failures, warnings };
}
