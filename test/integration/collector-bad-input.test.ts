import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { makeTempDir, startCollectorProcess, type CollectorProcess } from './support/collector-process.ts';
import { otlpGauge } from './support/otlp-samples.ts';

const MIB = 1024 * 1024;

/** Repeatable random bytes (xorshift32). */
function randomBytes(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state & 0xff;
  }
  return bytes;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function send(url: string, headers: Record<string, string>, body: string | Uint8Array, method = 'POST'): Promise<Answer> {
  const response = await fetch(url, { method, headers, body: typeof body === 'string' ? body : new Uint8Array(body) });
  return { status: response.status, text: await response.text() };
}

/** Writes raw bytes to a port and gives all that comes back until the other side closes. */
function raw(port: string, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

suite('collector: bad input on every port', function () {
  this.timeout(60_000);
  const dir = makeTempDir();
  let collector: CollectorProcess;
  suiteSetup(async () => {
    collector = await startCollectorProcess(dir.path);
  });
  suiteTeardown(async () => {
    await collector.kill();
    dir.remove();
  });

  async function refusals(receiver: string): Promise<Record<string, number>> {
    const text = await (await fetch(`${collector.api}/metrics`)).text();
    const counts: Record<string, number> = {};
    for (const [, outcome, count] of text.matchAll(new RegExp(`^sightline_received_requests_total\\{receiver="${receiver}",outcome="([^"]+)"\\} (\\d+)`, 'gm'))) counts[outcome ?? ''] = Number(count);
    return counts;
  }

  async function assertHealthy(): Promise<void> {
    assert.equal((await fetch(`${collector.api}/-/ready`)).status, 200);
    const good = await send(`${collector.otlp}/v1/metrics`, { 'content-type': 'application/json' }, otlpGauge([1], Date.now()));
    assert.equal(good.status, 200);
  }

  const protobuf = { 'content-type': 'application/x-protobuf' };
  const json = { 'content-type': 'application/json' };
  const bomb = gzipSync(Buffer.alloc(200 * MIB));

  for (const signal of ['traces', 'metrics', 'logs']) {
    for (const where of ['otlp', 'api'] as const) {
      test(`OTLP ${signal} on the ${where} port: random, truncated, mislabelled, too large, bombs`, async () => {
        const url = (): string => `${collector[where]}/v1/${signal}`;
        const before = await refusals(`otlp_${signal}`);
        const cases: readonly (readonly [string, number, Record<string, string>, string | Uint8Array, string])[] = [
          ['no JSON', 400, json, '{"resource', 'malformed_body'],
          ['JSON of another shape', 400, json, '[1,2,3]', 'malformed_body'],
          ['truncated protobuf', 400, protobuf, Buffer.from([0x0a, 0xff, 0x01, 0x0a]), 'malformed_body'],
          ['text as content type', 415, { 'content-type': 'text/plain' }, 'x', 'unsupported_media_type'],
          ['unknown encoding', 415, { ...protobuf, 'content-encoding': 'br' }, 'x', 'unsupported_encoding'],
          ['no gzip', 400, { ...protobuf, 'content-encoding': 'gzip' }, 'not gzip', 'corrupt_compression'],
          ['a bomb', 413, { ...protobuf, 'content-encoding': 'gzip' }, bomb, 'inflated_too_large'],
          ['too large', 413, protobuf, Buffer.alloc(33 * MIB), 'body_too_large'],
          ['a page of elsewhere', 403, { ...json, origin: 'https://evil.example' }, '{}', 'forbidden_origin'],
        ];
        for (const [name, status, headers, body] of cases) {
          const answer = await send(url(), headers, body);
          assert.equal(answer.status, status, `${name}: ${answer.text}`);
          assert.ok(answer.text.length > 10, `${name}: no reason given`);
        }
        const after = await refusals(`otlp_${signal}`);
        for (const [name, , , , outcome] of cases) assert.ok((after[outcome] ?? 0) > (before[outcome] ?? 0), `${name} is not counted as ${outcome}`);
        await assertHealthy();
      });
    }
  }

  test('random bytes as protobuf and JSON never get past decoding as an error of ours', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const body = randomBytes(1 + ((seed * 37) % 700), seed);
      for (const [path, headers] of [['/v1/metrics', protobuf], ['/v1/traces', protobuf], ['/v1/logs', protobuf], ['/v1/traces', json], ['/api/v1/write', { ...protobuf, 'content-encoding': 'snappy' }]] as const) {
        const { status, text } = await send(collector.api + path, headers, body);
        // Some random bytes are a valid message with unknown fields only.
        assert.ok(status < 300 || (status >= 400 && status < 500), `${path} seed ${seed}: ${status} ${text}`);
      }
    }
    await assertHealthy();
  });

  test('remote write: wrong type, version, encoding, damaged snappy', async () => {
    const url = `${collector.api}/api/v1/write`;
    const snappy = { ...protobuf, 'content-encoding': 'snappy' };
    const cases: readonly (readonly [number, Record<string, string>, string | Uint8Array])[] = [
      [415, { 'content-type': 'text/plain' }, 'x'],
      [415, { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request', 'content-encoding': 'snappy' }, 'x'],
      [415, { ...protobuf, 'content-encoding': 'gzip' }, gzipSync('x')],
      [400, snappy, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
      [400, snappy, Buffer.from([0x05, 0x00])],
      [413, snappy, Buffer.concat([Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04]), Buffer.alloc(60 * 1024)])],
      [413, snappy, Buffer.alloc(33 * MIB)],
    ];
    for (const [status, headers, body] of cases) {
      const answer = await send(url, headers, body);
      assert.equal(answer.status, status, answer.text);
      assert.ok(answer.text.length > 10);
    }
    await assertHealthy();
  });

  test('the query API names what is wrong with each parameter', async () => {
    const cases: readonly (readonly [string, number, RegExp])[] = [
      ['/api/v1/query?query=', 400, /no expression found/],
      ['/api/v1/query?query=sum(', 400, /parse error/],
      ['/api/v1/query?query=up&time=yesterday', 400, /invalid parameter \\"time\\"/],
      ['/api/v1/query_range?query=up&start=0&end=1&step=0', 400, /zero or negative query resolution step/],
      ['/api/v1/query_range?query=up&start=0&end=100000&step=1', 400, /exceeded maximum resolution of 11,000 points/],
      ['/api/v1/series', 400, /no match\[\] parameter/],
      ['/api/v1/series?match[]=%7B%7D', 400, /match\[\]/],
      ['/api/traces/xyz', 400, /xyz/],
      ['/nowhere', 404, /not found/],
    ];
    for (const [path, status, text] of cases) {
      const response = await fetch(collector.api + path);
      const body = await response.text();
      assert.equal(response.status, status, `${path}: ${body}`);
      assert.match(body, text);
    }
    assert.equal((await send(`${collector.api}/api/v1/query`, json, '{"query":"up"}')).status, 415);
    assert.equal((await send(`${collector.api}/-/ready`, {}, 'x', 'DELETE')).status, 405);
    await assertHealthy();
  });

  test('a foreign Host is refused on both ports', async () => {
    for (const base of [collector.api, collector.otlp]) {
      const { port } = new URL(base);
      const answer = await raw(port, Buffer.from('POST /v1/metrics HTTP/1.1\r\nHost: evil.example\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}'));
      assert.match(answer, /^HTTP\/1\.1 403 /);
    }
  });

  test('bytes that are no HTTP, and headers without end, get a 4xx and close', async () => {
    for (const base of [collector.api, collector.otlp]) {
      const { port } = new URL(base);
      assert.match(await raw(port, randomBytes(500, 7)), /^HTTP\/1\.1 400 /);
      assert.match(await raw(port, Buffer.from(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`)), /^HTTP\/1\.1 431 /);
    }
    const counts = { ...(await refusals('api')), ...(await refusals('otlp')) };
    assert.ok((counts['not_http'] ?? 0) > 0 && (counts['headers_too_large'] ?? 0) > 0, JSON.stringify(counts));
    await assertHealthy();
  });
});
