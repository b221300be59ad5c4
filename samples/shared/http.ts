import { createServer, request, type Agent, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A server that listens on `port` of the loopback interface. Rejects when the port is taken. */
export function listen(port: number, handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(handle);
    server.keepAliveTimeout = 30_000;
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** Closes a server and what is connected to it. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The body as text. Rejects above `limitBytes`, or when the client goes away. */
export async function readBody(message: IncomingMessage, limitBytes = 1 << 20): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk as Buffer);
    size += bytes.length;
    if (size > limitBytes) throw new Error(`body larger than ${limitBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** The text as a JSON object, or undefined when it is none. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The value when it is a string, else `fallback`. */
export const textOr = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback);

/** What a call came back with; `firstByteMs` counts from the start of the call. */
export interface CallResult {
  readonly status: number;
  readonly body: string;
  readonly firstByteMs: number;
}

/** Calls `url` and reads the whole answer. Rejects on a broken connection and after `timeoutMs`. */
export function call(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly timeoutMs?: number;
    readonly agent?: Agent;
  } = {},
): Promise<CallResult> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const outgoing = request(
      url,
      {
        method: options.method ?? 'GET',
        headers: { ...options.headers, 'content-length': Buffer.byteLength(options.body ?? '') },
        ...(options.agent ? { agent: options.agent } : {}),
        timeout: options.timeoutMs ?? 10_000,
      },
      (incoming) => {
        let firstByteMs: number | undefined;
        let body = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          firstByteMs ??= performance.now() - startMs;
          body += chunk;
        });
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body, firstByteMs: firstByteMs ?? performance.now() - startMs }));
        incoming.on('error', reject);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}
