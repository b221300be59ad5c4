import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable.ts';
import { createNonce } from '../../protocol/webview-html.ts';
import { backtest } from '../../rules/editing/backtest.ts';
import { ruleAt, type RuleOutline } from '../../rules/editing/rule-outline.ts';
import { durationOf, exprTextOf, watchedValue } from '../../rules/editing/rule-timing.ts';
import type { CollectorClient } from '../collector-client.ts';
import { previewPage, type PreviewData } from './preview-page.ts';
import { outlineOf } from './rule-documents.ts';
import { BACKTEST_MS, BACKTEST_STEP_MS } from './rule-evaluations.ts';

const REFRESH_MS = 15_000;
const DELAY_MS = 250;

/** A panel beside the text that shows what one rule sees and would have done. It follows the text as it is typed. */
export class RulePreview implements Disposable {
  readonly #store = new DisposableStore();
  readonly #client: CollectorClient;
  readonly #panel: vscode.WebviewPanel;
  #document: vscode.TextDocument;
  #offset: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(client: CollectorClient, document: vscode.TextDocument, offset: number, onClose: () => void) {
    this.#client = client;
    this.#document = document;
    this.#offset = offset;
    this.#panel = this.#store.add(vscode.window.createWebviewPanel('sightline.rulePreview', 'Rule Preview', { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }, { enableScripts: false, localResourceRoots: [] }));
    this.#store.add(this.#panel.onDidDispose(onClose));
    this.#store.add(vscode.workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => this.#follow(changed, contentChanges)));
    const refresh = setInterval(() => this.#panel.visible && void this.#show(), REFRESH_MS);
    this.#store.add(toDisposable(() => clearInterval(refresh)));
    this.#store.add(toDisposable(() => clearTimeout(this.#timer)));
    void this.#show();
  }

  /** Turns to another rule. */
  show(document: vscode.TextDocument, offset: number): void {
    this.#document = document;
    this.#offset = offset;
    this.#panel.reveal(undefined, true);
    void this.#show();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #follow(document: vscode.TextDocument, changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    if (document !== this.#document) return;
    // The rule moves with what is typed above it.
    for (const { rangeOffset, rangeLength, text } of changes) if (rangeOffset + rangeLength <= this.#offset) this.#offset += text.length - rangeLength;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#show(), DELAY_MS);
  }

  async #show(): Promise<void> {
    const outline = outlineOf(this.#document);
    const rule = outline && ruleAt(outline, this.#offset);
    if (!rule) return;
    const data = await this.#load(rule);
    if (this.#store.isDisposed) return;
    this.#panel.title = `Preview ${rule.name}`;
    this.#panel.webview.html = previewPage(data, createNonce(), vscode.env.language);
  }

  async #load(rule: RuleOutline): Promise<PreviewData> {
    const expr = exprTextOf(rule);
    const watched = rule.kind === 'alert' ? watchedValue(expr) : { expr, threshold: undefined };
    const endMs = Math.floor(Date.now() / BACKTEST_STEP_MS) * BACKTEST_STEP_MS;
    const startMs = endMs - BACKTEST_MS;
    const base = { title: rule.name, expr, isAlert: rule.kind === 'alert', threshold: watched.threshold, startMs, endMs, stepMs: BACKTEST_STEP_MS };
    try {
      const { results: [value, condition] } = await this.#client.request('queryRange', { queries: [{ id: 'value', expr: watched.expr }, { id: 'condition', expr }], startMs, endMs, stepMs: BACKTEST_STEP_MS });
      if (!value?.ok || !condition?.ok) throw new Error(value?.ok === false ? value.error : condition?.ok === false ? condition.error : 'no answer');
      const histories = base.isAlert ? backtest(condition.series, { startMs, stepMs: BACKTEST_STEP_MS, forMs: durationOf(rule, 'for'), keepFiringForMs: durationOf(rule, 'keep_firing_for') }) : [];
      return { ...base, series: value.series, histories, error: undefined };
    } catch (error) {
      return { ...base, series: [], histories: [], error: error instanceof Error ? error.message : String(error) };
    }
  }
}
