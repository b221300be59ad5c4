/**
 * Query latency over HTTP beside a real Prometheus 3.5, where there is one, with the same remote-written data:
 *   node test/bench/promql.bench.ts [--series 2000] [--rounds 15]
 * The two are asked in turn, so that the machine's changes of speed meet both; quote the ratios.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCollectorProcess } from '../integration/support/collector-process.ts';
import { findPrometheus, startPrometheus } from '../integration/support/oracle-process.ts';
import { encodeSeries, post } from '../integration/support/remote-write-client.ts';
import type { MemorySeries } from '../support/memory-series.ts';
import { request } from '../unit/codec/remote-write/write-request.ts';

const { values: options } = parseArgs({ options: { series: { type: 'string', default: '2000' }, rounds: { type: 'string', default: '15' } } });
const SERIES = Number(options.series);
const ROUNDS = Number(options.rounds);
const STEPS = 240;
const STEP_MS = 15_000;
const startMs = Math.floor((Date.now() - STEPS * STEP_MS) / STEP_MS) * STEP_MS;
const endMs = startMs + (STEPS - 1) * STEP_MS;

const QUERIES = [
  'sum by (path) (rate(bench_requests_total[5m]))',
  'histogram_quantile(0.99, sum by (le, path) (rate(bench_seconds_bucket[5m])))',
  'topk(5, sum by (path) (increase(bench_requests_total[1m])))',
  'max_over_time(bench_queue[10m])',
  'avg by (instance) ({__name__=~"bench_.*"})',
  'bench_seconds_bucket{le="1"} / ignoring(le) bench_seconds_bucket{le="+Inf"}',
];

function* labelSets(): Generator<string[], never> {
  const bounds = ['0.01', '0.1', '0.5', '1', '5', '+Inf'];
  for (let i = 0; ; i++) {
    const common = ['instance', `127.0.0.1:${8000 + Math.floor(i / 40)}`];
    const path = ['path', `/v1/${i % 40}`];
    yield ['__name__', 'bench_requests_total', ...common, ...path];
    yield ['__name__', 'bench_queue', ...common, ...path];
    for (const bound of bounds) yield ['__name__', 'bench_seconds_bucket', ...common, 'le', bound, ...path];
  }
}

async function fill(urls: readonly string[]): Promise<void> {
  const sets = labelSets();
  for (let done = 0; done < SERIES; done += 50) {
    const fields = Array.from({ length: Math.min(50, SERIES - done) }, (_, i) => {
      const labels = sets.next().value;
      const slope = 1 + ((done + i) % 17);
      const samples = Array.from({ length: STEPS }, (_unused, s): [number, number] => [startMs + s * STEP_MS, labels[1] === 'bench_queue' ? ((s * 7 + i) % 23) / 2 : s * slope]);
      const series: MemorySeries = { labels, samples };
      return encodeSeries(series);
    });
    for (const url of urls) if ((await post(url, request(...fields))) !== 204) throw new Error(`${url} does not take the data`);
  }
}

async function timed(url: string, query: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body: new URLSearchParams({ query, start: String(startMs / 1000), end: String(endMs / 1000), step: '15' }) });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url}: ${response.status} for ${query}`);
  return performance.now() - start;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

const program = findPrometheus();
if (!program) console.warn('SKIPPED: no `prometheus` 3.5 on the PATH, in $SIGHTLINE_ORACLES or in ~/.cache/oracles/bin; our own times only');
const folder = mkdtempSync(join(tmpdir(), 'sl-'));
const collector = await startCollectorProcess(folder, ['--retention-age', 'off']);
const prometheus = program === undefined ? undefined : await startPrometheus(program);
try {
  const urls = [collector.api, ...(prometheus ? [prometheus.url] : [])];
  await fill(urls);
  console.log(`${SERIES} series x ${STEPS} samples, ${ROUNDS} rounds, median ms`);
  const logs: number[] = [];
  for (const query of QUERIES) {
    const times = urls.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round++) for (const [i, url] of urls.entries()) times[i]?.push(await timed(url, query));
    const [ours = NaN, theirs] = times.map(median);
    if (theirs !== undefined) logs.push(Math.log(ours / theirs));
    console.log(`${query.padEnd(80)} ${ours.toFixed(2).padStart(8)}${theirs === undefined ? '' : ` ${theirs.toFixed(2).padStart(8)}   ratio ${(ours / theirs).toFixed(2)}`}`);
  }
  if (logs.length > 0) console.log(`geometric mean of the ratios: ${Math.exp(logs.reduce((sum, value) => sum + value, 0) / logs.length).toFixed(2)}`);
} finally {
  await collector.stop();
  await prometheus?.stop();
  rmSync(folder, { recursive: true, force: true });
}
