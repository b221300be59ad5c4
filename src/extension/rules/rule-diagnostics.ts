import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable.ts';
import { checkRuleFile } from '../../rules/editing/check-rule-file.ts';
import type { RuleProblem } from '../../rules/editing/rule-problem.ts';
import type { MetricCatalogue } from './metric-catalogue.ts';
import { outlineOf, toRange, YAML_FILES } from './rule-documents.ts';

/** From the last key to the underlining. */
const DELAY_MS = 150;
const SEVERITIES: Readonly<Record<RuleProblem['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Underlines what is wrong in open rule files, and offers to mend it. */
export class RuleDiagnostics implements Disposable, vscode.CodeActionProvider {
  readonly #store = new DisposableStore();
  readonly #collection = this.#store.add(vscode.languages.createDiagnosticCollection('sightline-rules'));
  readonly #catalogue: MetricCatalogue;
  readonly #timers = new Map<vscode.TextDocument, NodeJS.Timeout>();

  constructor(catalogue: MetricCatalogue) {
    this.#catalogue = catalogue;
    this.#store.add(toDisposable(() => [...this.#timers.values()].forEach((timer) => clearTimeout(timer))));
    this.#store.add(vscode.workspace.onDidOpenTextDocument((document) => this.#check(document)));
    this.#store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document)));
    this.#store.add(vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)));
    this.#store.add(catalogue.onChange(() => this.#checkAll()));
    this.#store.add(vscode.languages.registerCodeActionsProvider(YAML_FILES, this, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }));
    this.#checkAll();
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    return this.#problems(document).flatMap((problem) => {
      const diagnostic = toDiagnostic(document, problem);
      if (!diagnostic.range.intersection(range)) return [];
      return problem.fixes.map((fix, index) => {
        const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
        action.edit = new vscode.WorkspaceEdit();
        action.edit.replace(document.uri, toRange(document, fix.start, fix.end), fix.text);
        action.diagnostics = [diagnostic];
        action.isPreferred = index === 0 && problem.severity !== 'info';
        return action;
      });
    });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #problems(document: vscode.TextDocument): readonly RuleProblem[] {
    const outline = outlineOf(document);
    return outline ? checkRuleFile(outline, document.getText(), this.#catalogue.facts) : [];
  }

  #checkAll(): void {
    for (const document of vscode.workspace.textDocuments) this.#check(document);
  }

  #schedule(document: vscode.TextDocument): void {
    if (!outlineOf(document) && !this.#collection.has(document.uri)) return;
    clearTimeout(this.#timers.get(document));
    this.#timers.set(document, setTimeout(() => this.#check(document), DELAY_MS));
  }

  #check(document: vscode.TextDocument): void {
    clearTimeout(this.#timers.get(document));
    this.#timers.delete(document);
    const isKnown = this.#collection.has(document.uri);
    if (document.isClosed || (!isKnown && !outlineOf(document))) return;
    this.#collection.set(document.uri, this.#problems(document).map((problem) => toDiagnostic(document, problem)));
  }

  #forget(document: vscode.TextDocument): void {
    clearTimeout(this.#timers.get(document));
    this.#timers.delete(document);
    this.#collection.delete(document.uri);
  }
}

function toDiagnostic(document: vscode.TextDocument, { start, end, message, severity, code }: RuleProblem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(document, start, end), message, SEVERITIES[severity]);
  diagnostic.source = 'sightline';
  diagnostic.code = code;
  return diagnostic;
}
