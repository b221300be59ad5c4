import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { labelsToRecord } from '../../src/model/labels.ts';
import type { MetricBatch } from '../../src/model/metric-batch.ts';
import { STALE_NAN_BITS } from '../../src/model/metric.ts';
import { ScrapeAppenders } from '../../src/receive/scrape/scrape-appenders.ts';
import type { ScrapeSink } from '../../src/receive/scrape/scrape-loop.ts';
import { ScrapeManager, type TargetStatus } from '../../src/receive/scrape/scrape-manager.ts';
import { readPrometheusConfig } from '../../src/receive/scrape/read-prometheus-config.ts';
import type { ScrapeConfig } from '../../src/receive/scrape/scrape-config.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Stands for the metrics worker: keeps every sample as `name{instance,…} value`. */
class MemorySink implements ScrapeSink {
  readonly lines: string[] = [];
  readonly appenders = new ScrapeAppenders();
  readonly opened: string[] = [];

  async open(...[id, spec]: Parameters<ScrapeSink['open']>): Promise<void> {
    this.opened.push(id);
    this.appenders.open(id, structuredClone(spec));
    return Promise.resolve();
  }

  async append(...[id, input]: Parameters<ScrapeSink['append']>): ReturnType<ScrapeSink['append']> {
    const appended = this.appenders.append(id, input);
    if (appended) this.#keep(appended.batch);
    return Promise.resolve(appended?.outcome);
  }

  async close(...[id, staleAtMs]: Parameters<ScrapeSink['close']>): Promise<void> {
    const batch = this.appenders.close(id, staleAtMs);
    if (batch) this.#keep(batch);
    return Promise.resolve();
  }

  #keep(batch: MetricBatch): void {
    const bits = new Uint32Array(batch.values.buffer, batch.values.byteOffset, 2 * batch.values.length);
    batch.series.forEach((labels, i) => {
      const { __name__: name = '', job = '' } = labelsToRecord(labels);
      for (let j = batch.offsets[i]!; j < batch.offsets[i + 1]!; j++) {
        const isStale = bits[2 * j] === STALE_NAN_BITS.low && bits[2 * j + 1] === STALE_NAN_BITS.high;
        this.lines.push(`${job}/${name} ${isStale ? 'stale' : batch.values[j]!}`);
      }
    });
  }
}

