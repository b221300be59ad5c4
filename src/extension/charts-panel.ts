import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable.ts';
import { isChartsRequest, isChartsState, type ChartsAction, type ChartsCommand, type ChartsEvent, type ChartsRange, type ChartsRequest, type ChartsState } from '../protocol/charts.ts';
import { createNonce, webviewHtml } from '../protocol/webview-html.ts';
import type { CollectorClient } from './collector-client.ts';
import type { ColourStore } from './colour-store.ts';

/** What the panel needs of its window. */
export interface ChartsPanelHost {
  readonly extensionUri: vscode.Uri;
  readonly client: CollectorClient;
  readonly colours: ColourStore;
  readonly log: vscode.LogOutputChannel;
  runAction(action: ChartsAction): void;
}

/** One Charts panel: relays its questions to the collector and pushes health and connection to it. Owned by {@link ChartsPanels}. */
export class ChartsPanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #host: ChartsPanelHost;
  readonly #panel: vscode.WebviewPanel;
  readonly #running = new Map<number, vscode.CancellationTokenSource>();
  #isReady = false;
  #first: Partial<ChartsState> | undefined;
  #state: ChartsState | undefined;

  constructor(panel: vscode.WebviewPanel, host: ChartsPanelHost, state: unknown) {
    this.#panel = panel;
    this.#host = host;
    if (isChartsState(state)) this.#state = state;
    panel.iconPath = new vscode.ThemeIcon('graph-line');
    this.#store.add(toDisposable(() => this.#running.forEach((source) => source.dispose())));
    this.#store.add(panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
    this.#store.add(panel.onDidChangeViewState(() => {
      // A hidden panel's page is gone; it says "ready" again when it is shown.
      if (!panel.visible) this.#isReady = false;
    }));
    this.#store.add(host.client.onHealth((snapshot) => this.#post({ type: 'health', snapshot })));
    this.#store.add(host.client.onStateChange(() => this.#postStatus()));
    this.#store.add(host.client.onStatus(() => this.#postStatus()));
    this.#store.add(host.colours.onChange((slots) => this.#post({ type: 'colourSlots', slots })));
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(host.extensionUri, 'dist', 'webview')] };
    panel.webview.html = this.#html();
  }

  get isActive(): boolean {
    return this.#panel.active;
  }

  /** The state the panel last told us; for tests and the title. */
  get state(): ChartsState | undefined {
    return this.#state;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Limits the panel to these providers, all when empty, and to a time when one is given. */
  focusProviders(providers: readonly string[], range?: ChartsRange): void {
    if (!this.#isReady) {
      this.#first = { providers, ...(range ? { range, isLive: range.kind === 'last' } : {}) };
      return;
    }
    this.#post({ type: 'focusProviders', providers });
    if (range) this.#post({ type: 'setRange', range });
  }

  run(command: ChartsCommand): void {
    this.#post({ type: 'command', command });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #html(): string {
    const { webview } = this.#panel;
    const uri = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(this.#host.extensionUri, 'dist', 'webview', file)).toString();
    return webviewHtml({
      title: 'Sightline Charts',
      language: vscode.env.language,
      scriptUri: uri('charts.js'),
      styleUri: uri('charts.css'),
      cspSource: webview.cspSource,
      nonce: createNonce(),
      loadingText: 'Charts are loading',
    });
  }

  #post(event: ChartsEvent): void {
    if (this.#isReady) void this.#panel.webview.postMessage(event);
  }

  #postStatus(): void {
    const { state, status, detail } = this.#host.client;
    const connection = state === 'stopped' ? 'offline' : state;
    this.#post({ type: 'status', connection, isPaused: status?.isPaused ?? false, detail: state === 'stopped' ? 'The collector was stopped.' : detail });
  }

  #receive(message: unknown): void {
    if (!isChartsRequest(message)) {
      this.#host.log.warn('The Charts panel sent a message that is not one of ours; it was dropped.');
      // A question that is dropped without an answer would leave the chart waiting for ever.
      const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : undefined;
      if (typeof id === 'number') this.#post({ type: 'queryRangeAnswer', id, ok: false, error: 'The question is not one that this version understands. Reload the window.' });
      return;
    }
    void this.#handle(message).catch((error: unknown) => this.#host.log.error(`Charts, ${message.type}: ${String(error)}`));
  }

  async #handle(message: ChartsRequest): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#greet();
        return;
      case 'queryRange':
        return this.#query(message.id, message.params);
      case 'cancel':
        this.#running.get(message.id)?.cancel();
        return;
      case 'copyText':
        await vscode.env.clipboard.writeText(message.text);
        vscode.window.setStatusBarMessage(`$(check) ${message.what} copied`, 3000);
        return;
      case 'saveText':
        return this.#save(message.fileName, message.text);
      case 'runAction':
        this.#host.runAction(message.action);
        return;
      case 'setState':
        this.#setState(message.state);
        return;
      case 'setColourSlots':
        this.#host.colours.add(message.slots);
        return;
      case 'openTraces':
      case 'createAlertRule':
        vscode.window.setStatusBarMessage('$(info) This comes with a later version of Sightline', 4000);
    }
  }

  #greet(): void {
    this.#isReady = true;
    const { client, colours } = this.#host;
    const state = this.#first ? { state: this.#first } : {};
    this.#first = undefined;
    this.#post({ type: 'init', locale: vscode.env.language, colourSlots: colours.slots, ...state });
    this.#postStatus();
    if (client.health) this.#post({ type: 'health', snapshot: client.health });
  }

  async #query(id: number, params: Extract<ChartsRequest, { type: 'queryRange' }>['params']): Promise<void> {
    const source = new vscode.CancellationTokenSource();
    this.#running.set(id, source);
    try {
      const answer = await this.#host.client.request('queryRange', params, source.token);
      this.#post({ type: 'queryRangeAnswer', id, ok: true, answer });
    } catch (error) {
      this.#post({ type: 'queryRangeAnswer', id, ok: false, error: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#running.delete(id);
      source.dispose();
    }
  }

  async #save(fileName: string, text: string): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const target = await vscode.window.showSaveDialog(folder ? { defaultUri: vscode.Uri.joinPath(folder, fileName) } : {});
    if (target) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  }

  #setState(state: ChartsState): void {
    this.#state = state;
    this.#panel.title = chartsTitle(state.providers);
  }
}

/** `Charts`, `Charts: groq`, `Charts: groq + 2`. */
export function chartsTitle(providers: readonly string[]): string {
  const [first, ...others] = providers;
  if (first === undefined) return 'Charts';
  return `Charts: ${first}${others.length > 0 ? ` + ${others.length}` : ''}`;
}
