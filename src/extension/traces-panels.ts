import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { TracesEvent } from '../protocol/traces-panel.ts';
import { TracesPanel, type TracesPanelHost } from './traces-panel.ts';
import { TRACES_VIEW_TYPE } from './traces-view-type.ts';

/** The Traces panels of this window. VS Code ends a panel when its tab closes; we end them when the extension does. */
export class TracesPanels implements Disposable {
  readonly #store = new DisposableStore();
  readonly #panels = new Set<TracesPanel>();
  readonly #host: TracesPanelHost;

  constructor(host: TracesPanelHost) {
    this.#host = host;
  }

  /** Shows the panel, with a trace or a search when one is given. */
  open(event?: Extract<TracesEvent, { type: 'openTrace' | 'search' }>): TracesPanel {
    const existing = [...this.#panels].find(({ isActive }) => isActive) ?? [...this.#panels][0];
    const panel = existing ?? this.adopt(vscode.window.createWebviewPanel(TRACES_VIEW_TYPE, 'Traces', vscode.ViewColumn.Active, { enableScripts: true }), undefined);
    existing?.reveal();
    if (event) panel.show(event);
    return panel;
  }

  /** Takes a panel that VS Code restored after a reload, with the state its page had kept. */
  adopt(webviewPanel: vscode.WebviewPanel, state: unknown): TracesPanel {
    const panel = new TracesPanel(webviewPanel, this.#host, state);
    this.#panels.add(panel);
    webviewPanel.onDidDispose(() => {
      this.#panels.delete(panel);
      panel.dispose();
    });
    this.#store.add(webviewPanel);
    return panel;
  }

  dispose(): void {
    this.#store.dispose();
  }
}