suite('ScrapeManager', () => {
  const servers: http.Server[] = [];
  let manager: ScrapeManager;
  let sink: MemorySink;
  let folder = '';

  setup(async () => {
    sink = new MemorySink();
    manager = new ScrapeManager(sink, {
      maxFirstDelayMs: 0,
      onError: (error) => {
        throw error;
      },
    });
    folder = await mkdtemp(path.join(os.tmpdir(), 'sightline-scrape-'));
  });

  teardown(async () => {
    manager.dispose();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    await rm(folder, { recursive: true, force: true });
  });

  async function serve(handler: Handler): Promise<string> {
    const server = http.createServer(handler);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const text = (body: string | (() => string), contentType = 'text/plain; version=0.0.4'): Handler => (_, response) => {
    response.writeHead(200, { 'content-type': contentType }).end(typeof body === 'string' ? body : body());
  };

  function configs(...jobs: readonly string[]): readonly ScrapeConfig[] {
    const yaml = `global: {scrape_interval: 200ms, scrape_timeout: 150ms}\nscrape_configs:\n${jobs.map((job) => `  - ${job}\n`).join('')}`;
    const { config, problems } = readPrometheusConfig(yaml, folder);
    assert.deepEqual(problems, []);
    return config.scrapeConfigs;
  }

  const job = (name: string, address: string, more = ''): string => `{job_name: ${name}, static_configs: [{targets: ["${address}"]}]${more === '' ? '' : `, ${more}`}}`;

  /** Waits until the condition holds after some scrape. */
  async function until(what: string, holds: () => boolean): Promise<void> {
    const deadline = Date.now() + 8000;
    while (!holds()) {
      if (Date.now() > deadline) assert.fail(`${what} did not come true; ${JSON.stringify(manager.targets().map(({ health, lastError }) => [health, lastError]))} ${sink.lines.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  const target = (name: string): TargetStatus => manager.targets().find(({ jobName }) => jobName === name)!;
  const isUp = (name: string): Promise<void> => until(`${name} is up`, () => target(name).health === 'up');
  const isDown = (name: string, reason: RegExp): Promise<void> => until(`${name} is down: ${reason}`, () => target(name).health === 'down' && reason.test(target(name).lastError));

  test('a clock that is put back does not stop the scraping', async () => {
    manager.dispose();
    let offsetMs = 0;
    manager = new ScrapeManager(sink, { maxFirstDelayMs: 0, clock: { nowMs: () => Date.now() + offsetMs } });
    let scrapes = 0;
    const address = await serve(text(() => `n ${++scrapes}\n`));
    manager.update(configs(job('a', address)));
    await until('the first scrape', () => scrapes > 0);
    offsetMs = -3_600_000;
    await until('scrapes after the step', () => scrapes > 3);
  });

  test('scrapes text and OpenMetrics, plain and with gzip', async () => {
    let seen: http.IncomingHttpHeaders = {};
    const plain = await serve((request, response) => {
      seen = request.headers;
      text('a 1\n')(request, response);
    });
    const zipped = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/openmetrics-text; version=1.0.0', 'content-encoding': 'gzip' }).end(zlib.gzipSync('b 2\n# EOF\n'));
    });
    manager.update(configs(job('plain', plain), job('zipped', zipped)));
    await isUp('plain');
    await isUp('zipped');
    assert.ok(sink.lines.includes('plain/a 1') && sink.lines.includes('plain/up 1') && sink.lines.includes('zipped/b 2'));
    assert.equal(
      seen['accept'],
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    );
    assert.deepEqual([seen['accept-encoding'], seen['x-prometheus-scrape-timeout-seconds']], ['gzip', '0.15']);
  });

  test('shows targets as the API wants them', async () => {
    const address = await serve(text('a 1\n'));
    manager.update(configs(job('j', address, 'metrics_path: /m, params: {b: [x, "y z"], a: ["1"]}, relabel_configs: [{source_labels: [__param_a], target_label: shard}]')));
    await isUp('j');
    const { lastScrapeMs, lastDurationMs, ...rest } = target('j');
    assert.ok(Date.now() - lastScrapeMs < 10_000 && lastDurationMs > 0);
    assert.deepEqual(rest, {
      jobName: 'j', health: 'up', lastError: '', scraped: 1, intervalMs: 200, timeoutMs: 150, url: `http://${address}/m?a=1&b=x&b=y+z`,
      labels: { instance: address, job: 'j', shard: '1' },
      discoveredLabels: {
        __address__: address, __metrics_path__: '/m', __param_a: '1', __param_b: 'x', __scheme__: 'http', __scrape_interval__: '200ms', __scrape_timeout__: '150ms', job: 'j',
      },
    });
  });

  test('authorizes itself: basic, bearer, from files, by headers', async () => {
    const seen = new Map<string, string | undefined>();
    const address = await serve((request, response) => {
      seen.set(request.url ?? '', request.headers.authorization ?? String(request.headers['x-key']));
      text('a 1\n')(request, response);
    });
    await writeFile(path.join(folder, 'token'), 'from-file\n');
    manager.update(
      configs(
        job('basic', address, 'metrics_path: /basic, basic_auth: {username: u, password: "p:w"}'),
        job('bearer', address, 'metrics_path: /bearer, bearer_token: t'),
        job('file', address, 'metrics_path: /file, authorization: {type: Token, credentials_file: token}'),
        job('header', address, 'metrics_path: /header, http_headers: {X-Key: {values: [k]}}'),
      ),
    );
    for (const name of ['basic', 'bearer', 'file', 'header']) await isUp(name);
    assert.deepEqual(
      ['/basic', '/bearer', '/file', '/header'].map((url) => seen.get(url)),
      [`Basic ${Buffer.from('u:p:w').toString('base64')}`, 'Bearer t', 'Token from-file', 'k'],
    );
  });

  test('a target that fails is down for a reason', async () => {
    const failing = await serve((_, response) => void response.writeHead(503).end('no'));
    const slow = await serve(() => undefined);
    const stalled = await serve((_, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).write('a 1\n'));
    const large = await serve(text('a 1\n'.repeat(1000)));
    const bomb = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(zlib.gzipSync(new Uint8Array(8 * 1024 * 1024)));
    });
    const broken = await serve(text('a 1\n!\n'));
    const html = await serve(text('<html>', 'text/html'));
    const moved = await serve((_, response) => void response.writeHead(302, { location: '/elsewhere' }).end());
    const closed = await serve(text(''));
    const closedServer = servers.pop()!;
    await new Promise((resolve) => closedServer.close(resolve));
    const expected: Readonly<Record<string, RegExp>> = {
      failing: /^server returned HTTP status 503 Service Unavailable$/,
      slow: /^Get "http:\/\/127\.0\.0\.1:\d+\/metrics": context deadline exceeded$/,
      stalled: /context deadline exceeded$/,
      large: /^body size limit exceeded$/,
      bomb: /^body size limit exceeded$/,
      broken: /^expected a valid start token, got "!" \("INVALID"\) while parsing: "!" \(line 2\)$/,
      html: /^received unsupported Content-Type "text\/html"/,
      moved: /^server returned HTTP status 302 Found$/,
      closed: /^Get "http:\/\/127\.0\.0\.1:\d+\/metrics": .*ECONNREFUSED/,
    };
    manager.update(
      configs(
        job('failing', failing), job('slow', slow), job('stalled', stalled), job('large', large, 'body_size_limit: 1KB'), job('bomb', bomb, 'body_size_limit: 1MB'),
        job('broken', broken), job('html', html), job('moved', moved, 'follow_redirects: false'), job('closed', closed),
      ),
    );
    for (const [name, reason] of Object.entries(expected)) {
      await isDown(name, reason);
      assert.ok(sink.lines.includes(`${name}/up 0`), name);
      assert.ok(!sink.lines.includes(`${name}/a 1`), name);
    }
  });

  test('follows redirects', async () => {
    const address = await serve((request, response) => {
      if (request.url === '/metrics') response.writeHead(302, { location: '/real' }).end();
      else text('a 1\n')(request, response);
    });
    manager.update(configs(job('j', address)));
    await isUp('j');
  });

  test('marks stale what vanishes, and everything when the target goes down', async () => {
    let body = 'a 1\nb 1\n';
    let isServing = true;
    const address = await serve((request, response) => {
      if (isServing) text(() => body)(request, response);
      else response.destroy();
    });
    manager.update(configs(job('j', address)));
    await isUp('j');
    body = 'a 1\n';
    await until('b is stale', () => sink.lines.includes('j/b stale'));
    assert.ok(!sink.lines.includes('j/a stale'));
    isServing = false;
    await until('a is stale', () => sink.lines.includes('j/a stale'));
    assert.ok(sink.lines.includes('j/up 0'));
  });

  test('a removed target ends with stale markers; one that stays is left alone', async () => {
    const gone = await serve(text('a 1\n'));
    const kept = await serve(text('k 1\n'));
    manager.update(configs(job('gone', gone), job('kept', kept)));
    await isUp('gone');
    await isUp('kept');
    const openedBefore = sink.opened.length;
    manager.update(configs(job('kept', kept)));
    assert.deepEqual(manager.targets().map(({ jobName, health }) => [jobName, health]), [['kept', 'up']]);
    await until('gone is stale', () => sink.lines.includes('gone/a stale') && sink.lines.includes('gone/up stale'));
    assert.ok(!sink.lines.includes('kept/k stale'));
    assert.equal(sink.opened.length, openedBefore);
  });

  test('a target that comes back in time continues its series', async () => {
    const address = await serve(text('a 1\n'));
    manager.update(configs(job('j', address)));
    await isUp('j');
    manager.update([]);
    manager.update(configs(job('j', address)));
    const before = sink.lines.length;
    // Longer than the stale markers would have taken to come.
    await until('five more scrapes', () => sink.lines.slice(before).filter((line) => line === 'j/a 1').length >= 5);
    assert.ok(!sink.lines.includes('j/a stale'));
  });

  test('a changed configuration takes effect', async () => {
    const address = await serve(text('a 1\nb 2\n'));
    manager.update(configs(job('j', address)));
    await isUp('j');
    manager.update(configs(job('j', address, 'metric_relabel_configs: [{action: drop, source_labels: [__name__], regex: b}]')));
    await until('b is stale', () => sink.lines.includes('j/b stale'));
  });

  test('pauses and resumes', async () => {
    let requests = 0;
    const address = await serve((request, response) => {
      requests++;
      text('a 1\n')(request, response);
    });
    manager.update(configs(job('j', address)));
    await isUp('j');
    manager.pause();
    const paused = requests;
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok(requests <= paused + 1);
    assert.deepEqual(manager.targets().map(({ health }) => health), ['up']);
    manager.resume();
    const lines = sink.lines.length;
    await until('scrapes go on', () => sink.lines.slice(lines).includes('j/a 1'));
    assert.ok(!sink.lines.includes('j/a stale'));
  });

  test('a worker that has forgotten its targets gets them again', async () => {
    const address = await serve(text('a 1\n'));
    manager.update(configs(job('j', address)));
    await isUp('j');
    const [id] = sink.opened;
    sink.appenders.close(id!, 0);
    await until('it is opened again', () => sink.opened.length === 2);
    const before = sink.lines.length;
    await until('scrapes go on', () => sink.lines.slice(before).includes('j/a 1'));
  });

  test('finds targets in files, as they change', async () => {
    const first = await serve(text('a 1\n'));
    const second = await serve(text('a 1\n'));
    const file = path.join(folder, 'targets.json');
    await writeFile(file, JSON.stringify([{ targets: [first], labels: { env: 'dev' } }]));
    manager.update(configs('{job_name: sd, file_sd_configs: [{files: ["targets.json"], refresh_interval: 50ms}]}'));
    await until('the first', () => manager.targets().some(({ health, labels }) => health === 'up' && labels['env'] === 'dev' && labels['instance'] === first));
    await writeFile(file, JSON.stringify([{ targets: [second] }]));
    await until('the second', () => manager.targets().length === 1 && manager.targets()[0]!.labels['instance'] === second);
    await writeFile(file, '[{"targets": 5}]');
    await until('a problem', () => manager.problems().files.length === 1);
    assert.equal(manager.targets()[0]!.labels['instance'], second);
  });

  test('drops targets by relabelling, refuses too many, and names those that cannot be', async () => {
    const address = await serve(text('a 1\n'));
    manager.update(
      configs(
        job('dropped', address, 'relabel_configs: [{action: drop, source_labels: [job], regex: dropped}]'),
        job('crowd', address, 'target_limit: 1').replace(`["${address}"]`, `["${address}", "localhost:${address.split(':')[1]!}"]`),
        job('bad', 'bad host', 'relabel_configs: []'),
      ),
    );
    assert.deepEqual([manager.droppedTargets().map(({ jobName }) => jobName), manager.droppedTargetCounts()], [['dropped'], { dropped: 1, crowd: 0, bad: 0 }]);
    assert.equal(manager.problems().targets[0]?.jobName, 'bad');
    await isDown('crowd', /^target_limit exceeded \(number of targets: 2, limit: 1\)$/);
  });

  test('nothing happens after disposal', async () => {
    let requests = 0;
    const address = await serve((request, response) => {
      requests++;
      text('a 1\n')(request, response);
    });
    manager.update(configs(job('j', address)));
    await isUp('j');
    manager.dispose();
    const [requestsBefore, linesBefore] = [requests, sink.lines.length];
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual([requests, sink.lines.length], [requestsBefore, linesBefore]);
  });
});
