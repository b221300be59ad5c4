import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { CollectorStatus } from '../protocol/rpc.ts';
import type { CollectorClient } from './collector-client.ts';
import { conflictWords } from './sources-nodes.ts';

/** Tells once for each collector that a port was taken, by whom, and what is used in its place. */
export class PortConflictNotice implements Disposable {
  readonly #store = new DisposableStore();
  readonly #told = new Set<string>();

  constructor(client: CollectorClient) {
    this.#store.add(client.onStatus((status) => this.#tell(status)));
  }

  dispose(): void {
    this.#store.dispose();
  }

  #tell(status: CollectorStatus): void {
    const news = status.conflicts.filter((conflict) => !this.#told.has(`${status.pid} ${conflict.wanted}`));
    for (const conflict of news) this.#told.add(`${status.pid} ${conflict.wanted}`);
    if (news.length === 0) return;
    const endpoint = news.some(({ used }) => used !== undefined && used === status.endpoints.otlpHttp) ? ['Copy OTLP Endpoint'] : [];
    void vscode.window.showWarningMessage(news.map(conflictWords).join(' '), ...endpoint, 'Show Sources').then((choice) => {
      if (choice === 'Copy OTLP Endpoint') void vscode.commands.executeCommand('sightline.copyOtlpEndpoint');
      if (choice === 'Show Sources') void vscode.commands.executeCommand('sightline.focusSources');
    });
  }
}
