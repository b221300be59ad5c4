import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openEventsStore } from '../../src/store/events/events-store.ts';

const WRITER = fileURLToPath(new URL('./events-store-writer.ts', import.meta.url));
const RECORDS = 30;

/** Lets the writer run until it has acknowledged `rounds` batches, kills it, and returns how many it had acknowledged. */
async function writeAndKill(path: string, rounds: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let acknowledged = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line) + 1;
    if (acknowledged >= rounds && !child.killed) child.kill('SIGKILL');
  }
  await exited;
  return acknowledged;
}

suite('events store, killed', () => {
  // The last number: with closed blocks behind it.
  for (const rounds of [1, 7, 150]) {
    test(`after ${rounds} acknowledged batches every span and line is there`, async function () {
      this.timeout(60_000);
      const dir = mkdtempSync(join(tmpdir(), 'sightline-kill-'));
      try {
        const path = join(dir, 'events.db');
        const acknowledged = await writeAndKill(path, rounds);
        assert.ok(acknowledged >= rounds);
        const store = openEventsStore({
          path, retentionAgeMs: undefined, retentionBytesTraces: 2 ** 30, retentionBytesLogs: 2 ** 30, memoryBytes: 2 ** 26, clock: { nowMs: () => 0 },
        });
        try {
          for (let round = 0; round < acknowledged; round++) {
            const traceId = (round + 1).toString(16).padStart(32, '0');
            const expected = Array.from({ length: RECORDS }, (_, i) => `${round}.${i}`);
            assert.deepEqual(store.getTrace(traceId).map((item) => item.name), expected);
            const { items } = store.searchLogs({ traceId }, { limit: 1000 });
            assert.deepEqual(items.map((record) => record.body).reverse(), expected);
          }
          // A batch is there whole or not at all; the one after the last acknowledged may have been committed already.
          const { spans, logs } = store.stats();
          assert.equal(spans.records % RECORDS, 0);
          assert.equal(spans.records, logs.records);
          assert.ok(spans.records <= (acknowledged + 1) * RECORDS);
        } finally {
          store.dispose();
        }
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    });
  }
});
