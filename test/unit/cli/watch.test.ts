import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runWatch } from '../../../src/cli/watch.ts';

const snapshot = (atMs: number, providers: readonly unknown[]) => ({ atMs, services: [], targets: [], providers });
const groq = { id: 'provider/bifrost/groq', name: 'groq', state: 'healthy', reasons: [], latency: { p50: 0.1 }, requestsPerSecond: 7, successRatio: 1 };

async function serve(answer: () => { readonly status: number; readonly body: string }): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((_request, response) => {
    const { status, body } = answer();
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, server };
}

/** Runs the command against a server; the output is what it wrote. */
async function run(args: readonly string[], answer: () => { readonly status: number; readonly body: string }, columns?: number) {
  const { url, server } = await serve(answer);
  let out = '';
  let err = '';
  try {
    const code = await runWatch(['--api', `${url}/`, ...args], {
      out: (text) => (out += text),
      err: (text) => (err += text),
      columns,
      signal: new AbortController().signal,
    });
    return { code, out, err };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

suite('sightline watch', () => {
  test('prints lines and a summary where there is no terminal', async () => {
    const { code, out, err } = await run(['--for', '300ms'], () => ({ status: 200, body: JSON.stringify(snapshot(Date.now(), [groq])) }));
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^.*http:\/\/127[^\n]*\nprovider .*\ngroq +7\.00 +100\.0 +100 ms .*healthy\n\n\nSummary of 0 s\nprovider .*\ngroq +7\.00 /);
    assert.ok(!out.includes('\u001b'));
  });

  test('draws over itself on a terminal', async () => {
    const { out } = await run(['--for', '300ms'], () => ({ status: 200, body: JSON.stringify(snapshot(Date.now(), [groq])) }), 80);
    assert.match(out, /\u001b\[3A\u001b\[0J\nSummary/);
  });

  for (const [name, status, body, expected] of [
    ['nothing recognised', 200, JSON.stringify(snapshot(1, [])), /no provider was seen\. Is anything scraped/],
    ['another server', 200, '{"status":"ok"}', /is not a Sightline collector/],
    ['providers of another shape', 200, JSON.stringify(snapshot(1, [{ name: 1 }])), /is not a Sightline collector/],
    ['an error', 503, '', /answers 503/],
  ] as const) {
    test(`${name} is a failure that says why`, async () => {
      const { code, out, err } = await run(['--for', '100ms'], () => ({ status, body }));
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, expected);
    });
  }

  test('wrong arguments are a usage error', async () => {
    for (const args of [['--for', 'soon'], ['--nope'], ['extra']]) {
      const { code, err } = await run(args, () => ({ status: 200, body: '{}' }));
      assert.equal(code, 2);
      assert.match(err, /^sightline watch: .*\n\nUsage: sightline watch/);
    }
  });
});
