import assert from 'node:assert/strict';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { BodyBudget } from '../../src/receive/http/body-budget.ts';
import { decodeOtlpLogs } from '../../src/codec/otlp/decode-otlp.ts';
import type { OtlpFormat, OtlpSignal } from '../../src/codec/otlp/otlp-result.ts';
import type { LogRecord } from '../../src/model/log-record.ts';
import { ingestOtlp } from '../../src/receive/http/ingest-otlp.ts';
import { createOtlpHttpRoutes, type OtlpPush, type OtlpRouteOptions } from '../../src/receive/http/otlp-routes.ts';

const MIB = 1024 * 1024;
const LOGS = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'hello' } }] }] }] });

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

suite('OTLP over HTTP', () => {
  let server: http.Server | undefined;
  let port = 0;
  let stored: LogRecord[] = [];
  let refusals: string[] = [];

  const storeLogs: OtlpPush = async (body, format, encoding) =>
    Promise.resolve(
      ingestOtlp({ signal: 'logs', format, encoding, body, maxInflatedBytes: MIB }, decodeOtlpLogs, (records) => {
        stored.push(...records);
        return undefined;
      }),
    );

  async function start(options: Partial<OtlpRouteOptions> = {}, push: OtlpPush = storeLogs): Promise<void> {
    const routes = createOtlpHttpRoutes(
      { traces: push, metrics: push, logs: push },
      {
        boundAddress: '127.0.0.1',
        limits: { maxBytes: MIB, timeoutMs: 10_000 },
        onRefusal: (signal: OtlpSignal, code) => refusals.push(`${signal} ${code}`),
        ...options,
      },
    );
    server = http.createServer((request, response) => {
      void routes(request, response).then((isHandled) => {
        if (!isHandled) response.writeHead(404).end();
      });
    });
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  }

  setup(() => {
    stored = [];
    refusals = [];
  });

  teardown(async () => {
    server?.closeAllConnections();
    await new Promise<unknown>((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
  });

  function send(body: string | Uint8Array, headers: http.OutgoingHttpHeaders = {}, path = '/v1/logs', method = 'POST'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port, path, method, agent: false, headers: { 'content-type': 'application/json', ...headers } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') }));
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  test('takes telemetry, plain and compressed, and answers in its format', async () => {
    await start();
    const plain = await send(LOGS);
    assert.deepEqual([plain.status, plain.headers['content-type'], plain.text], [200, 'application/json', '{}']);
    for (const [encoding, body] of [['gzip', zlib.gzipSync(LOGS)], ['deflate', zlib.deflateSync(LOGS)], ['zstd', zlib.zstdCompressSync(LOGS)], ['identity', LOGS]] as const) {
      assert.equal((await send(body, { 'content-encoding': encoding })).status, 200, encoding);
    }
    const empty = await send(new Uint8Array(), { 'content-type': 'application/x-protobuf' });
    assert.deepEqual([empty.status, empty.headers['content-type'], empty.text], [200, 'application/x-protobuf', '']);
    assert.deepEqual([stored.length, stored[0]!.body, refusals], [5, 'hello', []]);
  });

  const REFUSED: readonly (readonly [what: string, body: string | Uint8Array, headers: http.OutgoingHttpHeaders, status: number, code: string])[] = [
    ['another content type', LOGS, { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['no content type', LOGS, { 'content-type': '' }, 415, 'unsupported_media_type'],
    ['an unknown encoding', LOGS, { 'content-encoding': 'br' }, 415, 'unsupported_encoding'],
    ['what is not gzip', LOGS, { 'content-encoding': 'gzip' }, 400, 'corrupt_compression'],
    ['a cut gzip', zlib.gzipSync(LOGS).subarray(0, 30), { 'content-encoding': 'gzip' }, 400, 'corrupt_compression'],
    ['what is not JSON', '{"resourceLogs":', {}, 400, 'malformed_body'],
    ['what is not protobuf', Buffer.from([0xff, 0xff, 0xff]), { 'content-type': 'application/x-protobuf' }, 400, 'malformed_body'],
    ['a body that is too large', 'x'.repeat(MIB + 1), {}, 413, 'body_too_large'],
    ['a bomb', zlib.gzipSync(new Uint8Array(64 * MIB)), { 'content-encoding': 'gzip' }, 413, 'inflated_too_large'],
    ['another host', LOGS, { host: 'evil.example' }, 403, 'forbidden_host'],
    ['a page from elsewhere', LOGS, { origin: 'https://evil.example' }, 403, 'forbidden_origin'],
  ];
  for (const [what, body, headers, status, code] of REFUSED) {
    test(`refuses ${what} with ${status}`, async () => {
      await start();
      const answer = await send(body, headers);
      assert.deepEqual([answer.status, refusals, stored], [status, [`logs ${code}`], []]);
      if (headers['content-type'] === 'application/x-protobuf') assert.equal(answer.headers['content-type'], 'application/x-protobuf');
      else assert.match((JSON.parse(answer.text) as { message: string }).message, /\.$/);
      // It goes on as if nothing had been.
      assert.equal((await send(LOGS)).status, 200);
    });
  }

  test('refuses a chunked body where it becomes too large', async () => {
    await start();
    const status = await new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port, path: '/v1/logs', method: 'POST', headers: { 'content-type': 'application/json' } });
      request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
        clearInterval(timer);
        request.destroy();
      });
      // Never ends by itself.
      const timer = setInterval(() => request.write(Buffer.alloc(256 * 1024)), 1);
      request.on('error', (error: NodeJS.ErrnoException) => {
        clearInterval(timer);
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      });
    });
    assert.deepEqual([status, refusals], [413, ['logs body_too_large']]);
  });

  test('gives a body that stalls 408, and closes', async () => {
    await start({ limits: { maxBytes: MIB, timeoutMs: 50 } });
    const socket = net.connect(port, '127.0.0.1');
    socket.write('POST /v1/logs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await new Promise((resolve) => socket.on('close', resolve));
    assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 408 /);
    assert.deepEqual(refusals, ['logs slow_body']);
  });

  test('counts a connection that breaks off', async () => {
    let heard = (): void => undefined;
    const refused = new Promise<void>((resolve) => (heard = resolve));
    await start({
      onRefusal: (_, code) => {
        refusals.push(code);
        heard();
      },
    });
    const socket = net.connect(port, '127.0.0.1');
    socket.write('POST /v1/logs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{', () => socket.destroy());
    await refused;
    assert.deepEqual(refusals, ['incomplete_body']);
  });

  test('sends the overflow away with 503 and Retry-After', async () => {
    const release: (() => void)[] = [];
    let arrived = (): void => undefined;
    const first = new Promise<void>((resolve) => (arrived = resolve));
    await start({ budget: new BodyBudget(100) }, async (body, format, encoding) => {
      arrived();
      await new Promise<void>((resolve) => release.push(resolve));
      return storeLogs(body, format, encoding);
    });
    const held = send(LOGS);
    await first;
    const second = await send(LOGS);
    assert.deepEqual([second.status, second.headers['retry-after'], refusals], [503, '1', ['logs overloaded']]);
    release[0]!();
    assert.equal((await held).status, 200);
  });

  test('answers 500 when storing fails, and says so to its owner', async () => {
    const errors: unknown[] = [];
    await start({ onError: (error) => errors.push(error) }, async () => Promise.reject(new Error('disk full')));
    const answer = await send(LOGS);
    assert.deepEqual([answer.status, errors.length, /disk full/.test(answer.text)], [500, 1, true]);
  });

  test('lets pages of this machine in, preflight included', async () => {
    await start();
    const origin = 'http://localhost:3000';
    const preflight = await send('', { origin, 'access-control-request-method': 'POST' }, '/v1/logs', 'OPTIONS');
    assert.deepEqual([preflight.status, preflight.headers['access-control-allow-origin']], [204, origin]);
    assert.equal((await send(LOGS, { origin })).headers['access-control-allow-origin'], origin);
  });

  test('knows other methods and leaves other paths alone', async () => {
    await start();
    const get = await send('', {}, '/v1/logs', 'GET');
    assert.deepEqual([get.status, get.headers['allow']], [405, 'POST, OPTIONS']);
    assert.equal((await send(LOGS, {}, '/v1/else')).status, 404);
  });

  test('any bytes under any label get an answer', async () => {
    await start();
    const formats: readonly (OtlpFormat | 'other')[] = ['json', 'protobuf', 'other'];
    const media = { json: 'application/json', protobuf: 'application/x-protobuf', other: 'x/y' };
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...formats), fc.constantFrom('', 'gzip', 'deflate', 'zstd', 'snappy', 'x'), async (body, format, encoding) => {
        const { status } = await send(body, { 'content-type': media[format], ...(encoding === '' ? {} : { 'content-encoding': encoding }) });
        assert.ok([200, 400, 413, 415].includes(status));
      }),
      { numRuns: 100 },
    );
    assert.equal((await send(LOGS)).status, 200);
  });
});
