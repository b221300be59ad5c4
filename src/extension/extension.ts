import { loadStartedAtMs } from './load-time.ts';
import * as vscode from 'vscode';
import type { HealthSnapshot } from '../protocol/health.ts';
import type { CollectorStatus } from '../protocol/rpc.ts';
import { CHARTS_VIEW_TYPE } from './charts-view-type.ts';
import { registerCommands } from './commands.ts';
import { ExtensionWindow } from './extension-window.ts';
import { LOGS_VIEW_TYPE } from './logs-view-type.ts';
import type { ConnectionState } from './status-bar-text.ts';
import { TRACES_VIEW_TYPE } from './traces-view-type.ts';
import type { TreeNode } from './tree-node.ts';

/** Without the wait between loading and activating, which belongs to VS Code. */
const loadMs = performance.now() - loadStartedAtMs;

/** What other extensions and the in-editor tests may ask of this one. */
export interface SightlineApi {
  /** Loading the bundle and activating, in ms; without what VS Code does between the two. */
  readonly activationMs: number;
  connection(): ConnectionState;
  status(): CollectorStatus | undefined;
  health(): HealthSnapshot | undefined;
  /** The rows of the Health view. */
  healthRows(): readonly TreeNode[];
  /** The rows of the Sources view. */
  sourcesRows(): readonly TreeNode[];
  statusBarText(): string;
}

/** Called by VS Code after its start. Everything slow happens later or in the collector. */
export function activate(context: vscode.ExtensionContext): SightlineApi {
  const activateStartedAtMs = performance.now();
  const log = vscode.window.createOutputChannel('Sightline', { log: true });
  const window = new ExtensionWindow(context, log);
  const serializer: vscode.WebviewPanelSerializer = {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      (await window.charts()).adopt(panel, state);
    },
  };
  const tracesSerializer: vscode.WebviewPanelSerializer = {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      (await window.traces()).adopt(panel, state);
    },
  };
  const logsSerializer: vscode.WebviewPanelSerializer = {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      (await window.logs()).adopt(panel, state);
    },
  };
  context.subscriptions.push(
    log,
    window,
    ...registerCommands(window),
    vscode.window.registerWebviewPanelSerializer(CHARTS_VIEW_TYPE, serializer),
    vscode.window.registerWebviewPanelSerializer(TRACES_VIEW_TYPE, tracesSerializer),
  );
  context.subscriptions.push(vscode.window.registerWebviewPanelSerializer(LOGS_VIEW_TYPE, logsSerializer));
  const activateMs = performance.now() - activateStartedAtMs;
  log.info(`activated in ${activateMs.toFixed(1)} ms, after loading in ${loadMs.toFixed(1)} ms`);
  const { client, healthView, sourcesView, statusBar } = window;
  return {
    activationMs: loadMs + activateMs,
    connection: () => client.state,
    status: () => client.status,
    health: () => client.health,
    healthRows: () => healthView.roots,
    sourcesRows: () => sourcesView.roots,
    statusBarText: () => statusBar.text,
  };
}
