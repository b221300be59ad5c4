import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { CollectorClient } from '../collector-client.ts';

/** Loads what rule files need when the first of them opens, or when a file becomes one. */
export function watchRuleFiles(client: CollectorClient): Disposable {
  const store = new DisposableStore();
  const opened = store.add(new DisposableStore());
  const look = (document: vscode.TextDocument): void => {
    if (opened.isDisposed || !/\.ya?ml$/i.test(document.uri.path) || !/^groups[ \t]*:/m.test(document.getText())) return;
    opened.dispose();
    void import('./rule-features.ts').then(({ RuleFeatures }) => store.add(new RuleFeatures(client)));
  };
  opened.add(vscode.workspace.onDidOpenTextDocument(look));
  opened.add(vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)));
  vscode.workspace.textDocuments.forEach(look);
  return store;
}
