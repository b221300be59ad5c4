import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter, type Event } from '../../base/event.ts';
import type { CollectorClient } from '../collector-client.ts';
import { settings } from '../settings.ts';
import { configuredEnvironment, environmentStyleOf, withEnvironment } from './debug-environment.ts';
import type { InstrumentationState, InstrumentationSummary } from './instrumentation-nodes.ts';
import { findNodeRegister } from './node-instrumentation.ts';
import { foreignEndpoint, otelVariables, requireOption, type Environment } from './otel-environment.ts';
import { SERVICE_FILE_NAMES, serviceNameOf } from './service-name.ts';
import { TerminalEnvironment } from './terminal-environment.ts';

interface FolderFacts {
  readonly folder: vscode.WorkspaceFolder;
  readonly serviceName: string;
  readonly hasPackageJson: boolean;
  readonly nodeRegister: string | undefined;
}

/** Folders whose Node programs the user has chosen to instrument: their URIs, in the workspace's state. */
const NODE_FOLDERS_KEY = 'instrumentation.nodeFolders';
const DEBOUNCE_MS = 200;

/** Gives terminals and debug sessions of this window the collector's address, while there is one and the workspace is trusted. */
export class Instrumentation implements Disposable {
  readonly #store = new DisposableStore();
  readonly #client: CollectorClient;
  readonly #state: vscode.Memento;
  readonly #terminals: TerminalEnvironment;
  readonly #changed = this.#store.add(new Emitter<void>());
  #folders: readonly FolderFacts[] = [];
  #endpoint: string | undefined;
  /** False until the collector has been reached or is known to be away: till then terminals keep what they had before a reload. */
  #isEndpointKnown = false;
  #timer: NodeJS.Timeout | undefined;
  #round = 0;

  /** {@link summary} has changed. */
  readonly onChange: Event<void> = this.#changed.event;

