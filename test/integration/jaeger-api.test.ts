import assert from 'node:assert/strict';
import { makeTempDir, startCollectorProcess, type CollectorProcess } from './support/collector-process.ts';
import { pushSpans } from './support/otlp-events.ts';

const BASE_MS = Date.now() - 60_000;
const TRACE_A = 'aa'.repeat(16);
const TRACE_B = `00${'bb'.repeat(15)}`;
const TRACE_C = 'cc'.repeat(16);

interface JaegerAnswer {
  readonly data: unknown;
  readonly total: number;
  readonly errors: readonly { readonly code?: number; readonly msg: string; readonly traceID?: string }[] | null;
}

interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly { readonly spanID: string; readonly startTime: number; readonly duration: number; readonly processID: string; readonly references: readonly unknown[] }[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

suite('the query API of Jaeger', function () {
  this.timeout(60_000);
  const dir = makeTempDir();
  let collector: CollectorProcess;

  suiteSetup(async () => {
    collector = await startCollectorProcess(dir.path);
    await pushSpans(collector.otlp, [
      { service: 'gateway', name: 'POST /v1/chat', traceId: TRACE_A, spanId: '1111111111111111', startMs: BASE_MS, durationMs: 500, kind: 2, attributes: { 'request.id': 'req-1', 'http.response.status_code': 200 } },
      { service: 'provider', name: 'chat gpt', traceId: TRACE_A, spanId: '2222222222222222', parentSpanId: '1111111111111111', startMs: BASE_MS + 10, durationMs: 300, kind: 3 },
      { service: 'gateway', name: 'POST /v1/chat', traceId: TRACE_B, spanId: '3333333333333333', startMs: BASE_MS + 1000, durationMs: 2000, kind: 2, isError: true, attributes: { 'request.id': 'req-2', 'http.response.status_code': 500 } },
      { service: 'gateway', name: 'GET /health', traceId: TRACE_C, spanId: '4444444444444444', startMs: BASE_MS + 2000, durationMs: 1, kind: 2 },
    ]);
  });

  suiteTeardown(async () => {
    await collector.stop();
    dir.remove();
  });

  async function ask(path: string, status = 200): Promise<JaegerAnswer> {
    const response = await fetch(collector.api + path);
    const text = await response.text();
    assert.equal(response.status, status, text);
    return JSON.parse(text) as JaegerAnswer;
  }

  const found = ({ data }: JaegerAnswer): string[] => (data as JaegerTrace[]).map(({ traceID }) => traceID);

  test('lists services and operations', async () => {
    assert.deepEqual(await ask('/api/services'), { data: ['gateway', 'provider'], total: 2, limit: 0, offset: 0, errors: null });
    assert.deepEqual((await ask('/api/services/gateway/operations')).data, ['GET /health', 'POST /v1/chat']);
    assert.deepEqual((await ask('/api/operations?service=provider')).data, [{ name: 'chat gpt', spanKind: 'client' }]);
    assert.deepEqual((await ask('/api/operations?service=gateway&spanKind=client')).data, []);
    assert.deepEqual((await ask('/api/services/none/operations')).data, []);
  });

  const SEARCHES: readonly (readonly [query: string, traces: readonly string[]])[] = [
    ['service=gateway', [TRACE_C, TRACE_B, TRACE_A]],
    ['service=gateway&limit=1', [TRACE_C]],
    ['service=gateway&operation=GET%20%2Fhealth', [TRACE_C]],
    ['service=provider', [TRACE_A]],
    ['service=gateway&tags=%7B%22request.id%22%3A%22req-2%22%7D', [TRACE_B]],
    ['service=gateway&tag=request.id:req-1', [TRACE_A]],
    ['service=gateway&tag=http.response.status_code:500', [TRACE_B]],
    ['service=gateway&tag=host.name:dev&tag=request.id:req-1', [TRACE_A]],
    ['service=gateway&tags=%7B%22error%22%3A%22true%22%7D', [TRACE_B]],
    ['service=gateway&tag=error:false', [TRACE_C, TRACE_A]],
    ['service=gateway&tag=span.kind:server&minDuration=400ms', [TRACE_B, TRACE_A]],
    ['service=gateway&minDuration=1s&maxDuration=1m', [TRACE_B]],
    [`service=gateway&start=${BASE_MS * 1000}&end=${(BASE_MS + 500) * 1000}`, [TRACE_A]],
    ['service=gateway&tag=nothing:x', []],
    [`traceID=${TRACE_A}&traceID=${TRACE_C}`, [TRACE_A, TRACE_C]],
  ];
  for (const [query, traces] of SEARCHES) {
    test(`finds by ${query.replace(/\d{16}/g, 'T')}`, async () => assert.deepEqual(found(await ask(`/api/traces?${query}`)), traces));
  }

  test('opens a trace, its id with or without leading zeros', async () => {
    const [trace] = (await ask(`/api/traces/${TRACE_A}`)).data as JaegerTrace[];
    assert.deepEqual(
      trace?.spans.map((span) => ({ id: span.spanID, start: span.startTime - BASE_MS * 1000, duration: span.duration, service: trace.processes[span.processID]?.serviceName, references: span.references })),
      [
        { id: '1111111111111111', start: 0, duration: 500_000, service: 'gateway', references: [] },
        { id: '2222222222222222', start: 10_000, duration: 300_000, service: 'provider', references: [{ refType: 'CHILD_OF', traceID: TRACE_A, spanID: '1111111111111111' }] },
      ],
    );
    assert.deepEqual(found(await ask(`/api/traces/${TRACE_B.slice(2)}`)), [TRACE_B]);
  });

  test('counts calls between services', async () => {
    assert.deepEqual((await ask(`/api/dependencies?endTs=${BASE_MS + 60_000}&lookback=3600000`)).data, [{ parent: 'gateway', child: 'provider', callCount: 1 }]);
    assert.deepEqual((await ask(`/api/dependencies?endTs=${BASE_MS - 60_000}&lookback=1000`)).data, []);
  });

  const WRONG: readonly (readonly [path: string, status: number, message: string])[] = [
    ['/api/traces', 400, "parameter 'service' is required"],
    ['/api/operations', 400, "parameter 'service' is required"],
    ['/api/traces?service=a&start=x', 400, `unable to parse param 'start': strconv.ParseInt: parsing "x": invalid syntax`],
    ['/api/traces?service=a&minDuration=5', 400, `unable to parse param 'minDuration': time: invalid duration "5"`],
    ['/api/traces?service=a&minDuration=5s&maxDuration=1s', 400, "'maxDuration' should be greater than 'minDuration'"],
    ['/api/traces?service=a&tag=x', 400, "malformed 'tag' parameter, expecting key:value, received: x"],
    [`/api/traces/${'ee'.repeat(16)}`, 404, 'trace not found'],
  ];
  for (const [path, status, msg] of WRONG) {
    test(`answers ${path.slice(0, 60)} with ${status}`, async () => {
      const { data, errors } = await ask(path, status);
      assert.deepEqual({ data, errors }, { data: null, errors: [{ code: status, msg }] });
    });
  }

  test('names the traces it does not have', async () => {
    const missing = 'ee'.repeat(16);
    const answer = await ask(`/api/traces?traceID=${missing}&traceID=${TRACE_C}`);
    assert.deepEqual([found(answer), answer.errors], [[TRACE_C], [{ msg: 'trace not found', traceID: missing }]]);
  });
});
