import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { CollectorStatus, PortConflict } from '../protocol/rpc.ts';
import type { CollectorClient } from './collector-client.ts';

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
    void vscode.window.showWarningMessage(news.map(conflictText).join(' '), ...endpoint, 'Show Sources').then((choice) => {
      if (choice === 'Copy OTLP Endpoint') void vscode.commands.executeCommand('sightline.copyOtlpEndpoint');
      if (choice === 'Show Sources') void vscode.commands.executeCommand('sightline.focusSources');
    });
  }
}

const RECEIVER_NAMES: Readonly<Record<string, string>> = { api: 'the HTTP API', 'otlp-http': 'OTLP over HTTP', 'otlp-grpc': 'OTLP over gRPC' };

/** A conflict as a sentence. */
export function conflictText(conflict: PortConflict): string {
  const receiver = RECEIVER_NAMES[conflict.receiver] ?? conflict.receiver;
  const holder = conflict.owner === '' ? 'another program' : conflict.owner;
  const outcome = conflict.used === undefined ? 'This receiver is off' : `Sightline uses ${conflict.used}`;
  return `${conflict.wanted} (${receiver}) is held by ${holder}. ${outcome}.`;
}
