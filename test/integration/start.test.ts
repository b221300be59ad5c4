import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'start.mjs');

/** The start script without an editor; `output` grows. */
function start(args: readonly string[]): { readonly child: ChildProcess; readonly output: () => string; readonly ended: Promise<number | null> } {
  const child = spawn(process.execPath, [script, '--headless', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { child, output: () => output, ended: new Promise((resolve) => child.once('close', resolve)) };
}

const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('sightline-start-'));

suite('npm start -- --headless', function () {
  this.timeout(90_000);

  test('shows four providers with their rates, and leaves nothing behind', async () => {
    const before = leftovers();
    const { output, ended } = start(['--for', '12s']);
    assert.equal(await ended, 0, output());
    const summary = output().slice(output().indexOf('Summary of'));
    const rates = Object.fromEntries([...summary.matchAll(/^(\w+) +(\d+\.\d+) +\d+\.\d +[\d.]+ m?s/gm)].map(([, name, rate]) => [name!, Number(rate)]));
    assert.deepEqual(Object.keys(rates), ['bedrock', 'groq', 'mistral', 'openai'], output());
    assert.ok(Object.values(rates).every((rate) => rate > 0.5), summary);
    assert.deepEqual(leftovers(), before);
  });

  test('Ctrl-C ends it with a summary', async () => {
    const before = leftovers();
    const { child, output, ended } = start([]);
    while (!output().includes('openai')) await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGINT');
    assert.equal(await ended, 0, output());
    assert.match(output(), /\nSummary of \d+ s\nprovider /);
    assert.deepEqual(leftovers(), before);
  });

  test('says what is wrong with its arguments', () => {
    const { status, stderr } = spawnSync(process.execPath, [script, '--for', 'ever'], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [1, 'npm start: --for ever is not a time such as 20s or 2m\n']);
  });
});
