import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MAX_BODY_BYTES, sendRequest, type ReceivedResponse } from '../../src/extension/http-request/send-request.ts';

async function ask(handle: RequestListener, request: { method?: string; headers?: [string, string][]; body?: string } = {}, signal = new AbortController().signal): Promise<ReceivedResponse> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await sendRequest({ method: 'GET', headers: [], body: '', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x?y`, ...request }, signal);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

suite('sending one request', () => {
  test('sends method, repeated headers and body, and keeps what comes back as it is', async () => {
    const response = await ask(
      (request, answer) => {
        let body = '';
        request.setEncoding('utf8').on('data', (text: string) => (body += text));
        request.on('end', () => answer.writeHead(207, 'Fine', [['X-A', '1'], ['x-a', '2']].flat()).end(JSON.stringify([request.method, request.url, request.headers['x-b'], request.headers['content-length'], body])));
      },
      { method: 'PATCH', headers: [['X-B', '1'], ['x-b', '2'], ['Content-Length', '99']], body: 'é' },
    );
    assert.deepEqual([response.status, response.statusText, response.httpVersion], [207, 'Fine', '1.1']);
    assert.deepEqual(response.headers.slice(0, 2), [['X-A', '1'], ['x-a', '2']]);
    assert.deepEqual(JSON.parse(Buffer.from(response.body).toString()), ['PATCH', '/x?y', '1, 2', '2', 'é']);
    assert.ok(response.firstByteMs > 0 && response.durationMs >= response.firstByteMs);
  });

  test('does not follow redirects', async () => {
    assert.equal((await ask((_, answer) => answer.writeHead(302, { location: 'http://127.0.0.1:1/' }).end())).status, 302);
  });

  test('cuts a body that is too large', async () => {
    const response = await ask((_, answer) => answer.end(Buffer.alloc(MAX_BODY_BYTES + 100_000, 120)));
    assert.deepEqual([response.isTruncated, response.body.length], [true, MAX_BODY_BYTES]);
  });

  test('rejects a broken connection, a URL that is none, and when it is aborted', async () => {
    await assert.rejects(ask((request) => request.socket.destroy()));
    await assert.rejects(sendRequest({ method: 'GET', url: 'nonsense', headers: [], body: '' }, new AbortController().signal), /Invalid URL/);
    const abort = new AbortController();
    await assert.rejects(ask(() => abort.abort(), {}, abort.signal), { name: 'AbortError' });
  });
});