  constructor(client: CollectorClient, collection: vscode.GlobalEnvironmentVariableCollection, state: vscode.Memento) {
    this.#client = client;
    this.#state = state;
    this.#terminals = this.#store.add(new TerminalEnvironment(collection));
    this.#store.add({ dispose: () => clearTimeout(this.#timer) });
    this.#store.add(client.onStateChange(() => this.#apply()));
    this.#store.add(client.onStatus(() => this.#apply()));
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#apply()));
    this.#store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.refresh()));
    this.#store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (['sightline.instrumentation', 'terminal.integrated.env'].some((section) => event.affectsConfiguration(section))) this.#apply();
      }),
    );
    const watcher = this.#store.add(vscode.workspace.createFileSystemWatcher(`**/{${Object.values(SERVICE_FILE_NAMES).join(',')}}`));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) this.#store.add(event((uri) => this.#onFile(uri)));
    this.#store.add(vscode.debug.registerDebugConfigurationProvider('*', { resolveDebugConfigurationWithSubstitutedVariables: (folder, configuration) => this.#instrument(folder, configuration) }));
    this.#timer = setTimeout(() => void this.refresh(), 0);
  }

  /** What is on, for the Sources view. */
  get summary(): InstrumentationSummary {
    const nodeFolders = this.#folders.filter(({ hasPackageJson }) => hasPackageJson);
    return {
      terminals: this.#channel(settings.isTerminalInstrumentationOn, terminalEnvironment()),
      debugSessions: this.#channel(settings.isDebugInstrumentationOn, process.env),
      nodeFolders: nodeFolders.map(({ folder, nodeRegister }) => ({ uri: folder.uri.toString(), name: folder.name, isOn: this.isNodeOn(folder), isInstalled: nodeRegister !== undefined })),
    };
  }

  /** Folders that have a package.json. */
  get nodeFolders(): readonly vscode.WorkspaceFolder[] {
    return this.#folders.filter(({ hasPackageJson }) => hasPackageJson).map(({ folder }) => folder);
  }

  isNodeOn(folder: vscode.WorkspaceFolder): boolean {
    return this.#nodeFolderUris().includes(folder.uri.toString());
  }

  /** Whether Node programs of `folder` load OpenTelemetry first; kept for the workspace. */
  async setNodeOn(folder: vscode.WorkspaceFolder, isOn: boolean): Promise<void> {
    const others = this.#nodeFolderUris().filter((uri) => uri !== folder.uri.toString());
    await this.#state.update(NODE_FOLDERS_KEY, isOn ? [...others, folder.uri.toString()] : others);
    await this.refresh();
  }

  /** Reads again what the folders are called and what is installed in them. */
  async refresh(): Promise<void> {
    const round = ++this.#round;
    const folders = await Promise.all((vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(readFolder));
    if (round !== this.#round || this.#store.isDisposed) return;
    this.#folders = folders;
    this.#apply();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #nodeFolderUris(): readonly string[] {
    const value = this.#state.get<unknown>(NODE_FOLDERS_KEY);
    return Array.isArray(value) ? value.filter((uri) => typeof uri === 'string') : [];
  }

  #onFile(uri: vscode.Uri): void {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    // Only those at the root name the service.
    if (!folder || vscode.Uri.joinPath(uri, '..').path !== folder.uri.path) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), DEBOUNCE_MS);
  }

  #channel(isOn: boolean, existing: Environment): InstrumentationState {
    if (!vscode.workspace.isTrusted) return { kind: 'untrusted' };
    if (!isOn) return { kind: 'off' };
    const elsewhere = foreignEndpoint(existing);
    if (elsewhere !== undefined) return { kind: 'elsewhere', endpoint: elsewhere };
    return this.#endpoint === undefined ? { kind: 'no collector' } : { kind: 'on', endpoint: this.#endpoint };
  }

  #apply(): void {
    if (this.#store.isDisposed) return;
    const { state, status } = this.#client;
    if (state === 'connected') this.#endpoint = status?.endpoints.otlpHttp;
    else if (state !== 'connecting') this.#endpoint = undefined;
    this.#isEndpointKnown ||= state !== 'connecting';
    const isAllowed = vscode.workspace.isTrusted && settings.isTerminalInstrumentationOn;
    if (!isAllowed || this.#isEndpointKnown) {
      const folders = this.#folders.map((facts) => ({ folder: facts.folder, facts: folderOf(facts), nodeRegister: this.isNodeOn(facts.folder) ? facts.nodeRegister : undefined }));
      this.#terminals.show(isAllowed ? this.#endpoint : undefined, folders, terminalEnvironment());
    }
    this.#changed.fire();
  }

  #instrument(folder: vscode.WorkspaceFolder | undefined, configuration: vscode.DebugConfiguration): vscode.DebugConfiguration {
    const endpoint = this.#endpoint;
    if (endpoint === undefined || configuration.request !== 'launch' || !vscode.workspace.isTrusted || !settings.isDebugInstrumentationOn) return configuration;
    const style = environmentStyleOf(configuration.type, vscode.extensions.all.map(({ packageJSON }): unknown => packageJSON));
    if (style === undefined) return configuration;
    const facts = this.#folders.find((one) => one.folder.uri.toString() === folder?.uri.toString()) ?? this.#folders[0];
    const configured = configuredEnvironment(configuration, readText);
    const variables = otelVariables({ endpoint, folder: facts && folderOf(facts) }, { ...process.env, ...configured });
    const register = facts && this.isNodeOn(facts.folder) && Object.keys(variables).length > 0 ? facts.nodeRegister : undefined;
    const options = [configured['NODE_OPTIONS'] ?? '', register === undefined ? '' : requireOption(register)].filter((text) => text !== '').join(' ');
    return withEnvironment(configuration, style, register === undefined ? variables : { ...variables, NODE_OPTIONS: options });
  }
}

const folderOf = ({ folder, serviceName }: FolderFacts): { readonly path: string; readonly serviceName: string } => ({ path: folder.uri.fsPath, serviceName });

async function readFolder(folder: vscode.WorkspaceFolder): Promise<FolderFacts> {
  const read = async (name: string): Promise<string | undefined> => {
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder.uri, name)));
    } catch {
      return undefined;
    }
  };
  const [packageJson, goMod, pyproject] = await Promise.all([read(SERVICE_FILE_NAMES.packageJson), read(SERVICE_FILE_NAMES.goMod), read(SERVICE_FILE_NAMES.pyproject)]);
  const hasPackageJson = packageJson !== undefined;
  return { folder, serviceName: serviceNameOf({ packageJson, goMod, pyproject }, folder.name), hasPackageJson, nodeRegister: hasPackageJson ? findNodeRegister(folder.uri.fsPath) : undefined };
}

/** What terminals have before extensions add to it: the editor's own environment and the setting for this system. */
function terminalEnvironment(): Environment {
  const system = process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'osx' : 'linux';
  return { ...process.env, ...vscode.workspace.getConfiguration('terminal.integrated').get<Record<string, string | null>>(`env.${system}`) };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
