import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { CollectorClient } from '../collector-client.ts';
import type { RuleFeatures } from './rule-features.ts';

/** Loads what rule files need when the first of them opens, or when a file becomes one. */
export class RuleFiles implements Disposable {
  readonly #store = new DisposableStore();
  readonly #client: CollectorClient;
  readonly #extensionUri: vscode.Uri;
  readonly #waiting = this.#store.add(new DisposableStore());
  #features: Promise<RuleFeatures> | undefined;

  constructor(client: CollectorClient, extensionUri: vscode.Uri) {
    this.#client = client;
    this.#extensionUri = extensionUri;
    this.#waiting.add(vscode.workspace.onDidOpenTextDocument((document) => this.#look(document)));
    this.#waiting.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#look(document)));
    vscode.workspace.textDocuments.forEach((document) => this.#look(document));
  }

  /** What the editor does in them, loaded when it is asked for first. */
  features(): Promise<RuleFeatures> {
    this.#waiting.dispose();
    this.#features ??= import('./rule-features.ts').then(({ RuleFeatures }) => this.#store.add(new RuleFeatures(this.#client, this.#extensionUri)));
    return this.#features;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #look(document: vscode.TextDocument): void {
    if (this.#features || !/\.ya?ml$/i.test(document.uri.path) || !/^groups[ \t]*:/m.test(document.getText())) return;
    void this.features();
  }
}
