import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';

const SCHEME = 'sightline-text';
/** The oldest is forgotten when there are more. */
const MAX_DOCUMENTS = 20;

/** Read-only documents in an editor that exist in memory only. */
export class TextDocuments implements Disposable {
  readonly #store = new DisposableStore();
  readonly #texts = new Map<string, string>();
  #count = 0;

  constructor() {
    this.#store.add(vscode.workspace.registerTextDocumentContentProvider(SCHEME, { provideTextDocumentContent: (uri) => this.#texts.get(uri.toString()) ?? 'This is no longer there.' }));
  }

  /** Shows `text` beside the active editor, which keeps the focus. */
  async show(name: string, text: string): Promise<vscode.TextEditor> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${++this.#count}/${name.replaceAll(/[^\w .-]+/g, ' ').trim().slice(0, 60)}` });
    this.#texts.set(uri.toString(), text);
    for (const old of [...this.#texts.keys()].slice(0, -MAX_DOCUMENTS)) this.#texts.delete(old);
    const document = await vscode.workspace.openTextDocument(uri);
    return vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: false, preserveFocus: true });
  }

  dispose(): void {
    this.#store.dispose();
  }
}
