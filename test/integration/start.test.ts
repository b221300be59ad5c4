import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'start.mjs');

/** The start script without an editor and with its own folder for temporary files; `output` grows. */
function start(temporary: string, args: readonly string[]): { readonly child: ChildProcess; readonly output: () => string; readonly ended: Promise<number | null> } {
  const child = spawn(process.execPath, [script, '--headless', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: temporary } });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { child, output: () => output, ended: new Promise((resolve) => child.once('close', resolve)) };
}

suite('npm start -- --headless', function () {
  this.timeout(90_000);
  let temporary = '';
  setup(() => {
    temporary = mkdtempSync(join(tmpdir(), 'slt-'));
  });
  teardown(() => rmSync(temporary, { recursive: true, force: true }));
  /** What is left in the temporary folder, but for the folder of sockets, which stays. */
  const leftovers = (): string[] => readdirSync(temporary).filter((name) => /^sightline-(start|demo)-/.test(name));

  test('shows four providers with their rates, and leaves nothing behind', async () => {
    const { output, ended } = start(temporary, ['--for', '12s']);
    assert.equal(await ended, 0, output());
    const summary = output().slice(output().indexOf('Summary of'));
    const rates = Object.fromEntries([...summary.matchAll(/^(\w+) +(\d+\.\d+) +\d+\.\d +[\d.]+ m?s/gm)].map(([, name, rate]) => [name!, Number(rate)]));
    assert.deepEqual(Object.keys(rates), ['bedrock', 'groq', 'mistral', 'openai'], output());
    assert.ok(Object.values(rates).every((rate) => rate > 0.5), summary);
    assert.deepEqual(leftovers(), []);
  });

  test('Ctrl-C ends it with a summary', async () => {
    const { child, output, ended } = start(temporary, []);
    await shows('openai', child, output);
    child.kill('SIGINT');
    assert.equal(await ended, 0, output());
    assert.match(output(), /\nSummary of \d+ s\nprovider /);
    assert.deepEqual(leftovers(), []);
  });

  test('a SIGKILL leaves no process', async () => {
    const { child, output } = start(temporary, []);
    await shows('openai', child, output);
    const pids = descendants(child.pid!);
    assert.ok(pids.length >= 7, String(pids));
    child.kill('SIGKILL');
    while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 100));
  });

  test('says what is wrong with its arguments', () => {
    const { status, stderr } = spawnSync(process.execPath, [script, '--for', 'ever'], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [1, 'npm start: --for ever is not a time such as 20s or 2m\n']);
  });
});

/** Waits until the program has printed `text`; fails when it ends before. */
async function shows(text: string, child: ChildProcess, output: () => string): Promise<void> {
  while (!output().includes(text)) {
    assert.ok(child.exitCode === null && child.signalCode === null, output());
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function descendants(root: number): number[] {
  const rows = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const found = [root];
  for (let i = 0; i < found.length; i++) found.push(...rows.filter(([, parent]) => parent === found[i]).map(([pid]) => pid!));
  return found.slice(1);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
