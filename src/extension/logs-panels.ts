import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { LogsCommand, LogsState } from '../protocol/logs-panel.ts';
import { LogsPanel, type LogsPanelHost } from './logs-panel.ts';
import { LOGS_VIEW_TYPE } from './logs-view-type.ts';

/** The Logs panels of this window. VS Code ends a panel when its tab closes; we end them when the extension does. */
export class LogsPanels implements Disposable {
  readonly #store = new DisposableStore();
  readonly #panels = new Set<LogsPanel>();
  readonly #host: LogsPanelHost;

  constructor(host: LogsPanelHost) {
    this.#host = host;
  }

  /** Shows the panel, limited as `state` says when it is given. */
  open(state?: Partial<LogsState>): LogsPanel {
    const existing = [...this.#panels].find(({ isActive }) => isActive) ?? [...this.#panels][0];
    const panel = existing ?? this.adopt(vscode.window.createWebviewPanel(LOGS_VIEW_TYPE, 'Logs', vscode.ViewColumn.Active, { enableScripts: true }), undefined);
    existing?.reveal();
    if (state) panel.show(state);
    return panel;
  }

  /** Takes a panel that VS Code restored after a reload, with the state its page had kept. */
  adopt(webviewPanel: vscode.WebviewPanel, state: unknown): LogsPanel {
    const panel = new LogsPanel(webviewPanel, this.#host, state);
    this.#panels.add(panel);
    webviewPanel.onDidDispose(() => {
      this.#panels.delete(panel);
      panel.dispose();
    });
    this.#store.add(webviewPanel);
    return panel;
  }

  /** Runs a command on the panel that has the focus. */
  run(command: LogsCommand): void {
    [...this.#panels].find(({ isActive }) => isActive)?.run(command);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
