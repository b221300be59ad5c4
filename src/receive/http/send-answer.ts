import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a receiver answers, ready to be written. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

// How long a client that is still sending gets to read the refusal before its connection is closed.
const DRAIN_MS = 2000;

/** Writes an answer. When the request's body was not read to its end, the connection is closed afterwards, politely. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void {
  if (response.destroyed || response.headersSent) return;
  const headers: Record<string, string | number> = { ...answer.headers, 'content-length': answer.body.length };
  if (answer.body.length > 0 || answer.contentType !== '') headers['content-type'] = answer.contentType;
  const isUnread = !request.complete;
  if (isUnread) headers['connection'] = 'close';
  response.writeHead(answer.status, headers);
  if (!isUnread) {
    response.end(answer.body);
    return;
  }
  // The answer is complete by its length, but ending it would close the connection at once: a client that is still sending
  // would see a reset instead. So what arrives is thrown away first.
  response.write(answer.body);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, DRAIN_MS);
  request.once('end', end).once('close', end);
  request.resume();
}
