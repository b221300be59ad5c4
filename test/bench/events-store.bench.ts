/**
 * Measures the events store at a million spans, in one process:
 *   node test/bench/events-store.bench.ts [--spans 1000000] [--dir DIR]
 * CPU seconds are those of this thread's process while appending (spans are made outside the clock); times of queries are the
 * first call (with its CPU time, which tells when the machine is busy with something else) and the median of five.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/base/clock.ts';
import type { AttributeValue, Resource, Scope } from '../../src/model/attributes.ts';
import type { LogRecord } from '../../src/model/log-record.ts';
import type { Span } from '../../src/model/span.ts';
import { attributeText } from '../../src/store/events/encoding/attribute-text.ts';
import { openEventsStore, type EventsStore } from '../../src/store/events/events-store.ts';

const { values } = parseArgs({ options: { spans: { type: 'string', default: '1000000' }, dir: { type: 'string' } } });
const spanTotal = Number(values.spans);
const SPANS_PER_TRACE = 20;
const SPANS_PER_REQUEST = 500;
const RARE_EVERY = 100_000;
const START = BigInt(Date.now()) * 1_000_000n - 600_000_000_000n;

let seed = 7;
/** The next random number in [0, 1), the same in every run (mulberry32 by Tommy Ettinger). */
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
  return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
}
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const hex = (digits: number): string => Array.from({ length: digits / 8 }, () => Math.floor(random() * 2 ** 32).toString(16).padStart(8, '0')).join('');

const SERVICES = ['gateway', 'router', 'cache', 'provider-client', 'billing', 'embeddings'];
const OPERATIONS = ['POST /v1/chat', 'route', 'get', 'chat gpt', 'charge', 'embed', 'SELECT', 'retry'];
const SCOPE: Scope = { name: 'bench', version: '', attributes: new Map(), schemaUrl: '' };

function resourceOf(service: string): Resource {
  return { attributes: new Map(Object.entries({ 'service.name': service, 'service.version': '1.2.3', 'host.name': 'dev' })), schemaUrl: '' };
}

/** Requests as a receiver would decode them: resources are new objects in each, spans of a trace come together. */
function* makeRequests(): Generator<Span[]> {
  let made = 0;
  let traceId = '';
  let root = '';
  let left = 0;
  while (made < spanTotal) {
    const resources = new Map(SERVICES.map((service) => [service, resourceOf(service)]));
    const spans: Span[] = [];
    while (spans.length < SPANS_PER_REQUEST && made < spanTotal) {
      if (left === 0) {
        traceId = hex(32);
        root = '';
        left = SPANS_PER_TRACE;
      }
      const spanId = hex(16);
      // Traces follow each other over ten minutes, as from a load generator.
      const start = START + BigInt(Math.floor((made / spanTotal) * 6e11 + random() * 2e9));
      const isError = random() < 0.03;
      const attributes = new Map<string, AttributeValue>([
        ['http.request.method', 'POST'],
        ['http.route', '/v1/chat'],
        ['http.response.status_code', isError ? 500 : 200],
        ['gen_ai.provider.name', pick(['openai', 'anthropic', 'groq'])],
        ['gen_ai.request.model', pick(['small', 'large'])],
        ['gen_ai.usage.input_tokens', Math.floor(random() * 4000)],
        ['gen_ai.usage.output_tokens', Math.floor(random() * 900)],
        ['user.id', `u${Math.floor(random() * 5000)}`],
        ['request.id', `req-${made}`],
        ['code.function.name', 'handle'],
        ['code.file.path', 'src/gateway/handler.ts'],
        ['code.line.number', 42],
      ]);
      if (made % RARE_EVERY === 0) attributes.set('rare', 'yes');
      spans.push({
        traceId, spanId, parentSpanId: root, traceState: '', flags: 257,
        name: root === '' ? 'POST /v1/chat' : pick(OPERATIONS), kind: root === '' ? 'server' : 'client',
        startUnixNano: start, endUnixNano: start + BigInt(Math.floor(1e6 + random() * random() * 2e9)),
        status: isError ? 'error' : 'unset', statusMessage: isError ? 'upstream failed' : '', attributes,
        events: [], links: [], droppedAttributes: 0, droppedEvents: 0, droppedLinks: 0,
        resource: resources.get(root === '' ? 'gateway' : pick(SERVICES))!, scope: SCOPE,
      });
      if (root === '') root = spanId;
      left--;
      made++;
    }
    yield spans;
  }
}

function toLogs(spans: readonly Span[]): LogRecord[] {
  const text = (span: Span, key: string): string => attributeText(span.attributes.get(key) ?? null);
  return spans.map((span) => ({
    timeUnixNano: span.startUnixNano, observedUnixNano: span.startUnixNano + 1000n, severityNumber: span.status === 'error' ? 17 : 9,
    severityText: span.status === 'error' ? 'ERROR' : 'INFO',
    body: `request ${text(span, 'request.id')} of ${text(span, 'user.id')} took ${span.endUnixNano - span.startUnixNano} ns`,
    attributes: new Map([['request.id', span.attributes.get('request.id')!]]), traceId: span.traceId, spanId: span.spanId, flags: 1,
    eventName: '', droppedAttributes: 0, resource: span.resource, scope: span.scope,
  }));
}

function cpuSeconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}

function time(name: string, run: () => unknown): void {
  const timesMs: number[] = [];
  let size: unknown;
  let firstCpuMs = 0;
  for (let round = 0; round < 6; round++) {
    const start = performance.now();
    let result: unknown;
    const cpuMs = 1000 * cpuSeconds(() => (result = run()));
    timesMs.push(performance.now() - start);
    if (round === 0) firstCpuMs = cpuMs;
    size = Array.isArray(result) ? result.length : result;
  }
  const [first, ...rest] = timesMs;
  rest.sort((a, b) => a - b);
  console.log(`${name}: first ${first!.toFixed(2)} ms (CPU ${firstCpuMs.toFixed(0)}), then ${rest[2]!.toFixed(2)} ms (${String(size)})`);
}

function measureQueries(store: EventsStore, traceId: string): void {
  const from = START - 1n;
  const page = { limit: 20 };
  const rare = { attributes: [{ key: 'rare', op: '=', value: 'yes' } as const] };
  time('trace by id', () => store.getTrace(traceId));
  time('rare attribute, spans', () => store.searchSpans(rare, page).items);
  time('rare attribute, traces', () => store.searchTraces(rare, page).items);
  time('request id (one span)', () => store.searchTraces({ attributes: [{ key: 'request.id', op: '=', value: `req-${spanTotal >> 1}` }] }, page).items);
  time('attribute that no span has', () => store.searchSpans({ attributes: [{ key: 'nothing', op: '=', value: 'x' }] }, page).items);
  time('service, traces', () => store.searchTraces({ services: ['gateway'] }, page).items);
  time('errors of a user, traces', () => store.searchTraces({ status: 'error', attributes: [{ key: 'user.id', op: '=', value: 'u77' }] }, page).items);
  time('duration over 1.9 s, traces', () => store.searchTraces({ minDurationNano: 1.9e9 }, page).items);
  time('regex that nothing matches (full scan)', () => store.searchSpans({ attributes: [{ key: 'user.id', op: '=~', pattern: { matches: (text) => /^x/.test(text) } }] }, page).items);
  time('services and operations', () => store.operations());
  time('dependencies of the last minute', () => store.dependencies(from + 540_000_000_000n, from + 600_000_000_000n));
  time('dependencies of everything', () => store.dependencies(from, from + 700_000_000_000n));
}

function measureLogQueries(store: EventsStore): void {
  const page = { limit: 100 };
  time('logs: text of one line', () => store.searchLogs({ lines: [{ op: 'contains', text: `req-${spanTotal >> 3} ` }] }, page).items);
  time('logs: errors', () => store.searchLogs({ levels: ['error'] }, page).items);
  time('logs: text that nothing has', () => store.searchLogs({ lines: [{ op: 'contains', text: 'no such text' }] }, page).items);
  time('logs: histogram by level', () => store.countLogs({ filter: {}, fromUnixNano: START, bucketNano: 10_000_000_000n, bucketCount: 61 }).total);
}

const dir = values.dir ?? mkdtempSync(join(tmpdir(), 'events-bench-'));
const options = {
  path: join(dir, 'events.db'), retentionAgeMs: undefined, retentionBytesTraces: 2e9, retentionBytesLogs: 2e9, memoryBytes: 256 << 20, clock: systemClock,
};
let store = openEventsStore(options);
let seconds = 0;
let someTrace = '';
let made = 0;
let mostMs = 0;
for (const request of makeRequests()) {
  const start = performance.now();
  seconds += cpuSeconds(() => store.appendSpans(request));
  mostMs = Math.max(mostMs, performance.now() - start);
  if (made <= spanTotal / 2) someTrace = request[0]!.traceId;
  made += request.length;
}
console.log(`append: ${((seconds / spanTotal) * 1e6).toFixed(2)} CPU-s per million spans, ${SPANS_PER_REQUEST} a request, slowest ${mostMs.toFixed(1)} ms`);
const spanStats = store.stats();
console.log(`spans: ${(spanStats.spans.storedBytes / spanTotal).toFixed(1)} bytes each in blocks, ${(spanStats.diskBytes / spanTotal).toFixed(1)} on disk, ${spanStats.spans.blocks} blocks`);
measureQueries(store, someTrace);
console.log(`memory of caches ${(store.stats().memoryBytes / 1e6).toFixed(0)} MB, process ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
store.dispose();
const openStart = performance.now();
store = openEventsStore(options);
console.log(`open: ${(performance.now() - openStart).toFixed(0)} ms`);
time('after reopening: rare attribute, traces', () => store.searchTraces({ attributes: [{ key: 'rare', op: '=', value: 'yes' }] }, { limit: 20 }).items);
seconds = 0;
made = 0;
for (const request of makeRequests()) {
  if (made >= spanTotal / 4) break;
  const records = toLogs(request);
  seconds += cpuSeconds(() => store.appendLogs(records));
  made += records.length;
}
console.log(`logs: ${((seconds / made) * 1e6).toFixed(2)} CPU-s per million, ${(store.stats().logs.storedBytes / made).toFixed(1)} bytes each, ${made} records`);
measureLogQueries(store);
store.dispose();
if (values.dir === undefined) rmSync(dir, { recursive: true, force: true });
