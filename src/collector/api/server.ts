import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { checkCaller } from '../../receive/http/check-caller.ts';
import { readBody } from '../../receive/http/read-body.ts';
import { sendAnswer } from '../../receive/http/send-answer.ts';
import { errorAnswer, textAnswer, type HttpAnswer } from './http-answer.ts';
import { matchRoute, type ApiRoute } from './router.ts';

/** A form with a query is never larger than this. */
const FORM_LIMITS = { maxBytes: 4 * 1024 * 1024, timeoutMs: 15_000 };

/** What the server tells its host. */
export interface ApiServerHooks {
  /** A route has answered; `route` is its path pattern. */
  readonly onAnswer: (route: string, status: number, seconds: number) => void;
  /** A request was refused before it reached a route; `reason` is the counter's label. */
  readonly onRefusal: (reason: string) => void;
  readonly onError: (error: unknown) => void;
}

/** Routes that write their own response, such as the OTLP receiver's; false when the request is not theirs. */
export type RawRoutes = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/**
 * The HTTP API on a loopback port. Every request passes the Host and Origin check; bodies and times are limited;
 * a handler that throws is a 500 and a line in the log, never a crash.
 */
export function createApiServer(boundHost: string, routes: readonly ApiRoute[], raw: RawRoutes, hooks: ApiServerHooks): Server {
  const server = createServer((request, response) => {
    void serve(request, response, { boundHost, routes, raw, hooks }).catch((error: unknown) => {
      hooks.onError(error);
      write(request, response, errorAnswer('internal', error instanceof Error ? error.message : String(error)));
    });
  });
  harden(server, hooks.onRefusal);
  return server;
}

/** Limits that every server here has: header time and size, idle connections, and an answer to what is not HTTP. */
export function harden(server: Server, onRefusal: (reason: string) => void): void {
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 30_000;
  server.maxRequestsPerSocket = 0;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const [status, reason] = CLIENT_ERRORS[error.code ?? ''] ?? ['400 Bad Request', 'not_http'];
    onRefusal(reason);
    const text = `${status}: ${error.message}\n`;
    socket.end(`HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`);
  });
}

const CLIENT_ERRORS: Readonly<Record<string, readonly [string, string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'headers_too_large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'slow_request'],
};

interface Serving {
  readonly boundHost: string;
  readonly routes: readonly ApiRoute[];
  readonly raw: RawRoutes;
  readonly hooks: ApiServerHooks;
}

async function serve(request: IncomingMessage, response: ServerResponse, { boundHost, routes, raw, hooks }: Serving): Promise<void> {
  if (await raw(request, response)) return;
  const startMs = performance.now();
  const refusal = checkCaller(request.headers, boundHost);
  if (refusal) {
    hooks.onRefusal(refusal.code);
    write(request, response, textAnswer(`${refusal.message}\n`, refusal.status));
    return;
  }
  const url = parseUrl(request.url ?? '/');
  if (!url) {
    hooks.onRefusal('bad_url');
    write(request, response, textAnswer('the request target is not a path\n', 400));
    return;
  }
  const method = request.method ?? 'GET';
  const match = matchRoute(routes, method, url.pathname);
  if ('answer' in match) {
    hooks.onRefusal('no_route');
    write(request, response, match.answer);
    return;
  }
  const { route, segments } = match;
  const params = url.searchParams;
  if (method === 'POST' && !route.readsBody) {
    const problem = await readForm(request, params);
    if (problem) {
      hooks.onRefusal(problem.reason);
      write(request, response, problem.answer);
      return;
    }
  }
  const abort = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) abort.abort(new Error('the client has gone'));
  });
  const answer = await route.handle({ method, path: url.pathname, params, segments, signal: abort.signal, incoming: request });
  write(request, response, answer);
  hooks.onAnswer(route.path, answer.status, (performance.now() - startMs) / 1000);
}

/** Adds the fields of a form body to `params`: the body's come first, as in Go's Request.Form. */
async function readForm(request: IncomingMessage, params: URLSearchParams): Promise<{ readonly reason: string; readonly answer: HttpAnswer } | undefined> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const body = await readBody(request, FORM_LIMITS);
  if (!body.ok) return { reason: body.error.code, answer: errorAnswerWith(body.error.status, body.error.message) };
  if (body.value.length === 0) return undefined;
  if (type !== 'application/x-www-form-urlencoded') {
    return { reason: 'unsupported_media_type', answer: errorAnswerWith(415, `content type ${JSON.stringify(type ?? '')} is not supported here; send application/x-www-form-urlencoded`) };
  }
  const inUrl = [...params];
  for (const name of new Set(params.keys())) params.delete(name);
  for (const [name, value] of new URLSearchParams(Buffer.from(body.value).toString())) params.append(name, value);
  for (const [name, value] of inUrl) params.append(name, value);
  return undefined;
}

const errorAnswerWith = (status: number, error: string): HttpAnswer => ({ ...errorAnswer('bad_data', error), status });

function write(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  sendAnswer(request, response, { ...answer, body, headers: { 'x-content-type-options': 'nosniff', ...answer.headers } });
}

function parseUrl(target: string): URL | undefined {
  return target.startsWith('/') ? (URL.parse(`http://localhost${target}`) ?? undefined) : undefined;
}
