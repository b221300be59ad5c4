import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * A Prometheus 3.5 to compare with: on the PATH, in SIGHTLINE_ORACLES or in ~/.cache/oracles/bin. Another version means other things in places,
 * so it is passed over.
 */
export function findPrometheus(): string | undefined {
  const folders = [process.env['SIGHTLINE_ORACLES'] ?? '', join(homedir(), '.cache/oracles/bin'), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'prometheus'))
    .find((program) => existsSync(program) && /version 3\.5\./.test(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout));
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  server.close();
  await once(server, 'close');
  return address.port;
}

/** A real Prometheus with an empty database of its own. */
export interface PrometheusProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** Prometheus takes remote writes of any age, out of order too, and keeps its own series out of its database. */
const CONFIG = 'global:\n  evaluation_interval: 1m\nstorage:\n  tsdb:\n    out_of_order_time_window: 876000h\n';

/** Starts a Prometheus, with its own configuration file where one is given, and waits until it answers. */
export async function startPrometheus(program: string, args: readonly string[] = [], configFile?: string): Promise<PrometheusProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-oracle-'));
  const config = configFile ?? join(folder, 'prometheus.yml');
  if (configFile === undefined) writeFileSync(config, CONFIG);
  const url = `http://127.0.0.1:${String(await freePort())}`;
  const child = spawn(program, [
    `--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${url.slice('http://'.length)}`,
    '--web.enable-remote-write-receiver', '--storage.tsdb.retention.time=100y', '--storage.tsdb.min-block-duration=24h',
    '--storage.tsdb.max-block-duration=24h', '--log.level=error', ...args,
  ], { stdio: 'ignore' });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      kill();
      await exited;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + 30_000;
  while (!(await fetch(`${url}/-/ready`).then(({ ok }) => ok, () => false))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await stop();
      throw new Error('prometheus does not start');
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { url, stop };
}
