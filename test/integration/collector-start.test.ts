import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTempDir, startCollectorProcess, type CollectorProcess } from './support/collector-process.ts';
import { otlpGauge } from './support/otlp-samples.ts';

suite('collector: starts with what it finds, or ends', function () {
  this.timeout(30_000);
  let dir: ReturnType<typeof makeTempDir>;
  let collector: CollectorProcess | undefined;
  setup(() => (dir = makeTempDir()));
  teardown(async () => {
    await collector?.kill();
    collector = undefined;
    dir.remove();
  });

  test('damaged files are set aside, the log says where they are, and data comes in', async () => {
    const names = ['metrics.db', 'events.db', 'lock.db', 'collector.lock'];
    for (const name of names) writeFileSync(join(dir.path, name), 'not what it should be\n'.repeat(500));
    collector = await startCollectorProcess(dir.path);
    const response = await fetch(`${collector.otlp}/v1/metrics`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: otlpGauge([1], Date.now()) });
    assert.equal(response.status, 200);
    const log = collector.log();
    for (const name of names.slice(0, 3)) {
      const aside = readdirSync(dir.path).find((file) => file.startsWith(`${name}.damaged-`));
      assert.ok(aside, name);
      assert.ok(log.includes(aside), log);
    }
    assert.equal(await collector.stop(), 0);
  });

  test('a start that fails after the first port was opened ends, with cause and remedy', async () => {
    // The collector's process has the data folder for its XDG_RUNTIME_DIR.
    writeFileSync(join(dir.path, `sightline-${process.getuid?.() ?? ''}`), '');
    await assert.rejects(startCollectorProcess(dir.path), /ended with 1 before it was ready:[^]*set XDG_RUNTIME_DIR to a folder of your own/);
  });

  test('a data folder that is a file is refused with a remedy', async () => {
    const file = join(dir.path, 'file');
    writeFileSync(file, '');
    await assert.rejects(startCollectorProcess(file), /ended with 1 before it was ready:[^]*give another --data-dir/);
  });
});
