import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a receiver answers, ready to be written. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

// How long a client that is still sending gets to read the refusal before its connection is closed.
const DRAIN_MS = 500;

/** Writes an answer. When the request's body was not read to its end, the connection is closed afterwards, politely. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void {
  if (response.destroyed || response.headersSent) return;
  const headers: Record<string, string | number> = { ...answer.headers, 'content-length': answer.body.length };
  if (answer.body.length > 0 || answer.contentType !== '') headers['content-type'] = answer.contentType;
  const isUnread = !request.complete;
  if (isUnread) headers['connection'] = 'close';
  response.writeHead(answer.status, headers);
  response.end(answer.body);
  if (!isUnread) return;
  // What still arrives is thrown away, else the client would not see the answer but a reset.
  request.resume();
  const timer = setTimeout(() => request.destroy(), DRAIN_MS);
  request.once('close', () => clearTimeout(timer));
}
