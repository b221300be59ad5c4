import { isAbsolute, join, relative } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/event.ts';
import type { ConfigProblem, RegisterResult, WorkspaceRegistration } from '../protocol/rpc.ts';
import type { CollectorClient } from './collector-client.ts';

const CONFIG_FILES = '**/{prometheus,sightline}.{yml,yaml}';
const DEBOUNCE_MS = 250;

/**
 * Tells the collector which folders this window works on: after each connection, when folders or trust change, and when a
 * configuration file in them changes. The lease ends with the connection, so nothing needs to be taken back.
 */
export class WorkspaceRegistrar implements Disposable {
  readonly #store = new DisposableStore();
  readonly #client: CollectorClient;
  readonly #changed = this.#store.add(new Emitter<void>());
  readonly #extraFolders = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #result: RegisterResult = { problems: [], targets: 0, files: [] };

  /** The files or problems of this window have changed. */
  readonly onChange: Event<void> = this.#changed.event;

  constructor(client: CollectorClient) {
    this.#client = client;
    this.#store.add(toDisposable(() => clearTimeout(this.#timer)));
    this.#store.add(client.onStateChange((state) => state === 'connected' && this.#schedule(0)));
    this.#store.add(client.onConfigProblems((problems) => this.#setResult({ ...this.#result, problems: problems.filter(({ file }) => this.#isOwn(file)) })));
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#schedule(0)));
    this.#store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#schedule(0)));
    const watcher = this.#store.add(vscode.workspace.createFileSystemWatcher(CONFIG_FILES));
    this.#store.add(watcher.onDidCreate(() => this.#schedule(DEBOUNCE_MS)));
    this.#store.add(watcher.onDidChange(() => this.#schedule(DEBOUNCE_MS)));
    this.#store.add(watcher.onDidDelete(() => this.#schedule(DEBOUNCE_MS)));
    if (client.state === 'connected') this.#schedule(0);
  }

  get files(): readonly string[] {
    return this.#result.files;
  }

  get problems(): readonly ConfigProblem[] {
    return this.#result.problems;
  }

  /** A file's path as the user knows it: from its folder on, with the folder's name where there are several. */
  displayPath(file: string): string {
    for (const [folder, name] of this.#extraFolders) {
      const path = relative(folder, file);
      if (!path.startsWith('..') && !isAbsolute(path)) return join(name, path);
    }
    return vscode.workspace.asRelativePath(file);
  }

  /** Registers a folder that is not open in this window (the demo's), until the result is disposed. */
  addFolder(name: string, path: string): Disposable {
    this.#extraFolders.set(path, name);
    this.#schedule(0);
    return toDisposable(() => {
      this.#extraFolders.delete(path);
      this.#schedule(0);
    });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #registration(): WorkspaceRegistration {
    const open = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ name, uri }) => ({ name, path: uri.fsPath }));
    const extra = [...this.#extraFolders].filter(([path]) => !open.some((folder) => folder.path === path)).map(([path, name]) => ({ name, path }));
    return { folders: [...open, ...extra], isTrusted: vscode.workspace.isTrusted };
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#store.isDisposed) this.#timer = setTimeout(() => void this.#register(), afterMs);
  }

  async #register(): Promise<void> {
    if (this.#client.state !== 'connected') return;
    try {
      this.#setResult(await this.#client.request('registerWorkspace', this.#registration()));
    } catch {
      // The connection ended meanwhile; the next one registers again.
    }
  }

  #setResult(result: RegisterResult): void {
    if (this.#store.isDisposed) return;
    this.#result = result;
    this.#changed.fire();
  }

  #isOwn(file: string): boolean {
    return this.#registration().folders.some(({ path }) => file === path || file.startsWith(`${path}/`) || file.startsWith(`${path}\\`));
  }
}
