import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable.ts';
import type { ChartsAction } from '../protocol/charts.ts';
import type { ChartsPanels } from './charts-panels.ts';
import { CollectorClient } from './collector-client.ts';
import { launchCollector } from './collector-process.ts';
import { ColourStore } from './colour-store.ts';
import { ConfigDiagnostics } from './config-diagnostics.ts';
import { setContextKey } from './context-keys.ts';
import { DemoRunner } from './demo.ts';
import { healthNodes } from './health-nodes.ts';
import { countedEntities, severity } from './health-state.ts';
import { registerHttpCodeLens } from './http-request/http-code-lens.ts';
import { TextDocuments } from './http-request/text-documents.ts';
import { Instrumentation } from './instrumentation/instrumentation.ts';
import type { LogsPanels } from './logs-panels.ts';
import { NodeTreeView } from './node-tree-view.ts';
import { PortConflictNotice } from './port-conflicts.ts';
import { RuleFiles } from './rules/rule-files.ts';
import { affectsCollector, collectorArguments, settings } from './settings.ts';
import { sourcesNodes } from './sources-nodes.ts';
import { StatusBar } from './status-bar.ts';
import type { TracesPanels } from './traces-panels.ts';
import type { TreeNode } from './tree-node.ts';
import { WorkspaceRegistrar } from './workspace-registration.ts';

/** How often the numbers of the Sources view are asked for while it is open. */
const SOURCES_REFRESH_MS = 3000;

/** What a button in the Charts panel runs. */
const CHARTS_ACTIONS: Readonly<Record<ChartsAction, string>> = {
  startDemo: 'sightline.startDemo',
  newTerminal: 'workbench.action.terminal.new',
  openWalkthrough: 'sightline.openWalkthrough',
  restartCollector: 'sightline.restartCollector',
  showOutput: 'sightline.showLog',
  showSources: 'sightline.focusSources',
};

/** Everything of this extension in one VS Code window: the composition root. */
export class ExtensionWindow implements Disposable {
  readonly #store = new DisposableStore();
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly client: CollectorClient;
  readonly healthView: NodeTreeView;
  readonly sourcesView: NodeTreeView;
  readonly statusBar: StatusBar;
  readonly demo: DemoRunner;
  readonly instrumentation: Instrumentation;
  readonly documents: TextDocuments;
  readonly rules: RuleFiles;
  readonly #registrar: WorkspaceRegistrar;
  readonly #diagnostics: ConfigDiagnostics;
  readonly #colours: ColourStore;
  #charts: Promise<ChartsPanels> | undefined;
  #logs: Promise<LogsPanels> | undefined;
  #traces: Promise<TracesPanels> | undefined;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.context = context;
    this.log = log;
    const dataDir = settings.dataDir;
    this.client = this.#store.add(
      new CollectorClient(
        {
          windowId: randomUUID(),
          extensionVersion: extensionVersion(context),
          dataDir,
          launch: () => launchCollector({ executable: process.execPath, script: this.#distFile('collector.js'), dataDir, args: collectorArguments() }),
          log: (level, message) => log[level](message),
        },
        settings.autoStart,
      ),
    );
    this.healthView = this.#store.add(new NodeTreeView('sightline.health'));
    this.sourcesView = this.#store.add(new NodeTreeView('sightline.sources'));
    this.statusBar = this.#store.add(new StatusBar(this.client));
    this.#colours = this.#store.add(new ColourStore(context.globalState));
    this.#diagnostics = this.#store.add(new ConfigDiagnostics());
    this.#registrar = this.#store.add(new WorkspaceRegistrar(this.client));
    this.demo = this.#store.add(
      new DemoRunner({
        executable: process.execPath,
        script: this.#distFile('demo.js'),
        log: (message) => log.debug(`demo: ${message}`),
        addFolder: (name, path) => this.#registrar.addFolder(name, path),
      }),
    );
    this.instrumentation = this.#store.add(new Instrumentation(this.client, context.environmentVariableCollection, context.workspaceState));
    this.documents = this.#store.add(new TextDocuments());
    this.#store.add(registerHttpCodeLens());
    this.#store.add(new PortConflictNotice(this.client));
    this.rules = this.#store.add(new RuleFiles(this.client, context.extensionUri));
    this.#store.add(this.client.onHealth(() => this.#showHealth()));
    this.#store.add(this.client.onStatus(() => this.#showStatus()));
    this.#store.add(this.client.onStateChange(() => this.#showStatus()));
    this.#store.add(this.#registrar.onChange(() => this.#showSources()));
    this.#store.add(this.instrumentation.onChange(() => this.#showSources()));
    this.#store.add(this.demo.onChange((state) => setContextKey('sightline.isDemoRunning', state !== 'off')));
    this.#store.add(vscode.workspace.onDidChangeConfiguration((event) => this.#onConfigurationChange(event)));
    this.#store.add(this.sourcesView.onVisible(() => this.#refreshSources()));
    const timer = setInterval(() => this.sourcesView.isVisible && this.#refreshSources(), SOURCES_REFRESH_MS);
    this.#store.add(toDisposable(() => clearInterval(timer)));
    setContextKey('sightline.isDemoRunning', false);
    this.#showStatus();
  }

