import assert from 'node:assert/strict';
import { isPrivateHost } from '../../../../src/extension/http-request/private-host.ts';
import { responseText } from '../../../../src/extension/http-request/response-text.ts';
import { serviceOrigins } from '../../../../src/extension/http-request/service-origins.ts';
import { withTraceHeaders } from '../../../../src/extension/http-request/traced-headers.ts';

const fresh = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), requestId: 'r-1' };

suite('traced request', () => {
  test('gets the three headers', () => {
    assert.deepEqual(withTraceHeaders([['A', '1']], fresh), {
      headers: [['A', '1'], ['traceparent', `00-${fresh.traceId}-${fresh.spanId}-01`], ['X-Request-ID', 'r-1'], ['jaeger-debug-id', 'r-1']],
      identity: fresh,
    });
  });

  test('keeps what it has, and is looked for by that', () => {
    const headers = [['Traceparent', `00-${'c'.repeat(32)}-${'d'.repeat(16)}-00`], ['x-request-id', 'mine'], ['Jaeger-Debug-Id', 'j']] as const;
    assert.deepEqual(withTraceHeaders(headers, fresh), { headers, identity: { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), requestId: 'mine' } });
  });

  test('a malformed traceparent is replaced', () => {
    const { headers, identity } = withTraceHeaders([['traceparent', 'nonsense']], fresh);
    assert.deepEqual([headers[0], identity.traceId], [['traceparent', `00-${fresh.traceId}-${fresh.spanId}-01`], fresh.traceId]);
  });

  const names: Record<string, readonly string[]> = { gateway: ['172.18.0.2'], mixed: ['10.0.0.1', '8.8.8.8'], 'api.example.com': ['93.184.216.34'] };
  const resolve = async (name: string): Promise<readonly string[]> => names[name] ?? Promise.reject(new Error('ENOTFOUND'));
  for (const [host, expected] of [
    ['127.0.0.1', true], ['127.9.9.9', true], ['localhost', true], ['A.LocalHost', true], ['[::1]', true], ['[::ffff:10.1.2.3]', true], ['[fd00::1]', true],
    ['10.1.2.3', true], ['172.31.0.1', true], ['172.32.0.1', false], ['192.168.1.1', true], ['169.254.169.254', false], ['[fe80::1]', false], ['8.8.8.8', false], ['0.0.0.0', false],
    ['[::ffff:8.8.8.8]', false], ['gateway', true], ['mixed', false], ['api.example.com', false], ['unknown.example', false], ['localhost.example.com', false],
  ] as const) {
    test(`${host} is ${expected ? '' : 'not '}private`, async () => assert.equal(await isPrivateHost(host, resolve), expected));
  }

  test('the answer as text', () => {
    const request = { method: 'POST', url: 'http://h/x', headers: [], body: '' };
    const base = { httpVersion: '1.1', status: 200, statusText: 'OK', isTruncated: false, firstByteMs: 12, durationMs: 1500 };
    const text = (headers: readonly (readonly [string, string])[], body: string): string => responseText(request, { ...base, headers, body: Buffer.from(body) }, fresh);
    assert.equal(
      text([['Content-Type', 'application/problem+json; charset=utf-8']], '{"a":1}').replaceAll('\u202f', ' '),
      `# POST http://h/x\n# 1.5 s (first byte after 12 ms) · 7 B\n# trace ${fresh.traceId}\n# request id r-1\n\nHTTP/1.1 200 OK\nContent-Type: application/problem+json; charset=utf-8\n\n{\n  "a": 1\n}\n`,
    );
    assert.match(text([['content-type', 'application/json']], '{"a'), /\n\n\{"a\n$/);
    assert.match(text([['content-encoding', 'gzip']], 'xx'), /\(2\u202fB of gzip\)/);
    assert.match(text([], 'a\0b'), /that are not text/);
  });

  test('the services behind the targets', () => {
    const target = (job: string, url: string, state: 'healthy' | 'offline') => ({ kind: 'target' as const, id: url, job, url, state, lastError: '', intervalMs: 1 });
    const targets = [target('b', 'http://h:1/metrics', 'offline'), target('a', 'http://h:2/metrics', 'healthy'), target('b', 'http://h:1/other', 'healthy'), target('c', 'http://h:3/', 'offline'), target('d', 'nonsense', 'healthy')];
    assert.deepEqual(serviceOrigins(targets), [{ job: 'a', origin: 'http://h:2', isUp: true }, { job: 'b', origin: 'http://h:1', isUp: true }, { job: 'c', origin: 'http://h:3', isUp: false }]);
  });
});
