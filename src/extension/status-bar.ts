import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable.ts';
import type { CollectorClient } from './collector-client.ts';
import { settings } from './settings.ts';
import { statusBarText, type StatusBarText } from './status-bar-text.ts';

const MIN_INTERVAL_MS = 1000;
const COMMANDS = ['openCharts', 'focusHealth', 'pauseCollection', 'resumeCollection', 'startCollector', 'showLog', 'startDemo'].map((name) => `sightline.${name}`);

/** The one status bar item. Painted at most once a second, and only when its words change. */
export class StatusBar implements Disposable {
  readonly #store = new DisposableStore();
  readonly #item: vscode.StatusBarItem;
  readonly #client: CollectorClient;
  #shown: StatusBarText | undefined;
  #paintedAtMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(client: CollectorClient) {
    this.#client = client;
    this.#item = this.#store.add(vscode.window.createStatusBarItem('sightline.status', vscode.StatusBarAlignment.Left, 10));
    this.#item.name = 'Sightline: Health';
    this.#store.add(toDisposable(() => clearTimeout(this.#timer)));
    this.#store.add(client.onHealth(() => this.#schedule()));
    this.#store.add(client.onStatus(() => this.#schedule()));
    // A change of the connection is news: it does not wait.
    this.#store.add(client.onStateChange(() => this.#paint()));
    this.#store.add(vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('sightline.statusBar') && this.#setVisible()));
    this.#paint();
    this.#setVisible();
  }

  /** What is shown now. */
  get text(): string {
    return this.#shown?.text ?? '';
  }

  dispose(): void {
    this.#store.dispose();
  }

  #setVisible(): void {
    if (settings.isStatusBarEnabled) this.#item.show();
    else this.#item.hide();
  }

  #schedule(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => this.#paint(), Math.max(0, this.#paintedAtMs + MIN_INTERVAL_MS - Date.now()));
  }

  #paint(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#paintedAtMs = Date.now();
    const { state, detail, health, status } = this.#client;
    const next = statusBarText({ connection: state, detail, health, isPaused: status?.isPaused ?? false });
    if (next.text === this.#shown?.text && next.tooltip === this.#shown.tooltip) return;
    const isOff = state === 'stopped' || state === 'offline';
    this.#item.command = isOff ? 'sightline.startCollector' : 'sightline.openCharts';
    this.#item.text = next.text;
    this.#item.accessibilityInformation = { label: next.spoken, role: 'button' };
    if (next.tooltip !== this.#shown?.tooltip) {
      const tooltip = new vscode.MarkdownString(next.tooltip, true);
      tooltip.isTrusted = { enabledCommands: COMMANDS };
      this.#item.tooltip = tooltip;
    }
    this.#shown = next;
  }
}
