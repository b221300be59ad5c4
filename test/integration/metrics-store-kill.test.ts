import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openMetricsStore } from '../../src/store/metrics/metrics-store.ts';

const WRITER = fileURLToPath(new URL('./fixtures/metrics-store-writer.ts', import.meta.url));
const SERIES = 200;

/** Lets the writer run until it has acknowledged `rounds` batches, kills it, and returns the last acknowledged round. */
async function writeAndKill(path: string, rounds: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let last = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last + 1 >= rounds && !child.killed) child.kill('SIGKILL');
  }
  await exited;
  return last;
}

suite('metrics store, killed', () => {
  // The last number: deep in the journal, or with flushes and a half-written block behind it.
  for (const rounds of [1, 7, 300]) {
    test(`after ${rounds} acknowledged batches everything is there`, async function () {
      this.timeout(60_000);
      const dir = mkdtempSync(join(tmpdir(), 'sightline-kill-'));
      try {
        const path = join(dir, 'metrics.db');
        const last = await writeAndKill(path, rounds);
        assert.ok(last + 1 >= rounds);
        const store = openMetricsStore({ path, retentionAgeMs: undefined, retentionBytes: 2 ** 30, memoryBytes: 2 ** 26, clock: { nowMs: () => 0 } });
        const found = store.select([], 0, last * 1000 + 9);
        assert.equal(found.length, last === 0 ? SERIES : 2 * SERIES);
        let samples = 0;
        for (const { labels, length, timestamps, values } of found) {
          const i = Number(labels[3]);
          for (let at = 0; at < length; at++) assert.equal(values[at], Math.floor(timestamps[at]! / 1000) + i / SERIES);
          samples += length;
        }
        assert.equal(samples, (last + 1) * SERIES * 10);
        store.close();
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    });
  }
});
