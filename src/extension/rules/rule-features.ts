import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { CollectorClient } from '../collector-client.ts';
import { MetricCatalogue } from './metric-catalogue.ts';
import { RuleCodeLens } from './rule-code-lens.ts';
import { RuleCompletion } from './rule-completion.ts';
import { RuleDiagnostics } from './rule-diagnostics.ts';
import { YAML_FILES } from './rule-documents.ts';
import { RuleHover } from './rule-hover.ts';

/** Everything that the editor does in files of rules. Made when the first one opens. */
export class RuleFeatures implements Disposable {
  readonly #store = new DisposableStore();

  constructor(client: CollectorClient) {
    const catalogue = this.#store.add(new MetricCatalogue(client));
    const lenses = this.#store.add(new RuleCodeLens(client));
    this.#store.add(new RuleDiagnostics(catalogue));
    this.#store.add(vscode.languages.registerCompletionItemProvider(YAML_FILES, new RuleCompletion(catalogue), ...RuleCompletion.triggers));
    this.#store.add(vscode.languages.registerHoverProvider(YAML_FILES, new RuleHover(client, catalogue)));
    this.#store.add(vscode.languages.registerCodeLensProvider(YAML_FILES, lenses));
  }

  dispose(): void {
    this.#store.dispose();
  }
}
