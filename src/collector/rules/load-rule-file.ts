import { readFile, stat } from 'node:fs/promises';
import type { TextProblem } from '../../base/yaml-reader.ts';
import { readRuleFile, type RuleFileOptions } from '../../rules/read-rule-file.ts';
import type { RuleGroup } from '../../rules/rule-file.ts';

/** No rule file is larger. */
const MAX_BYTES = 32 * 1024 * 1024;

/** A rule file with what is wrong with it; when it cannot be read that is a problem at its beginning. */
export interface LoadedRuleFile {
  readonly file: string;
  readonly groups: readonly RuleGroup[];
  readonly problems: readonly TextProblem[];
}

export async function loadRuleFile(file: string, options: RuleFileOptions): Promise<LoadedRuleFile> {
  try {
    return { file, ...readRuleFile(await readText(file), options) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { file, groups: [], problems: [{ severity: 'error', message, startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 }] };
  }
}

/** Reads a regular file of a bounded size as UTF-8; rejects otherwise. */
export async function readText(file: string): Promise<string> {
  const facts = await stat(file);
  if (!facts.isFile()) throw new Error(`${file} is not a regular file`);
  if (facts.size > MAX_BYTES) throw new Error(`${file} has ${facts.size} bytes, and a rule file may have ${MAX_BYTES}`);
  return readFile(file, 'utf8');
}

/** A problem as `FILE:LINE:COLUMN: message`, counted from 1. */
export function describeProblem(file: string, { message, startLine, startColumn }: TextProblem): string {
  return `${file}:${startLine + 1}:${startColumn + 1}: ${message}`;
}
