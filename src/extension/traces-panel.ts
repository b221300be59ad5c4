import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable.ts';
import type { ChartsRange } from '../protocol/charts.ts';
import type { LogsState } from '../protocol/logs-panel.ts';
import { isTracesRequest, isTracesState, type TracesAction, type TracesEvent, type TracesQuestion, type TracesRequest, type TracesResult, type TracesState } from '../protocol/traces-panel.ts';
import { createNonce, webviewHtml } from '../protocol/webview-html.ts';
import type { CollectorClient } from './collector-client.ts';
import type { ColourStore } from './colour-store.ts';
import { openSourceReference } from './source/workspace-sources.ts';

/** What the panel needs of its window. */
export interface TracesPanelHost {
  readonly extensionUri: vscode.Uri;
  readonly client: CollectorClient;
  readonly colours: ColourStore;
  readonly log: vscode.LogOutputChannel;
  runAction(action: TracesAction): void;
  openLogs(state: Partial<LogsState>): PromiseLike<unknown>;
  openCharts(entity: string, range: ChartsRange): PromiseLike<unknown>;
}

/** One Traces panel: relays its questions to the collector. Owned by TracesPanels. */
export class TracesPanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #host: TracesPanelHost;
  readonly #panel: vscode.WebviewPanel;
  readonly #running = new Map<number, vscode.CancellationTokenSource>();
  #isReady = false;
  #first: TracesEvent | undefined;
  #state: TracesState | undefined;

  constructor(panel: vscode.WebviewPanel, host: TracesPanelHost, state: unknown) {
    this.#panel = panel;
    this.#host = host;
    if (isTracesState(state)) this.#setState(state);
    panel.iconPath = new vscode.ThemeIcon('list-tree');
    this.#store.add(toDisposable(() => this.#running.forEach((source) => source.dispose())));
    this.#store.add(panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
    this.#store.add(panel.onDidChangeViewState(() => {
      // A hidden panel's page is gone; it says "ready" again when it is shown.
      if (!panel.visible) this.#isReady = false;
    }));
    this.#store.add(host.client.onStateChange(() => this.#postStatus()));
    this.#store.add(host.client.onStatus(() => this.#postStatus()));
    this.#store.add(host.colours.onChange((slots) => this.#post({ type: 'colourSlots', slots })));
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(host.extensionUri, 'dist', 'webview')] };
    panel.webview.html = this.#html();
  }

  get isActive(): boolean {
    return this.#panel.active;
  }

  /** The state the panel last told us. */
  get state(): TracesState | undefined {
    return this.#state;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Shows something else: now, or once the page runs. */
  show(event: Extract<TracesEvent, { type: 'openTrace' | 'search' }>): void {
    if (this.#isReady) this.#post(event);
    else this.#first = event;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #html(): string {
    const { webview } = this.#panel;
    const uri = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(this.#host.extensionUri, 'dist', 'webview', file)).toString();
    return webviewHtml({
      title: 'Sightline Traces',
      language: vscode.env.language,
      scriptUri: uri('traces.js'),
      styleUri: uri('traces.css'),
      cspSource: webview.cspSource,
      nonce: createNonce(),
      loadingText: 'Traces are loading',
    });
  }

  #post(event: TracesEvent): void {
    if (this.#isReady) void this.#panel.webview.postMessage(event);
  }

  #postStatus(): void {
    const { state, status, detail } = this.#host.client;
    const connection = state === 'stopped' ? 'offline' : state;
    this.#post({ type: 'status', connection, isPaused: status?.isPaused ?? false, detail: state === 'stopped' ? 'The collector was stopped.' : detail });
  }

  #receive(message: unknown): void {
    if (!isTracesRequest(message)) {
      this.#host.log.warn('The Traces panel sent a message that is not one of ours; it was dropped.');
      return;
    }
    void this.#handle(message).catch((error: unknown) => this.#host.log.error(`Traces, ${message.type}: ${String(error)}`));
  }

  async #handle(message: TracesRequest): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#greet();
        return;
      case 'ask':
        return this.#ask(message.id, message.question);
      case 'cancel':
        this.#running.get(message.id)?.cancel();
        return;
      case 'copyText':
        await vscode.env.clipboard.writeText(message.text);
        vscode.window.setStatusBarMessage(`$(check) ${message.what} copied`, 3000);
        return;
      case 'openFile':
        return this.#openFile(message.path, message.line);
      case 'openLogs':
        await this.#host.openLogs({ traceId: message.traceId, range: { kind: 'fixed', startMs: message.startMs, endMs: message.endMs }, isLive: false });
        return;
      case 'openCharts':
        await this.#host.openCharts(message.entity, { kind: 'fixed', startMs: message.startMs, endMs: message.endMs });
        return;
      case 'runAction':
        this.#host.runAction(message.action);
        return;
      case 'setState':
        this.#setState(message.state);
        return;
      case 'setColourSlots':
        this.#host.colours.add(message.slots);
    }
  }

  #greet(): void {
    this.#isReady = true;
    this.#post({ type: 'init', locale: vscode.env.language, colourSlots: this.#host.colours.slots });
    this.#postStatus();
    if (this.#first) this.#post(this.#first);
    this.#first = undefined;
  }

  async #ask(id: number, question: TracesQuestion): Promise<void> {
    const source = new vscode.CancellationTokenSource();
    this.#running.set(id, source);
    try {
      this.#post({ type: 'answer', id, ok: true, answer: await askCollector(this.#host.client, question, source.token) });
    } catch (error) {
      this.#post({ type: 'answer', id, ok: false, error: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#running.delete(id);
      source.dispose();
    }
  }

  async #openFile(path: string, line: number): Promise<void> {
    try {
      await openSourceReference({ file: path, ...(line > 0 ? { line } : {}) }, true);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      vscode.window.setStatusBarMessage(`$(warning) ${reason}`, 5000);
      this.#host.log.info(`not opened: ${reason}`);
    }
  }

  #setState(state: TracesState): void {
    this.#state = state;
    this.#panel.title = state.traceId === '' ? 'Traces' : `Trace ${state.traceId.slice(0, 7)}`;
  }
}

async function askCollector(client: CollectorClient, question: TracesQuestion, token: vscode.CancellationToken): Promise<TracesResult> {
  switch (question.name) {
    case 'searchTraces':
      return { name: question.name, result: await client.request(question.name, question.params, token) };
    case 'getTrace':
      return { name: question.name, result: await client.request(question.name, question.params, token) };
    case 'tailTraces':
      return { name: question.name, result: await client.request(question.name, question.params, token) };
    case 'operations':
      return { name: question.name, result: await client.request(question.name, question.params, token) };
    case 'searchLogs':
      return { name: question.name, result: await client.request(question.name, question.params, token) };
    case 'setPinned':
      return { name: question.name, result: await client.request(question.name, question.params, token) };
  }
}
