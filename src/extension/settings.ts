import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { currentRuntimeEnvironment, defaultDataDir } from '../protocol/runtime.ts';

/** The extension's settings, read when they are needed. */
export const settings = {
  get autoStart(): boolean {
    return read('collector.autoStart', true);
  },
  get isStatusBarEnabled(): boolean {
    return read('statusBar.enabled', true);
  },
  get isTerminalInstrumentationOn(): boolean {
    return read('instrumentation.terminals', true);
  },
  get isDebugInstrumentationOn(): boolean {
    return read('instrumentation.debugSessions', true);
  },
  get dataDir(): string {
    const folder = read('collector.dataDirectory', '').trim();
    if (folder === '') return defaultDataDir(currentRuntimeEnvironment());
    return folder.startsWith('~') ? join(homedir(), folder.slice(1)) : folder;
  },
};

/** Folders of other machines and where they lie here; values that are no text are left out. */
export function pathMappings(): Readonly<Record<string, string>> {
  const value: unknown = vscode.workspace.getConfiguration('sightline').get('source.pathMappings');
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([from, to]) => (typeof to === 'string' ? [[from, to]] : [])));
}

/** Switches a boolean setting where it is set: in the workspace, else for the user. */
export async function toggleSetting(name: 'instrumentation.terminals' | 'instrumentation.debugSessions'): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('sightline');
  const { Workspace, Global } = vscode.ConfigurationTarget;
  await configuration.update(name, !read(name, true), configuration.inspect(name)?.workspaceValue === undefined ? Global : Workspace);
}

/** The arguments of a collector that a window starts. */
export function collectorArguments(): string[] {
  const otlpPort: number = read<number>('collector.otlpHttpPort', 4318);
  return [
    '--api', `127.0.0.1:${read('collector.apiPort', 4390)}`,
    '--otlp-http', otlpPort === 0 ? 'off' : `127.0.0.1:${otlpPort}`,
    '--retention-age', read('retention.age', '24h'),
    '--retention-bytes', read('retention.bytes', '2GiB'),
    '--memory-bytes', read('retention.memory', '256MiB'),
    '--promql', read('promql.version', 'latest'),
    '--linger', `${read('collector.lingerSeconds', 60)}s`,
  ];
}

/** Whether a change of the configuration matters to a running collector. */
export const affectsCollector = (event: vscode.ConfigurationChangeEvent): boolean =>
  ['sightline.collector', 'sightline.retention', 'sightline.promql'].some((section) => event.affectsConfiguration(section));

function read<T extends string | number | boolean>(name: string, missing: T): T {
  return vscode.workspace.getConfiguration('sightline').get<T>(name) ?? missing;
}
