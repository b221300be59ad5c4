import axios, { type AxiosResponse } from 'axios';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Disposable } from '../../base/disposable.ts';
import { formatGoFloat } from '../../base/go-float.ts';
import { quoteGoString } from '../../base/go-quote.ts';
import { SCRAPE_PROTOCOL_MEDIA, type HttpClientConfig, type ScrapeConfig, type SecretSource } from './scrape-config.ts';

/** A target's answer; a failed fetch has an error and no body. `body` is memory of its own, to transfer. */
export interface FetchedScrape {
  readonly body: Uint8Array | undefined;
  readonly contentType: string;
  readonly error: string;
}

/** The cap on a body where the configuration sets none, inflated. */
export const DEFAULT_MAX_SCRAPE_BYTES = 128 * 1024 * 1024;

const MOST_REDIRECTS = 10;
const USER_AGENT = 'Sightline';

/** Fetches the targets of one scrape config, over connections that are kept. Secrets in files are read anew for every scrape. */
export class ScrapeClient implements Disposable {
  readonly #config: ScrapeConfig;
  readonly #httpAgent = new http.Agent({ keepAlive: true });
  #httpsAgent: Promise<https.Agent> | undefined;

  constructor(config: ScrapeConfig) {
    this.#config = config;
  }

  /** Never rejects; errors are in Prometheus's words where it has them. */
  async fetch(url: string, timeoutMs: number, signal: AbortSignal): Promise<FetchedScrape> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const either = AbortSignal.any([signal, deadline]);
    try {
      const response = await this.#request(url, timeoutMs, either);
      return await this.#read(response, either);
    } catch (error) {
      const cause = deadline.aborted ? 'context deadline exceeded' : signal.aborted ? 'context canceled' : messageOf(error);
      return failed(error instanceof PlainFailure ? error.message : `Get ${quoteGoString(url)}: ${cause}`);
    }
  }

  dispose(): void {
    this.#httpAgent.destroy();
    void this.#httpsAgent?.then((agent) => agent.destroy(), () => undefined);
  }

  async #request(url: string, timeoutMs: number, signal: AbortSignal): Promise<AxiosResponse<Readable>> {
    const { http: client } = this.#config;
    const isTls = this.#config.scheme === 'https' || url.startsWith('https:');
    const httpsAgent = isTls ? await (this.#httpsAgent ??= createTlsAgent(client)) : undefined;
    return axios.get<Readable>(url, {
      responseType: 'stream',
      // Inflated here, where the limit is known.
      decompress: false,
      maxRedirects: client.followRedirects ? MOST_REDIRECTS : 0,
      validateStatus: () => true,
      proxy: false,
      signal,
      headers: {
        ...(await this.#headers()),
        Accept: acceptHeader(this.#config),
        'Accept-Encoding': this.#config.enableCompression ? 'gzip' : 'identity',
        'User-Agent': USER_AGENT,
        'X-Prometheus-Scrape-Timeout-Seconds': formatGoFloat(timeoutMs / 1000, 'f'),
      },
      httpAgent: this.#httpAgent,
      ...(httpsAgent ? { httpsAgent } : {}),
    });
  }

  async #headers(): Promise<Record<string, string | string[]>> {
    const { basicAuth, authorization, headers } = this.#config.http;
    const all: Record<string, string | string[]> = {};
    for (const { name, values } of headers) all[name] = await Promise.all(values.map((value) => secretText(value)));
    if (basicAuth) {
      const pair = `${await secretText(basicAuth.username)}:${await secretText(basicAuth.password)}`;
      all['Authorization'] = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
    } else if (authorization) {
      all['Authorization'] = `${authorization.type} ${await secretText(authorization.credentials)}`;
    }
    return all;
  }

  async #read(response: AxiosResponse<Readable>, signal: AbortSignal): Promise<FetchedScrape> {
    const raw = response.data;
    if (response.status !== 200) {
      raw.destroy();
      return failed(`server returned HTTP status ${response.status} ${response.statusText}`.trimEnd());
    }
    const isGzip = headerText(response, 'content-encoding').toLowerCase() === 'gzip';
    const body = await readLimited(raw, isGzip, this.#config.limits.bodySizeBytes, signal);
    return { body, contentType: headerText(response, 'content-type'), error: '' };
  }
}

/** What to ask for: the protocols with falling weights, then anything (prometheus/scrape: acceptHeader). */
export function acceptHeader(config: Pick<ScrapeConfig, 'protocols' | 'escaping'>): string {
  let weight = Object.keys(SCRAPE_PROTOCOL_MEDIA).length + 1;
  const wanted = config.protocols.map((protocol) => {
    const hasEscaping = protocol === 'PrometheusText1.0.0' || protocol === 'OpenMetricsText1.0.0';
    return `${SCRAPE_PROTOCOL_MEDIA[protocol]}${hasEscaping ? `;escaping=${config.escaping}` : ''};q=0.${weight--}`;
  });
  return [...wanted, `*/*;q=0.${weight}`].join(',');
}

/** A failure whose message stands on its own, without the URL. */
class PlainFailure extends Error {}

/** Reads a stream up to a limit on its inflated size; beyond it the connection is dropped. */
async function readLimited(raw: Readable, isGzip: boolean, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  const gunzip = isGzip ? createGunzip() : undefined;
  const stream = gunzip ? raw.pipe(gunzip) : raw;
  const abort = (): void => void stream.destroy(new Error('aborted'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  // A pipe does not carry errors on.
  if (gunzip) raw.once('error', (error) => gunzip.destroy(error));
  const maxBytes = limit > 0 ? limit : DEFAULT_MAX_SCRAPE_BYTES;
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) continue;
      length += chunk.length;
      // Prometheus, too, refuses a body that just reaches the limit.
      if (length >= maxBytes) throw new PlainFailure(limit > 0 ? 'body size limit exceeded' : `body size limit exceeded: more than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } finally {
    signal.removeEventListener('abort', abort);
    raw.destroy();
    gunzip?.destroy();
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

async function createTlsAgent(client: HttpClientConfig): Promise<https.Agent> {
  const { ca, cert, key, serverName, insecureSkipVerify } = client.tls;
  return new https.Agent({
    keepAlive: true,
    rejectUnauthorized: !insecureSkipVerify,
    ...(ca ? { ca: await secretText(ca, false) } : {}),
    ...(cert ? { cert: await secretText(cert, false) } : {}),
    ...(key ? { key: await secretText(key, false) } : {}),
    ...(serverName !== '' ? { servername: serverName } : {}),
  });
}

async function secretText(source: SecretSource, isTrimmed = true): Promise<string> {
  if ('text' in source) return source.text;
  const text = await readFile(source.file, 'utf8');
  return isTrimmed ? text.trim() : text;
}

function headerText(response: AxiosResponse, name: string): string {
  const value: unknown = response.headers[name];
  return typeof value === 'string' ? value : '';
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Both families refused: the parts say more than the whole.
  const { cause } = error;
  if (error.message === '' && cause instanceof AggregateError) return cause.errors.map(String).join('; ');
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}

function failed(error: string): FetchedScrape {
  return { body: undefined, contentType: '', error };
}
