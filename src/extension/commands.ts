import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { ChartsCommand } from '../protocol/charts.ts';
import { isPartialLogsState, LOGS_COMMANDS } from '../protocol/logs-panel.ts';
import { collectorLogPath } from '../protocol/runtime.ts';
import type { ExtensionWindow } from './extension-window.ts';
import { settings, toggleSetting } from './settings.ts';

const CHARTS_COMMANDS: readonly ChartsCommand[] = ['toggleLive', 'refresh', 'resetZoom', 'toggleTables', 'pickRange', 'copyCsv', 'copyPromQl'];

type Handler = (window: ExtensionWindow, ...args: readonly unknown[]) => unknown;

/** All commands, by their name without `sightline.`. Each has its title and icon in package.json. */
const COMMANDS: Readonly<Record<string, Handler>> = {
  openCharts: async (window) => (await window.charts()).open(),
  openChartsForEntity: async (window, id) => {
    const name = window.healthView.find(asId(id))?.entityName;
    (await window.charts()).open(name === undefined ? undefined : [name]);
  },
  openTraces: async (window, filter) => (await window.traces()).open(isObject(filter) ? { type: 'search', filter } : undefined).state,
  openTracesForEntity: async (window, id) => {
    const node = window.healthView.find(asId(id));
    const name = node?.entityName;
    if (name !== undefined) (await window.traces()).open({ type: 'search', filter: node?.context.includes('service') === true ? { service: name } : { query: `gen_ai.provider.name=${name}` } });
  },
  openTraceById: async (window, traceId, spanId) => {
    const typed = asId(traceId) ?? (await vscode.window.showInputBox({ title: 'Open Trace by Id', prompt: 'A trace id, or a traceparent header', placeHolder: '4bf92f3577b34da6a3ce929d0e0e4736', validateInput: (text) => (readTraceId(text) === undefined ? 'A trace id has 32 hex digits' : undefined) }));
    const id = typed === undefined ? undefined : readTraceId(typed);
    const span = asId(spanId);
    if (id !== undefined) (await window.traces()).open({ type: 'openTrace', traceId: id, ...(span === undefined ? {} : { spanId: span }) });
  },
  openLogs: async (window, state) => (await window.logs()).open(isPartialLogsState(state) ? state : undefined).state,
  focusHealth: () => vscode.commands.executeCommand('sightline.health.focus'),
  focusSources: () => vscode.commands.executeCommand('sightline.sources.focus'),
  refreshHealth: (window) => window.refresh(),
  copyValue: async (window, id) => {
    const node = window.healthView.find(asId(id)) ?? window.sourcesView.find(asId(id));
    if (node) await copy(node.copyText ?? node.label, node.label);
  },
  startCollector: (window) => window.client.start(),
  restartCollector: (window) => withProgress('Restarting the collector', () => window.client.restart('restarted by the user')),
  stopCollector: (window) => withProgress('Stopping the collector', () => window.client.stop('stopped by the user')),
  pauseCollection: (window) => window.client.setPaused(true),
  resumeCollection: (window) => window.client.setPaused(false),
  showLog: (window) => window.log.show(),
  openCollectorLog: () => vscode.commands.executeCommand('vscode.open', vscode.Uri.file(collectorLogPath(settings.dataDir))),
  copyOtlpEndpoint: (window) => copyEndpoint(window.client.status?.endpoints.otlpHttp, 'OTLP endpoint'),
  copyApiEndpoint: (window) => copyEndpoint(window.client.status?.endpoints.api, 'API endpoint'),
  startDemo: (window) => withProgress('Starting the demo', () => window.startDemo()),
  stopDemo: (window) => window.demo.stop(),
  toggleTerminalInstrumentation: () => toggleSetting('instrumentation.terminals'),
  toggleDebugInstrumentation: () => toggleSetting('instrumentation.debugSessions'),
  instrumentNode: async (window, uri) => (await import('./instrumentation/instrument-node-command.ts')).instrumentNode(window.instrumentation, asId(uri)),
  traceRequest: async (window, uri, line) =>
    (await import('./http-request/trace-request-command.ts')).traceRequest(window, asId(uri), typeof line === 'number' ? line : undefined).catch(unlessCancelled),
  openSource: async (_window, reference) => (await import('./source/workspace-sources.ts')).openSourceOf(reference),
  openStackFrame: async (_window, text) => (await import('./source/open-frame-command.ts')).openStackFrame(asId(text), false),
  openTerminalStackFrame: async () => (await import('./source/open-frame-command.ts')).openStackFrame(undefined, true),
  setLogLevel: async (window, origin, level) =>
    (await import('./http-request/log-level-command.ts')).setLogLevel(window.client.health, window.context.secrets, asId(origin), asId(level)).catch(unlessCancelled),
  previewRule: async (window, uri, offset) => (await window.rules.features()).preview(asId(uri), typeof offset === 'number' ? offset : undefined),
  openWalkthrough: (window) => vscode.commands.executeCommand('workbench.action.openWalkthrough', `${window.context.extension.id}#start`, false),
  openSettings: (window) => vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${window.context.extension.id}`),
  ...Object.fromEntries(LOGS_COMMANDS.map((command): [string, Handler] => [`logs.${command}`, async (window) => (await window.logs()).run(command)])),
  ...Object.fromEntries(CHARTS_COMMANDS.map((command): [string, Handler] => [`charts.${command}`, async (window) => (await window.charts()).run(command)])),
};

/** Registers every command; one that fails says why in a message, for the user asked for it. */
export function registerCommands(window: ExtensionWindow): Disposable[] {
  return Object.entries(COMMANDS).map(([name, handler]) =>
    vscode.commands.registerCommand(`sightline.${name}`, async (...args: readonly unknown[]) => {
      try {
        return await handler(window, ...args);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        window.log.error(`${name}: ${reason}`);
        void vscode.window.showErrorMessage(`Sightline: ${reason}`, 'Show Log').then((choice) => choice === 'Show Log' && window.log.show());
        return undefined;
      }
    }),
  );
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The trace id in what was pasted: alone, or in a traceparent header (W3C Trace Context). */
const readTraceId = (text: string): string | undefined => /(?:^|-|\s)([\da-f]{32})(?:-|\s|$)/i.exec(text.trim())?.[1]?.toLowerCase();

const asId = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What the user has called off is no failure. */
function unlessCancelled(error: unknown): undefined {
  if (!(error instanceof vscode.CancellationError)) throw error;
}

async function copy(text: string, what: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(`$(check) ${what} copied`, 3000);
}

async function copyEndpoint(address: string | undefined, what: string): Promise<string> {
  if (address === undefined) throw new Error(`there is no ${what}: the receiver is off or the collector does not run`);
  await copy(`http://${address}`, what);
  return `http://${address}`;
}

function withProgress<T>(title: string, run: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: { viewId: 'sightline.health' }, title }, run);
}
