import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable.ts';
import { isLogsRequest, isLogsState, type LogsAction, type LogsCommand, type LogsEvent, type LogsQuestion, type LogsRequest, type LogsResult, type LogsState } from '../protocol/logs-panel.ts';
import { createNonce, webviewHtml } from '../protocol/webview-html.ts';
import type { CollectorClient } from './collector-client.ts';

/** What the panel needs of its window. */
export interface LogsPanelHost {
  readonly extensionUri: vscode.Uri;
  readonly client: CollectorClient;
  readonly log: vscode.LogOutputChannel;
  runAction(action: LogsAction): void;
  /** Shows a trace, with a span of it unless that is ''. */
  openTrace(traceId: string, spanId: string): PromiseLike<unknown>;
}

/** One Logs panel: relays its questions to the collector. Owned by LogsPanels. */
export class LogsPanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #host: LogsPanelHost;
  readonly #panel: vscode.WebviewPanel;
  readonly #running = new Map<number, vscode.CancellationTokenSource>();
  #isReady = false;
  #first: Partial<LogsState> | undefined;
  #state: LogsState | undefined;

  constructor(panel: vscode.WebviewPanel, host: LogsPanelHost, state: unknown) {
    this.#panel = panel;
    this.#host = host;
    if (isLogsState(state)) this.#setState(state);
    panel.iconPath = new vscode.ThemeIcon('output');
    this.#store.add(toDisposable(() => this.#running.forEach((source) => source.dispose())));
    this.#store.add(panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
    this.#store.add(panel.onDidChangeViewState(() => {
      // A hidden panel's page is gone; it says "ready" again when it is shown.
      if (!panel.visible) this.#isReady = false;
    }));
    this.#store.add(host.client.onStateChange(() => this.#postStatus()));
    panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(host.extensionUri, 'dist', 'webview')] };
    panel.webview.html = this.#html();
  }

  get isActive(): boolean {
    return this.#panel.active;
  }

  /** The state the panel last told us. */
  get state(): LogsState | undefined {
    return this.#state;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Shows something else: now, or once the page runs. */
  show(state: Partial<LogsState>): void {
    if (this.#isReady) this.#post({ type: 'show', state });
    else this.#first = state;
  }

  run(command: LogsCommand): void {
    this.#post({ type: 'command', command });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #html(): string {
    const { webview } = this.#panel;
    const uri = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(this.#host.extensionUri, 'dist', 'webview', file)).toString();
    return webviewHtml({
      title: 'Sightline Logs',
      language: vscode.env.language,
      scriptUri: uri('logs.js'),
      styleUri: uri('logs.css'),
      cspSource: webview.cspSource,
      nonce: createNonce(),
      loadingText: 'Logs are loading',
    });
  }

  #post(event: LogsEvent): void {
    if (this.#isReady) void this.#panel.webview.postMessage(event);
  }

  #postStatus(): void {
    const { state, detail } = this.#host.client;
    const connection = state === 'stopped' ? 'offline' : state;
    this.#post({ type: 'status', connection, detail: state === 'stopped' ? 'The collector was stopped.' : detail });
  }

  #receive(message: unknown): void {
    if (!isLogsRequest(message)) {
      this.#host.log.warn('The Logs panel sent a message that is not one of ours; it was dropped.');
      return;
    }
    void this.#handle(message).catch((error: unknown) => this.#host.log.error(`Logs, ${message.type}: ${String(error)}`));
  }

  async #handle(message: LogsRequest): Promise<void> {
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
      case 'openTrace':
        await this.#host.openTrace(message.traceId, message.spanId);
        return;
      case 'runAction':
        this.#host.runAction(message.action);
        return;
      case 'setState':
        this.#setState(message.state);
    }
  }

  #greet(): void {
    this.#isReady = true;
    this.#post({ type: 'init', locale: vscode.env.language, ...(this.#first ? { state: this.#first } : {}) });
    this.#first = undefined;
    this.#postStatus();
  }

  async #ask(id: number, question: LogsQuestion): Promise<void> {
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

  #setState(state: LogsState): void {
    this.#state = state;
    this.#panel.title = logsTitle(state);
  }
}

/** `Logs`, `Logs: gateway`, `Logs: gateway + 1`, `Logs: trace 4bf92f3`. */
function logsTitle({ services, traceId, requestId }: LogsState): string {
  if (traceId !== '') return `Logs: trace ${traceId.slice(0, 7)}`;
  if (requestId !== '') return `Logs: request ${requestId.slice(0, 12)}`;
  const [first, ...others] = services;
  if (first === undefined) return 'Logs';
  return `Logs: ${first}${others.length > 0 ? ` + ${others.length}` : ''}`;
}

async function askCollector(client: CollectorClient, question: LogsQuestion, token: vscode.CancellationToken): Promise<LogsResult> {
  switch (question.name) {
    case 'searchLogs':
      return { name: question.name, result: await client.request(question.name, question.params, token) };
    case 'logHistogram':
      return { name: question.name, result: await client.request(question.name, question.params, token) };
    case 'tailLogs':
      return { name: question.name, result: await client.request(question.name, question.params, token) };
    case 'operations':
      return { name: question.name, result: await client.request(question.name, question.params, token) };
  }
}
