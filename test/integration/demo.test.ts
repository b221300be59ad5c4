import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo, type Demo } from '../../samples/supervisor.ts';

const entry = join(import.meta.dirname, '..', '..', 'samples', 'demo.ts');
const PROVIDERS = ['bedrock', 'groq', 'mistral', 'openai'];

suite('demo workload', function () {
  this.timeout(30_000);

  test('serves four providers over real sockets, sends OTLP, and leaves no process behind', async () => {
    const paths = new Set<string>();
    const sink = createServer((request, response) => {
      paths.add(request.url ?? '');
      request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
    });
    await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
    const { port } = sink.address() as AddressInfo;
    let demo: Demo | undefined;
    let output = '';
    try {
      demo = await startDemo({ entry, ports: 'free', otlpEndpoint: `http://127.0.0.1:${port}`, onOutput: (text) => (output += text) });
      const gateway = `http://127.0.0.1:${demo.ports.gateway}`;
      const counts = await until(async () => {
        const found = requestsByProvider(await (await fetch(`${gateway}/metrics`)).text());
        return PROVIDERS.every((provider) => (found[provider] ?? 0) > 0) ? found : undefined;
      });
      assert.deepEqual(Object.keys(counts).sort(), PROVIDERS);
      await until(async () => (['/v1/logs', '/v1/metrics', '/v1/traces'].every((path) => paths.has(path)) ? true : undefined));

      const refused = await fetch(`${gateway}/v1/chat/completions`, { method: 'POST', body: '{"model":"gpt-4o"}' });
      assert.equal(refused.status, 400);
      assert.equal((await fetch(`${gateway}/admin/log-level`, { method: 'PUT', body: '{"level":"loud"}' })).status, 400);
      assert.equal((await fetch(`${gateway}/admin/log-level`, { method: 'PUT', body: '{"level":"debug"}' })).status, 200);
      assert.match(readFileSync(join(demo.workspaceDir, 'prometheus.yml'), 'utf8'), new RegExp(`127\\.0\\.0\\.1:${demo.ports.gateway}'`));
      assert.match(output, /^\{"time":"[^"]+","level":"info","service":"gateway"/m);

      const pids = demo.pids();
      assert.equal(pids.length, 4);
      await demo.stop();
      assert.deepEqual(pids.filter(isAlive), []);
      assert.equal(existsSync(demo.workspaceDir), false);
    } finally {
      await demo?.stop();
      sink.closeAllConnections();
      sink.close();
    }
  });

  for (const [name, end] of [
    ['is killed', (child: ReturnType<typeof spawn>) => child.kill('SIGKILL')],
    ['loses its input', (child: ReturnType<typeof spawn>) => child.stdin?.end()],
    ['is terminated', (child: ReturnType<typeof spawn>) => child.kill('SIGTERM')],
  ] as const) {
    test(`leaves no process when the supervisor ${name}`, async () => {
      // A supervisor that is killed cannot remove its copy of the workspace.
      const temporary = mkdtempSync(join(tmpdir(), 'sld-'));
      const child = spawn(process.execPath, [entry, '--free-ports', '--quiet'], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: temporary } });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      await until(async () => (output.includes('\n') ? true : undefined));
      const pids = /"pids":\[([\d,]+)\]/.exec(output)![1]!.split(',').map(Number);
      assert.deepEqual(pids.filter(isAlive), pids);
      end(child);
      await until(async () => (pids.some(isAlive) ? undefined : true));
      rmSync(temporary, { recursive: true, force: true });
    });
  }
});

function requestsByProvider(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, provider, value] of text.matchAll(/^bifrost_upstream_requests_total\{provider="(\w+)".*\} (\d+)$/gm)) {
    counts[provider!] = (counts[provider!] ?? 0) + Number(value);
  }
  return counts;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Asks every 50 ms until there is an answer; the test's own time limit ends it otherwise. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
