import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { ruleAt } from '../../rules/editing/rule-outline.ts';
import type { CollectorClient } from '../collector-client.ts';
import { FiringGutter } from './firing-gutter.ts';
import { MetricCatalogue } from './metric-catalogue.ts';
import { RuleCodeLens } from './rule-code-lens.ts';
import { RuleCompletion } from './rule-completion.ts';
import { RuleDiagnostics } from './rule-diagnostics.ts';
import { outlineOf, YAML_FILES } from './rule-documents.ts';
import { RuleEvaluations } from './rule-evaluations.ts';
import { RuleHover } from './rule-hover.ts';
import { RulePreview } from './rule-preview.ts';

/** Everything that the editor does in files of rules. Made when the first one opens. */
export class RuleFeatures implements Disposable {
  readonly #store = new DisposableStore();
  readonly #client: CollectorClient;
  #preview: RulePreview | undefined;

  constructor(client: CollectorClient, extensionUri: vscode.Uri) {
    this.#client = client;
    const catalogue = this.#store.add(new MetricCatalogue(client));
    const evaluations = new RuleEvaluations(client);
    const lenses = this.#store.add(new RuleCodeLens(evaluations));
    this.#store.add(new FiringGutter(evaluations, extensionUri));
    this.#store.add(new RuleDiagnostics(catalogue));
    this.#store.add(vscode.languages.registerCompletionItemProvider(YAML_FILES, new RuleCompletion(catalogue), ...RuleCompletion.triggers));
    this.#store.add(vscode.languages.registerHoverProvider(YAML_FILES, new RuleHover(client, catalogue)));
    this.#store.add(vscode.languages.registerCodeLensProvider(YAML_FILES, lenses));
  }

  /** Opens the preview of the rule at an offset of a file; by default of the one with the caret. Gives the rule's name. */
  async preview(uri: string | undefined, offset: number | undefined): Promise<string> {
    const editor = vscode.window.activeTextEditor;
    const document = uri === undefined ? editor?.document : await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    const outline = document && outlineOf(document);
    const at = offset ?? (editor && editor.document === document ? document.offsetAt(editor.selection.active) : 0);
    const rule = outline && ruleAt(outline, at);
    if (!rule) throw new Error('There is no rule here: put the caret into a rule of a file of Prometheus rules');
    if (this.#preview) this.#preview.show(document, rule.range.start);
    else {
      const preview = new RulePreview(this.#client, document, rule.range.start, () => {
        this.#preview = undefined;
        preview.dispose();
      });
      this.#preview = this.#store.add(preview);
    }
    return rule.name;
  }

  dispose(): void {
    this.#store.dispose();
  }
}
