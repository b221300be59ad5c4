import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable.ts';
import type { RuleOutline } from '../../rules/editing/rule-outline.ts';
import { outlineOf, toRange } from './rule-documents.ts';
import type { RuleEvaluations } from './rule-evaluations.ts';

const REFRESH_MS = 10_000;
/** Rules of one file that are looked at; the rest have their lenses. */
const MAX_RULES = 100;

/** A mark in the gutter and the overview ruler at each alert rule that fires now. It moves no code. */
export class FiringGutter implements Disposable {
  readonly #store = new DisposableStore();
  readonly #evaluations: RuleEvaluations;
  readonly #mark: vscode.TextEditorDecorationType;

  constructor(evaluations: RuleEvaluations, extensionUri: vscode.Uri) {
    this.#evaluations = evaluations;
    this.#mark = this.#store.add(
      vscode.window.createTextEditorDecorationType({
        gutterIconPath: vscode.Uri.joinPath(extensionUri, 'media', 'firing.svg'),
        gutterIconSize: 'contain',
        overviewRulerColor: new vscode.ThemeColor('editorError.foreground'),
        overviewRulerLane: vscode.OverviewRulerLane.Left,
      }),
    );
    this.#store.add(vscode.window.onDidChangeVisibleTextEditors(() => this.#markAll()));
    const timer = setInterval(() => this.#markAll(), REFRESH_MS);
    this.#store.add(toDisposable(() => clearInterval(timer)));
    this.#markAll();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #markAll(): void {
    for (const editor of vscode.window.visibleTextEditors) void this.#markIn(editor);
  }

  async #markIn(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    const outline = outlineOf(document);
    if (!outline) return;
    const { version } = document;
    const alerts = outline.rules.filter(({ kind }) => kind === 'alert').slice(0, MAX_RULES);
    const firing: RuleOutline[] = [];
    for (const rule of alerts) {
      const evaluation = await this.#evaluations.evaluate(rule).catch(() => undefined);
      if (evaluation?.state === 'firing') firing.push(rule);
    }
    // Another version has other places, and its own turn.
    if (this.#store.isDisposed || document.version !== version) return;
    editor.setDecorations(this.#mark, firing.map(({ range, name }) => ({ range: toRange(document, range.start, range.start), hoverMessage: `${name} fires` })));
  }
}
