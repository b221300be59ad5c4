import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { ConfigProblem } from '../protocol/rpc.ts';

const SEVERITIES: Readonly<Record<ConfigProblem['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Underlines what is wrong in configuration files, where it stands. */
export class ConfigDiagnostics implements Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('sightline');

  /** Shows exactly `problems`. */
  show(problems: readonly ConfigProblem[]): void {
    const byFile = Map.groupBy(problems, ({ file }) => file);
    this.#collection.clear();
    this.#collection.set([...byFile].map(([file, list]) => [vscode.Uri.file(file), list.map(toDiagnostic)]));
  }

  dispose(): void {
    this.#collection.dispose();
  }
}

function toDiagnostic(problem: ConfigProblem): vscode.Diagnostic {
  const range = new vscode.Range(problem.startLine, problem.startColumn, problem.endLine, problem.endColumn);
  const diagnostic = new vscode.Diagnostic(range, problem.message, SEVERITIES[problem.severity]);
  diagnostic.source = 'sightline';
  return diagnostic;
}
