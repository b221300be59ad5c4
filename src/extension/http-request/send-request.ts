import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** What is sent; the URL must be http or https. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What came back. */
export interface ReceivedResponse {
  readonly httpVersion: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** At most {@link MAX_BODY_BYTES}. */
  readonly body: Uint8Array;
  readonly isTruncated: boolean;
  /** From the start to the head of the answer, and to its end. */
  readonly firstByteMs: number;
  readonly durationMs: number;
}

/** What of an answer is kept and shown. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Sends one HTTP request as it is: no redirect is followed, and no proxy or cookie jar comes between.
 * Rejects on a broken connection, a URL that is not one, and when `signal` is aborted.
 */
export function sendRequest(outgoing: OutgoingRequest, signal: AbortSignal): Promise<ReceivedResponse> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const url = new URL(outgoing.url);
    const headers = headerLists(outgoing);
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, { method: outgoing.method, headers, signal, agent: false }, (response) => {
      const firstByteMs = performance.now() - startMs;
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = (isTruncated: boolean): void =>
        resolve({
          httpVersion: response.httpVersion,
          status: response.statusCode ?? 0,
          statusText: response.statusMessage ?? '',
          headers: pairs(response.rawHeaders),
          body: Buffer.concat(chunks),
          isTruncated,
          firstByteMs,
          durationMs: performance.now() - startMs,
        });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk.subarray(0, MAX_BODY_BYTES - size));
        size += chunk.length;
        if (size <= MAX_BODY_BYTES) return;
        finish(true);
        request.destroy();
      });
      response.on('end', () => finish(false));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(outgoing.body);
  });
}

/** Repeated names become lists, as node:http wants them. */
function headerLists({ headers, body, method }: OutgoingRequest): Record<string, string | string[]> {
  const lists = new Map<string, { readonly name: string; readonly values: string[] }>();
  const add = (name: string, value: string): void => {
    const entry = lists.get(name.toLowerCase());
    if (entry) entry.values.push(value);
    else lists.set(name.toLowerCase(), { name, values: [value] });
  };
  for (const [name, value] of headers) if (!/^(?:content-length|transfer-encoding)$/i.test(name)) add(name, value);
  if (body !== '' || !/^(?:GET|HEAD|OPTIONS|DELETE)$/.test(method)) add('Content-Length', String(Buffer.byteLength(body)));
  return Object.fromEntries([...lists.values()].map(({ name, values }) => [name, values.length === 1 ? values[0]! : values]));
}

const pairs = (raw: readonly string[]): (readonly [string, string])[] => raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
