import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FloatHistogram } from '../../src/model/histogram.ts';
import { API_REQUESTS, type ApiRequestCase } from './support/api-requests.ts';
import { startCollectorProcess, type CollectorProcess } from './support/collector-process.ts';
import { findPrometheus, startPrometheus, type PrometheusProcess } from './support/oracle-process.ts';
import { remoteWrite, type SentSeries } from './support/remote-write-client.ts';

const times = Array.from({ length: 11 }, (_, i) => i * 30_000);
const floats = (labels: readonly string[], value: (i: number) => number): SentSeries => ({ labels, samples: times.map((timeMs, i) => [timeMs, value(i)] as const) });
const histogram = (i: number): FloatHistogram => ({
  schema: 0, count: 6 * i, sum: 10 * i, zeroThreshold: 0.001, zeroCount: i, counterReset: 'unknown', positive: { indexes: [0, 1, 3], counts: [i, 2 * i, i] }, negative: { indexes: [1], counts: [i] },
});

const SERIES: readonly SentSeries[] = [
  { ...floats(['__name__', 'foo', 'instance', 'é', 'job', 'a'], (i) => i * 1.5), exemplars: [{ labels: { trace_id: 'abc' }, value: 1.5, timeMs: 60_000 }, { labels: { trace_id: 'd"e', z: '1' }, value: 1e30, timeMs: 90_500 }] },
  floats(['__name__', 'foo', 'instance', 'y', 'job', 'b'], (i) => 1 / (i + 1)),
  floats(['__name__', 'foo', 'instance', 'y', 'job', 'a'], (i) => [NaN, Infinity, -Infinity, -0, 1e-7, 1e21, 123456789012, 0.1, 1e-6, 1e20, 5][i]!),
  floats(['__name__', 'bar', 'job', 'b'], () => 2),
  floats(['__name__', 'dotted.name', 'with.dot', 'x'], (i) => i),
  floats(['__name__', 'gauge'], (i) => 5 - i),
  floats(['__name__', 'gauge_total'], (i) => 5 - i),
  { labels: ['__name__', 'lat', 'job', 'a'], samples: times.map((timeMs, i) => [timeMs, histogram(i)] as const) },
  { labels: ['__name__', 'ends'], samples: [[0, 1], [30_000, 2], [60_000, 'stale']] },
];

/** Where Prometheus's answer is not one to copy. */
function isKnownDeviation({ path }: ApiRequestCase, mine: Reply, theirs: Reply): boolean {
  // It crashes.
  if (/unexpected error|"".*Item/.test(JSON.stringify(theirs.body))) return true;
  // It turns times outside of years 1678 to 2262, and infinite ones, into others by overflow.
  const time = /[&?](?:time|start|end)=([^&]*)/g;
  for (const [, text = ''] of path.matchAll(time)) {
    const value = decodeURIComponent(text);
    if (/^[+-]?(?:inf|nan)/i.test(value) || Math.abs(Number(value)) >= 9_223_372_036 || /^(?:-?29|0001|9999)/.test(value)) return true;
  }
  // One set of matchers gives series in the order they were created, so that a limit takes the first of these.
  return /series\?match\[\]=foo&limit=/.test(path) && JSON.stringify(mine.body).includes('truncated') && JSON.stringify(theirs.body).includes('truncated');
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** What of an answer may differ: the order of keys, times that things took, the order of series where there is none. */
function normalised(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => normalised(item));
    const isSet = key === 'data' ? items.every((item) => typeof item === 'object') : key === 'result' && items.every((item) => typeof item === 'object' && item !== null && 'metric' in item);
    return isSet ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'timings' && name !== 'peakSamples').sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, normalised(item, name)]));
}

async function ask(base: string, { path, form }: ApiRequestCase): Promise<Reply> {
  const response = await fetch(base + path, form === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form });
  const text = await response.text();
  if (text === '' || response.headers.get('content-type')?.startsWith('application/json') !== true) return { status: response.status, body: response.ok ? text : '' };
  try {
    return { status: response.status, body: normalised(JSON.parse(text)) };
  } catch {
    return { status: response.status, body: `not JSON: ${text}` };
  }
}

suite('the Prometheus API beside a real Prometheus', function () {
  this.timeout(120_000);
  let folder = '';
  let collector: CollectorProcess | undefined;
  let prometheus: PrometheusProcess | undefined;

  suiteSetup(async function () {
    const program = findPrometheus();
    if (program === undefined) {
      // eslint-disable-next-line no-console -- a test that does nothing must say so
      console.warn('SKIPPED: no `prometheus` 3.5 on the PATH, in $SIGHTLINE_ORACLES or in ~/.cache/oracles/bin; the API was not compared with it');
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'api-oracle-'));
    [collector, prometheus] = await Promise.all([startCollectorProcess(folder, ['--retention-age', 'off', '--promql', '3.5']), startPrometheus(program, ['--enable-feature=exemplar-storage,native-histograms,promql-per-step-stats'])]);
    await Promise.all([collector.api, prometheus.url].map((url) => remoteWrite(url, SERIES)));
  });

  suiteTeardown(async () => {
    await Promise.all([collector?.kill(), prometheus?.stop()]);
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  test(`${String(API_REQUESTS.length)} requests get the same status and JSON`, async () => {
    assert.ok(collector && prometheus);
    const differences: string[] = [];
    for (const request of API_REQUESTS) {
      const [mine, theirs] = await Promise.all([ask(collector.api, request), ask(prometheus.url, request)]);
      const [here, there] = [JSON.stringify(mine), JSON.stringify(theirs)];
      if (here === there || isKnownDeviation(request, mine, theirs)) continue;
      differences.push(`${decodeURIComponent(request.path.replace(/%(?![0-9a-f]{2})|%ff/gi, '%25'))}${request.form === undefined ? '' : ` POST ${request.form}`}\n  here:       ${here.slice(0, 600)}\n  prometheus: ${there.slice(0, 600)}`);
    }
    assert.deepEqual(differences, []);
  });
});
