import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { MetricBatchBuilder } from '../../../src/model/metric-batch.ts';
import { openEventsStore } from '../../../src/store/events/events-store.ts';
import { openMetricsStore } from '../../../src/store/metrics/metrics-store.ts';
import { logRecord } from './events/samples.ts';

const NOW_MS = 1_700_000_000_000;
const clock = { nowMs: () => NOW_MS };

/** Opens the store at `path`, adds one record and closes it; returns how many it then held. */
type Use = (path: string, onDamage: (problem: string) => void) => number;

const STORES: Readonly<Record<string, Use>> = {
  metrics(path, onDamage) {
    const store = openMetricsStore({ path, onDamage, clock, retentionAgeMs: undefined, retentionBytes: 2 ** 30, memoryBytes: 2 ** 26 });
    const batch = new MetricBatchBuilder();
    batch.startSeries(labelsFromRecord({ __name__: 'up' }));
    batch.addFloat(NOW_MS + store.stats().samples, 1);
    store.append(batch.build());
    const { samples } = store.stats();
    store.close();
    return samples;
  },
  events(path, onDamage) {
    const store = openEventsStore({ path, onDamage, clock, retentionAgeMs: undefined, retentionBytesTraces: 1e9, retentionBytesLogs: 1e9, memoryBytes: 1e8 });
    store.appendLogs([logRecord()]);
    const { records } = store.stats().logs;
    store.dispose();
    return records;
  },
};

const noDamage = (problem: string): never => assert.fail(problem);

function sql(path: string, text: string): void {
  const database = new DatabaseSync(path);
  database.exec(text);
  database.close();
}

/** What may stand where the store's file should be; each is given the path of a sound one. */
const DAMAGES: Readonly<Record<string, (path: string) => void>> = {
  'a file that is no database': (path) => writeFileSync(path, 'whatever its name says, this is text\n'.repeat(500)),
  'a file that was cut off': (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  'a file whose pages were overwritten': (path) => {
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 200);
    writeFileSync(path, bytes);
  },
  'the database of another program': (path) => {
    rmSync(path);
    sql(path, 'CREATE TABLE bookmarks(url TEXT); INSERT INTO bookmarks VALUES (1)');
  },
  'tables of the same names with other columns': (path) => {
    sql(path, 'ALTER TABLE ' + (path.endsWith('metrics.db') ? 'series RENAME COLUMN key TO keys' : 'log_wal RENAME COLUMN bytes TO blob'));
  },
  'the file of a newer version': (path) => {
    sql(path, path.endsWith('metrics.db') ? "UPDATE state SET value = 99 WHERE name = 'format'" : 'PRAGMA user_version = 99');
  },
  'a folder': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
};

for (const [kind, use] of Object.entries(STORES)) {
  suite(`store of ${kind}: files that cannot be used`, () => {
    let dir: string;
    setup(() => (dir = mkdtempSync(join(tmpdir(), 'damaged-'))));
    teardown(() => rmSync(dir, { recursive: true, force: true }));

    for (const [name, damage] of Object.entries(DAMAGES)) {
      test(`${name} is set aside whole, and a new one begins`, () => {
        const path = join(dir, `${kind}.db`);
        assert.equal(use(path, noDamage), 1);
        damage(path);
        const isFile = statSync(path).isFile();
        if (isFile) copyFileSync(path, join(dir, 'before'));
        const problems: string[] = [];
        assert.equal(use(path, (problem) => problems.push(problem)), 1);
        assert.equal(problems.length, 1, problems.join('\n'));
        const aside = readdirSync(dir).find((file) => file.startsWith(`${kind}.db.damaged-`));
        assert.ok(aside && problems[0]!.includes(aside), problems[0]);
        if (isFile) assert.deepEqual(readFileSync(join(dir, aside)), readFileSync(join(dir, 'before')));
        assert.equal(use(path, noDamage), 2);
      });
    }

    test('what the system is to blame for is thrown, with a remedy, and nothing is renamed', () => {
      assert.throws(() => use(join(dir, 'missing', `${kind}.db`), noDamage), /cannot be opened: .*Check that the disk has room/);
      assert.deepEqual(readdirSync(dir), []);
    });
  });
}
