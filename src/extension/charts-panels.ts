import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { ChartsCommand, ChartsRange } from '../protocol/charts.ts';
import { ChartsPanel, type ChartsPanelHost } from './charts-panel.ts';
import { CHARTS_VIEW_TYPE } from './charts-view-type.ts';

/** The Charts panels of this window. VS Code ends a panel when its tab closes; we end them when the extension does. */
export class ChartsPanels implements Disposable {
  readonly #store = new DisposableStore();
  readonly #panels = new Set<ChartsPanel>();
  readonly #host: ChartsPanelHost;

  constructor(host: ChartsPanelHost) {
    this.#host = host;
  }

  /** Shows the panel, limited to `providers` when there are any, and to a time when one is given. */
  open(providers?: readonly string[], range?: ChartsRange): ChartsPanel {
    const existing = [...this.#panels].find(({ isActive }) => isActive) ?? [...this.#panels][0];
    const panel = existing ?? this.adopt(vscode.window.createWebviewPanel(CHARTS_VIEW_TYPE, 'Charts', vscode.ViewColumn.Active, { enableScripts: true }), undefined);
    existing?.reveal();
    if (providers) panel.focusProviders(providers, range);
    return panel;
  }

  /** Takes a panel that VS Code restored after a reload, with the state its page had kept. */
  adopt(webviewPanel: vscode.WebviewPanel, state: unknown): ChartsPanel {
    const panel = new ChartsPanel(webviewPanel, this.#host, state);
    this.#panels.add(panel);
    webviewPanel.onDidDispose(() => {
      this.#panels.delete(panel);
      panel.dispose();
    });
    this.#store.add(webviewPanel);
    return panel;
  }

  /** Runs a command on the panel that has the focus. */
  run(command: ChartsCommand): void {
    [...this.#panels].find(({ isActive }) => isActive)?.run(command);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