  /** The panels; their code is loaded when the first one opens. */
  charts(): Promise<ChartsPanels> {
    this.#charts ??= import('./charts-panels.ts').then(({ ChartsPanels }) =>
      this.#store.add(
        new ChartsPanels({
          extensionUri: this.context.extensionUri,
          client: this.client,
          colours: this.#colours,
          log: this.log,
          runAction: (action) => void vscode.commands.executeCommand(CHARTS_ACTIONS[action]),
        }),
      ),
    );
    return this.#charts;
  }

  /** As {@link charts}, for traces. */
  traces(): Promise<TracesPanels> {
    this.#traces ??= import('./traces-panels.ts').then(({ TracesPanels }) =>
      this.#store.add(
        new TracesPanels({
          extensionUri: this.context.extensionUri,
          client: this.client,
          colours: this.#colours,
          log: this.log,
          runAction: (action) => void vscode.commands.executeCommand(CHARTS_ACTIONS[action]),
          openLogs: async (state) => (await this.logs()).open(state),
          openCharts: async (entity, range) => (await this.charts()).open([entity], range),
        }),
      ),
    );
    return this.#traces;
  }

  /** As {@link charts}, for logs. */
  logs(): Promise<LogsPanels> {
    this.#logs ??= import('./logs-panels.ts').then(({ LogsPanels }) =>
      this.#store.add(
        new LogsPanels({
          extensionUri: this.context.extensionUri,
          client: this.client,
          log: this.log,
          runAction: (action) => void vscode.commands.executeCommand(CHARTS_ACTIONS[action]),
          openTrace: (traceId, spanId) => vscode.commands.executeCommand('sightline.openTraceById', traceId, ...(spanId === '' ? [] : [spanId])),
        }),
      ),
    );
    return this.#logs;
  }

  /** Starts the demo against the running collector. */
  async startDemo(): Promise<string> {
    const endpoint = this.client.status?.endpoints.otlpHttp;
    return this.demo.start(endpoint === undefined ? undefined : `http://${endpoint}`);
  }

  /** Asks for what is otherwise pushed. */
  async refresh(): Promise<void> {
    const snapshot = await this.client.request('health', {});
    this.healthView.show(healthNodes(snapshot));
  }

  dispose(): void {
    this.#store.dispose();
  }

  #distFile(name: string): string {
    return join(this.context.extensionPath, 'dist', name);
  }

  #showHealth(): void {
    const { health } = this.client;
    if (!health) return;
    this.healthView.show(healthNodes(health));
    const bad = countedEntities(health).filter(({ state }) => severity(state) >= severity('degraded')).length;
    this.healthView.setBadge(bad, bad === 1 ? '1 needs attention' : `${bad} need attention`);
  }

  #showStatus(): void {
    const { state, status, health, detail } = this.client;
    setContextKey('sightline.connection', state);
    setContextKey('sightline.isPaused', status?.isPaused ?? false);
    this.healthView.setMessage(viewMessage(state, detail, status?.isPaused ?? false, health !== undefined));
    this.#showSources();
  }

  #refreshSources(): void {
    void this.client.refreshStatus().catch(() => undefined);
  }

  #showSources(): void {
    const { status, state } = this.client;
    const { files, problems } = this.#registrar;
    this.#diagnostics.show(problems);
    const { summary: instrumentation } = this.instrumentation;
    const rows = (): readonly TreeNode[] => (status ? sourcesNodes({ status, files, problems, instrumentation, relativePath: (file) => this.#registrar.displayPath(file) }) : []);
    this.sourcesView.show(state === 'connected' ? rows() : []);
  }

  #onConfigurationChange(event: vscode.ConfigurationChangeEvent): void {
    if (!affectsCollector(event)) return;
    void vscode.window.showInformationMessage('The collector uses the new settings after a restart.', 'Restart Collector').then((choice) => {
      if (choice === 'Restart Collector') void vscode.commands.executeCommand('sightline.restartCollector');
    });
  }
}

/** What stands above the rows when they are not of now. */
function viewMessage(state: CollectorClient['state'], detail: string, isPaused: boolean, hasHealth: boolean): string | undefined {
  if (state === 'connecting') return hasHealth ? 'Reconnecting to the collector …' : 'Starting the collector …';
  if (state === 'offline' && hasHealth) return `The collector does not run: ${detail}`;
  if (state === 'stopped' && hasHealth) return 'The collector was stopped; these are its last values.';
  return isPaused && hasHealth ? 'Collection is paused.' : undefined;
}

function extensionVersion(context: vscode.ExtensionContext): string {
  const manifest: unknown = context.extension.packageJSON;
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string' ? manifest.version : '0.0.0';
}
