import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { TraceDetail } from '../../protocol/traces.ts';
import type { CollectorClient } from '../collector-client.ts';
import { assertAllowedHost } from './allowed-host.ts';
import { fillVariables, type FilledRequest } from './fill-variables.ts';
import { HTTP_FILES } from './http-code-lens.ts';
import { blockAt, parseHttpFile, type HttpBlock, type HttpFile } from './parse-http-file.ts';
import { responseText } from './response-text.ts';
import { sendRequest } from './send-request.ts';
import type { TextDocuments } from './text-documents.ts';
import { withTraceHeaders } from './traced-headers.ts';

/** What the command needs of its window. */
export interface TraceRequestHost {
  readonly client: CollectorClient;
  readonly documents: TextDocuments;
}

/** What became of a traced request; `isTraced` says whether its spans came in time. */
export interface TracedRequest {
  readonly status: number;
  readonly traceId: string;
  readonly requestId: string;
  readonly isTraced: boolean;
}

const POLL_MS = 250;
const TRACE_TIMEOUT_MS = 20_000;
const MAX_FILES = 50;

/** Sends a request of a .http file (that at `line` of `uri`, else one that the user picks), shows the answer and opens its trace. */
export async function traceRequest(host: TraceRequestHost, uri?: string, line?: number): Promise<TracedRequest | undefined> {
  if (!vscode.workspace.isTrusted) throw new Error('requests are sent from trusted workspaces only');
  const picked = uri === undefined ? await pickRequest() : await requestAt(vscode.Uri.parse(uri, true), line ?? 0);
  if (!picked) return undefined;
  const { name, request } = picked;
  if (request.unknown.length > 0) throw new Error(`${name}: nothing defines ${request.unknown.map((one) => `{{${one}}}`).join(', ')}`);
  await assertAllowedHost(request.url, 'the request');
  const fresh = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), requestId: randomUUID() };
  const { headers, identity } = withTraceHeaders(request.headers, fresh);
  const outgoing = { ...request, headers };
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: name, cancellable: true }, async (progress, token) => {
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    try {
      progress.report({ message: 'waiting for the answer' });
      const response = await sendRequest(outgoing, abort.signal);
      await host.documents.show(`${response.status} ${name}.txt`, responseText(outgoing, response, identity));
      progress.report({ message: `${response.status}; waiting for its trace` });
      const trace = await waitForTrace(host.client, identity.traceId, identity.spanId, abort.signal);
      if (trace) await vscode.commands.executeCommand('sightline.openTraceById', trace.traceId);
      else void vscode.window.showInformationMessage(`${name}: no spans of trace ${identity.traceId} came within ${TRACE_TIMEOUT_MS / 1000} s. The service must be instrumented, read the traceparent header and send to the collector.`);
      return { status: response.status, traceId: identity.traceId, requestId: identity.requestId, isTraced: trace !== undefined };
    } catch (error) {
      if (abort.signal.aborted) return undefined;
      throw error;
    } finally {
      listener.dispose();
    }
  });
}

/** Whether the span of the service that took the request is there: its parent is ours. */
const hasArrived = (trace: TraceDetail, spanId: string): boolean => trace.spans.some(({ parentSpanId }) => parentSpanId === spanId);

/** The trace once the span of the service that took the request is there; at the end of the time, what has come till then. */
async function waitForTrace(client: CollectorClient, traceId: string, spanId: string, signal: AbortSignal): Promise<TraceDetail | undefined> {
  const deadlineMs = Date.now() + TRACE_TIMEOUT_MS;
  for (;;) {
    const { trace } = await client.request('getTrace', { traceId });
    if (trace && hasArrived(trace, spanId)) return trace;
    if (Date.now() > deadlineMs) return trace;
    await delay(POLL_MS, undefined, { signal });
  }
}

interface PickedRequest {
  readonly name: string;
  readonly request: FilledRequest;
}

async function requestAt(uri: vscode.Uri, line: number): Promise<PickedRequest> {
  const file = parseHttpFile((await vscode.workspace.openTextDocument(uri)).getText());
  const block = blockAt(file, line);
  if (!block) throw new Error(`there is no request at line ${line + 1} of ${vscode.workspace.asRelativePath(uri)}`);
  return filled(block, file.variables);
}

function filled(block: HttpBlock, variables: HttpFile['variables']): PickedRequest {
  const [problem] = block.problems;
  if (problem) throw new Error(`line ${problem.line + 1}: ${problem.message}`);
  return { name: block.name, request: fillVariables(block, variables, { uuid: randomUUID, nowMs: Date.now, random: Math.random }) };
}

/** The requests of the workspace's files, those of the active editor first, or a URL that the user types. */
async function pickRequest(): Promise<PickedRequest | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri.toString();
  const uris = (await vscode.workspace.findFiles(HTTP_FILES, undefined, MAX_FILES)).sort((a, b) => Number(b.toString() === active) - Number(a.toString() === active) || a.path.localeCompare(b.path));
  const files = await Promise.all(uris.map(async (uri) => ({ uri, file: parseHttpFile((await vscode.workspace.openTextDocument(uri)).getText()) })));
  const items = files.flatMap(({ uri, file }) =>
    file.blocks.map((block) => ({ label: block.name, description: vscode.workspace.asRelativePath(uri), detail: `${block.method} ${block.url}`, pick: () => filled(block, file.variables) })),
  );
  const typed = { label: '$(edit) GET a URL…', description: '', detail: '', pick: undefined };
  const choice = await vscode.window.showQuickPick([...items, typed], { title: 'Trace a Request', placeHolder: 'It is sent with traceparent, X-Request-ID and jaeger-debug-id', matchOnDetail: true });
  if (!choice?.pick) return choice && typedRequest();
  return choice.pick();
}

async function typedRequest(): Promise<PickedRequest | undefined> {
  const url = await vscode.window.showInputBox({ title: 'Trace a Request', value: 'http://127.0.0.1:', prompt: 'The URL to GET' });
  return url === undefined ? undefined : { name: `GET ${url}`, request: { method: 'GET', url, headers: [], body: '', unknown: [] } };
}
