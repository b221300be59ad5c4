import * as vscode from 'vscode';
import { looksLikeRuleFile, outlineRuleFile, ruleAt, type RuleFileOutline, type RuleOutline } from '../../rules/editing/rule-outline.ts';
import { textOffsetAt, type ScalarText } from '../../rules/editing/scalar-text.ts';

/** Files that may hold rules, whatever extension colours them. */
export const YAML_FILES: vscode.DocumentFilter = { pattern: '**/*.{yml,yaml}' };

/** Larger files are left alone, for reading them would hold up the editor. */
const MAX_LENGTH = 1_000_000;

const outlines = new WeakMap<vscode.TextDocument, { readonly version: number; readonly outline: RuleFileOutline | undefined }>();

/** Is it a file of rules? */
export function isRuleDocument(document: vscode.TextDocument): boolean {
  return /\.ya?ml$/i.test(document.uri.path) && document.lineCount > 1 && looksLikeRuleFile(document.getText());
}

/** The rules of a document, read once a version; undefined when it is no file of rules. */
export function outlineOf(document: vscode.TextDocument): RuleFileOutline | undefined {
  const known = outlines.get(document);
  if (known?.version === document.version) return known.outline;
  const text = document.getText();
  const outline = text.length <= MAX_LENGTH && isRuleDocument(document) ? outlineRuleFile(text) : undefined;
  outlines.set(document, { version: document.version, outline });
  return outline;
}

/** The expression under a position, and where in its text that is. */
export function expressionAt(document: vscode.TextDocument, position: vscode.Position): { readonly rule: RuleOutline; readonly scalar: ScalarText; readonly offset: number } | undefined {
  const outline = outlineOf(document);
  const at = document.offsetAt(position);
  const rule = outline && ruleAt(outline, at);
  const scalar = rule?.fields.get('expr')?.value;
  const offset = scalar && textOffsetAt(scalar, at);
  return rule && scalar && offset !== undefined ? { rule, scalar, offset } : undefined;
}

export function toRange(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
