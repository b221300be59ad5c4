import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable.ts';
import type { RuleOutline } from '../../rules/editing/rule-outline.ts';
import { formatNumber } from '../../rules/editing/value-text.ts';
import type { CollectorClient } from '../collector-client.ts';
import { currentValues } from './current-values.ts';
import { outlineOf, toRange } from './rule-documents.ts';

const REFRESH_MS = 10_000;

/** A lens above each rule: what its expression is now. */
export class RuleCodeLens implements vscode.CodeLensProvider<RuleLens>, Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<void>());
  readonly #client: CollectorClient;

  readonly onDidChangeCodeLenses = this.#changes.event;

  constructor(client: CollectorClient) {
    this.#client = client;
    const timer = setInterval(() => vscode.window.visibleTextEditors.some(({ document }) => outlineOf(document)) && this.#changes.fire(), REFRESH_MS);
    this.#store.add(toDisposable(() => clearInterval(timer)));
    this.#store.add(client.onStateChange(() => this.#changes.fire()));
  }

  provideCodeLenses(document: vscode.TextDocument): RuleLens[] {
    return (outlineOf(document)?.rules ?? []).flatMap((rule) => (exprOf(rule) === '' ? [] : [new RuleLens(toRange(document, rule.range.start, rule.range.start), rule)]));
  }

  async resolveCodeLens(lens: RuleLens): Promise<RuleLens> {
    lens.command = { command: '', title: await this.#nowText(lens.rule) };
    return lens;
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #nowText(rule: RuleOutline): Promise<string> {
    try {
      const values = await currentValues(this.#client, exprOf(rule));
      if (values.length === 0) return rule.kind === 'alert' ? '$(pass) inactive' : '$(circle-slash) no value now';
      const [first] = values;
      const numbers = values.length === 1 && first ? formatNumber(first.value) : `${values.length} series, ${formatNumber(Math.min(...values.map(({ value }) => value)))} to ${formatNumber(Math.max(...values.map(({ value }) => value)))}`;
      return rule.kind === 'alert' ? `$(bell) true now: ${numbers}` : `$(pulse) ${numbers}`;
    } catch (error) {
      return `$(question) ${error instanceof Error ? error.message.split('\n', 1)[0] ?? '' : String(error)}`;
    }
  }
}

class RuleLens extends vscode.CodeLens {
  readonly rule: RuleOutline;

  constructor(range: vscode.Range, rule: RuleOutline) {
    super(range);
    this.rule = rule;
  }
}

const exprOf = (rule: RuleOutline): string => rule.fields.get('expr')?.value?.text.trim() ?? '';
