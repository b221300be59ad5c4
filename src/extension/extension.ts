import { loadStartedAtMs } from './load-time.ts';
import * as vscode from 'vscode';
import type { HealthSnapshot } from '../protocol/health.ts';
import type { CollectorStatus } from '../protocol/rpc.ts';
import { CHARTS_VIEW_TYPE } from './charts-view-type.ts';
import { registerCommands } from './commands.ts';
import { ExtensionWindow } from './extension-window.ts';
import type { ConnectionState } from './status-bar-text.ts';
import type { TreeNode } from './tree-node.ts';

/** What other extensions and the in-editor tests may ask of this one. */
export interface SightlineApi {
  /** Loading the bundle and activating, in ms. */
  readonly activationMs: number;
  connection(): ConnectionState;
  status(): CollectorStatus | undefined;
  health(): HealthSnapshot | undefined;
  /** The rows of the Health view. */
  healthRows(): readonly TreeNode[];
  statusBarText(): string;
}

/** Called by VS Code after its start. Everything slow happens later or in the collector. */
export function activate(context: vscode.ExtensionContext): SightlineApi {
  const log = vscode.window.createOutputChannel('Sightline', { log: true });
  const window = new ExtensionWindow(context, log);
  const serializer: vscode.WebviewPanelSerializer = {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      (await window.charts()).adopt(panel, state);
    },
  };
  context.subscriptions.push(log, window, ...registerCommands(window), vscode.window.registerWebviewPanelSerializer(CHARTS_VIEW_TYPE, serializer));
  const activationMs = performance.now() - loadStartedAtMs;
  log.info(`activated in ${activationMs.toFixed(1)} ms`);
  const { client, healthView, statusBar } = window;
  return {
    activationMs,
    connection: () => client.state,
    status: () => client.status,
    health: () => client.health,
    healthRows: () => healthView.roots,
    statusBarText: () => statusBar.text,
  };
}
