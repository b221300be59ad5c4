import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { exporterVariables, folderVariables, requireOption, type Environment, type OtelFacts } from './otel-environment.ts';

/** What terminals of one folder get beside the collector's address. */
export interface TerminalFolder {
  readonly folder: vscode.WorkspaceFolder;
  readonly facts: NonNullable<OtelFacts['folder']>;
  /** The file that `NODE_OPTIONS` loads first; undefined leaves it alone. */
  readonly nodeRegister?: string | undefined;
}

/**
 * Writes the variables of terminals. VS Code keeps them while the window reloads, so that terminals which come back first have
 * them too; it marks older terminals as out of date, so nothing is written that is there already.
 */
export class TerminalEnvironment implements Disposable {
  readonly #collection: vscode.GlobalEnvironmentVariableCollection;
  readonly #scoped = new Map<string, vscode.EnvironmentVariableCollection>();

  constructor(collection: vscode.GlobalEnvironmentVariableCollection) {
    this.#collection = collection;
  }

  /** Makes terminals get exactly these; without an endpoint, nothing. */
  show(endpoint: string | undefined, folders: readonly TerminalFolder[], existing: Environment): void {
    write(this.#collection, endpoint === undefined ? {} : exporterVariables({ endpoint }, existing), undefined);
    const open = new Set(folders.map(({ folder }) => folder.uri.toString()));
    for (const [uri, collection] of this.#scoped) if (!open.has(uri)) write(collection, {}, undefined);
    for (const { folder, facts, nodeRegister } of folders) {
      const collection = this.#scoped.get(folder.uri.toString()) ?? this.#collection.getScoped({ workspaceFolder: folder });
      this.#scoped.set(folder.uri.toString(), collection);
      write(collection, endpoint === undefined ? {} : folderVariables(facts, existing), endpoint === undefined ? undefined : nodeRegister);
    }
  }

  dispose(): void {
    this.#scoped.clear();
  }
}

/** A description with a link, for the hover of a terminal's tab. */
function write(collection: vscode.EnvironmentVariableCollection, variables: Readonly<Record<string, string>>, nodeRegister: string | undefined): void {
  const { Replace, Append } = vscode.EnvironmentVariableMutatorType;
  const wanted = new Map(Object.entries(variables).map(([name, value]) => [name, { type: Replace, value }]));
  // What NODE_OPTIONS holds already stays, so that the debugger's auto attach goes on.
  if (nodeRegister !== undefined) wanted.set('NODE_OPTIONS', { type: Append, value: ` ${requireOption(nodeRegister)}` });
  const present: string[] = [];
  collection.forEach((name) => present.push(name));
  for (const name of present) if (!wanted.has(name)) collection.delete(name);
  for (const [name, { type, value }] of wanted) {
    const old = collection.get(name);
    if (old?.type === type && old.value === value) continue;
    if (type === Append) collection.append(name, value);
    else collection.replace(name, value);
  }
  if (wanted.size > 0 && collection.description === undefined) {
    const description = new vscode.MarkdownString('Programs started here send their telemetry to [Sightline](command:sightline.focusSources).');
    description.isTrusted = { enabledCommands: ['sightline.focusSources'] };
    collection.description = description;
  }
}
