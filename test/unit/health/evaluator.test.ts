import assert from 'node:assert/strict';
import { createHealthEvaluator } from '../../../src/health/evaluator.ts';
import type { HealthSnapshot } from '../../../src/model/health.ts';
import { bifrostProvider, GATEWAY, up } from './fake-gateway.ts';
import { fakeMetrics, type FakeSeries } from './fake-metrics.ts';

const START = 1_800_000_000_000;

/** The evaluator over series that the test changes; time goes on by two seconds with each step. */
function setup(series: readonly FakeSeries[]) {
  const metrics = fakeMetrics(series);
  const evaluator = createHealthEvaluator({ query: metrics.query, metricNames: metrics.metricNames });
  let nowMs = START;
  return {
    metrics,
    run: async (seconds: number): Promise<HealthSnapshot> => {
      let snapshot = await evaluator.evaluate(nowMs);
      for (const endMs = nowMs + seconds * 1000; nowMs < endMs; ) snapshot = await evaluator.evaluate((nowMs += 2000));
      return snapshot;
    },
  };
}

const states = (snapshot: HealthSnapshot): string[] => [...snapshot.providers, ...snapshot.services].map(({ name, state }) => `${name} ${state}`);

suite('health evaluator', () => {
  test('judges providers worst first, with reasons in numbers', async () => {
    const { run } = setup([
      up(1),
      ...bifrostProvider('openai', { requests: 10 }),
      ...bifrostProvider('groq', { requests: 8, failures: 4 }),
      ...bifrostProvider('mistral', { requests: 5, failures: 0.5 }),
      ...bifrostProvider('bedrock', { requests: 3, latency: 4 }),
      ...bifrostProvider('idle', { requests: 0 }),
    ]);
    const snapshot = await run(60);
    assert.deepEqual(
      snapshot.providers.map(({ name, state, reasons, sinceMs }) => ({ name, state, reasons, sinceMs })),
      [
        { name: 'groq', state: 'unhealthy', reasons: ['success 50 % for 1 min (threshold 95 %), mostly 503 service_unavailable'], sinceMs: START },
        { name: 'bedrock', state: 'degraded', reasons: ['p95 3.9 s for 1 min (threshold 2 s)'], sinceMs: START },
        { name: 'mistral', state: 'degraded', reasons: ['success 90 % for 1 min (threshold 95 %), mostly 503 service_unavailable'], sinceMs: START },
        { name: 'idle', state: 'unknown', reasons: ['no requests for 1 min'], sinceMs: START },
        { name: 'openai', state: 'healthy', reasons: [], sinceMs: START },
      ],
    );
    const groq = snapshot.providers[0]!;
    assert.deepEqual(
      { id: groq.id, rate: groq.requestsPerSecond, ratio: groq.successRatio, errors: groq.errors, keys: groq.keys, models: groq.models, latency: groq.latency },
      {
        id: 'provider/bifrost/groq',
        rate: 8,
        ratio: 0.5,
        errors: [{ reason: '503 service_unavailable', perSecond: 4 }],
        keys: [{ id: 'groq-1', name: 'key-a', isUp: false, share: 1, rotations: [] }],
        models: [{ name: 'groq-model', requestsPerSecond: 8, successRatio: 0.5, latency: groq.latency }],
        latency: { p50: 0.375, p95: 0.4875, p99: 0.4975 },
      },
    );
    assert.deepEqual(groq.sparkline.slice(-3), [8, 8, 8]);
    assert.equal(groq.sparkline[0], null);
    assert.equal(snapshot.notes, undefined);
  });

  test('holds a state until the change has lasted', async () => {
    const good = [up(1), ...bifrostProvider('groq', { requests: 8 })];
    const bad = [up(1), ...bifrostProvider('groq', { requests: 8, failures: 4 })];
    const { metrics, run } = setup(good);
    await run(10);
    metrics.series = bad;
    assert.equal((await run(2)).providers[0]!.state, 'healthy');
    metrics.series = good;
    assert.equal((await run(4)).providers[0]!.state, 'healthy');
    metrics.series = bad;
    assert.equal((await run(6)).providers[0]!.state, 'unhealthy');
    metrics.series = good;
    const recovering = await run(4);
    assert.deepEqual(recovering.providers[0]!.reasons, ['recovering for 4 s']);
    assert.equal(recovering.providers[0]!.state, 'unhealthy');
    const well = (await run(12)).providers[0]!;
    assert.deepEqual([well.state, well.reasons], ['healthy', []]);
  });

  test('few requests of a young program are no ground for a judgement', async () => {
    const { run } = setup([up(1), ...bifrostProvider('groq', { requests: 4, failures: 2 })]);
    assert.deepEqual([(await run(10)).providers[0]!.state, (await run(10)).providers[0]!.state], ['healthy', 'unhealthy']);
  });

  test('a ratio on the threshold does not flap', async () => {
    const { metrics, run } = setup([up(1), ...bifrostProvider('groq', { requests: 100, failures: 5.2 })]);
    assert.equal((await run(10)).providers[0]!.state, 'degraded');
    metrics.series = [up(1), ...bifrostProvider('groq', { requests: 100, failures: 4.9 })];
    assert.equal((await run(30)).providers[0]!.state, 'degraded');
    metrics.series = [up(1), ...bifrostProvider('groq', { requests: 100, failures: 3.9 })];
    assert.equal((await run(30)).providers[0]!.state, 'healthy');
  });

  test('a target that is down takes its providers and service offline, and their numbers away', async () => {
    const { metrics, run } = setup([up(1), ...bifrostProvider('openai', { requests: 10 })]);
    assert.deepEqual(states(await run(10)), ['openai healthy', 'gateway healthy']);
    metrics.series = [up(0), ...bifrostProvider('openai', { requests: 10 })];
    const snapshot = await run(20);
    assert.deepEqual(states(snapshot), ['openai offline', 'gateway offline']);
    assert.match(snapshot.providers[0]!.reasons[0]!, /^127\.0\.0\.1:18080 does not answer for 20 s$/);
    assert.equal(snapshot.providers[0]!.requestsPerSecond, undefined);
    metrics.series = [up(1), ...bifrostProvider('openai', { requests: 10 })];
    assert.deepEqual(states(await run(20)), ['openai healthy', 'gateway healthy']);
  });

  test('a provider whose data ends is offline, and forgotten in the end', async () => {
    const { metrics, run } = setup(bifrostProvider('openai', { requests: 10, origin: { job: 'app', instance: 'a' } }));
    await run(10);
    metrics.series = [];
    const snapshot = await run(120);
    assert.deepEqual(states(snapshot), ['openai offline']);
    assert.deepEqual(snapshot.providers[0]!.reasons, ['no data for 2 min']);
    assert.deepEqual((await run(15 * 60)).providers, []);
  });

  test('what is scraped and pushed counts once', async () => {
    const pushed = { job: 'bifrost', instance: 'a1b2' };
    const { run } = setup([
      up(1),
      ...bifrostProvider('openai', { requests: 10 }),
      ...bifrostProvider('openai', { requests: 10, failures: 10, origin: pushed }),
    ]);
    const snapshot = await run(4);
    assert.deepEqual([snapshot.providers[0]!.requestsPerSecond, snapshot.providers[0]!.successRatio], [10, 1]);
    assert.deepEqual(snapshot.notes, ['bifrost_upstream_requests_total arrives by scrape and by push: only what is scraped is counted']);
  });

  test('OpenTelemetry yields to a gateway, also when it was there first', async () => {
    const genai: FakeSeries[] = [
      { name: 'gen_ai_client_operation_duration_seconds_count', labels: { ...GATEWAY, gen_ai_provider_name: 'openai', gen_ai_request_model: 'm' }, value: 10 },
      { name: 'gen_ai_client_operation_duration_seconds_count', labels: { ...GATEWAY, gen_ai_provider_name: 'groq', gen_ai_request_model: 'm', error_type: 'timeout' }, value: 10 },
    ];
    const { metrics, run } = setup(genai);
    assert.deepEqual((await run(10)).providers.map(({ id, state }) => `${id} ${state}`), ['provider/genai/groq unhealthy', 'provider/genai/openai healthy']);
    metrics.series = [up(1), ...genai, ...bifrostProvider('openai', { requests: 10 })];
    assert.deepEqual((await run(10)).providers.map(({ id, state }) => `${id} ${state}`), ['provider/genai/groq unhealthy', 'provider/bifrost/openai healthy']);
  });

  test('caps the models and says how many it left out', async () => {
    const many = Array.from({ length: 60 }, (_, index) => bifrostProvider('openai', { requests: 60 - index, model: `m${index}.x` })).flat();
    const { metrics, run } = setup([up(1), ...many]);
    const { models, latency, requestsPerSecond } = (await run(2)).providers[0]!;
    assert.deepEqual([models.length, models[0]!.name, models[20]!.name, models[20]!.requestsPerSecond], [21, 'm0.x', 'other (40)', (40 * 41) / 2]);
    assert.deepEqual([latency.p50, models[0]!.latency.p50, models[20]!.latency, requestsPerSecond], [0.375, 0.375, {}, (60 * 61) / 2]);
    assert.ok(metrics.asked.every((expr) => expr.length < 2000));
  });

  test('a failing query leaves what it would have changed, and says so', async () => {
    const { metrics, run } = setup([up(1), ...bifrostProvider('openai', { requests: 10 })]);
    const before = await run(4);
    metrics.broken.add('bifrost_success');
    const after = await run(10);
    assert.deepEqual(after.providers, before.providers);
    assert.deepEqual(after.notes, ['bifrost: no answer to bifrost_success']);
    metrics.broken.add('by (job, instance) (up)');
    assert.deepEqual((await run(2)).notes, ['health could not be computed: no answer to by (job, instance) (up)']);
  });

  test('a gateway answers for client errors, another service does not', async () => {
    const cache = { job: 'cache', instance: '127.0.0.1:18081' };
    const http = (origin: Readonly<Record<string, string>>, status: string, value: number, path = '/v1'): FakeSeries => ({
      name: 'http_requests_total',
      labels: { ...origin, path, status },
      value,
    });
    const { run } = setup([
      up(1),
      up(1, cache),
      ...bifrostProvider('openai', { requests: 9 }),
      http(GATEWAY, '200', 9),
      http(GATEWAY, '400', 1),
      http(GATEWAY, '200', 1000, '/metrics'),
      http(cache, '200', 9),
      http(cache, '404', 1),
      { name: 'bifrost_active_requests', labels: { ...GATEWAY, method: 'chat_completion' }, value: 4 },
    ]);
    const { services } = await run(4);
    assert.deepEqual(
      services.map(({ id, state, requestsPerSecond, successRatio, inFlight }) => ({ id, state, requestsPerSecond, successRatio, inFlight })),
      [
        { id: 'service/gateway', state: 'degraded', requestsPerSecond: 10, successRatio: 0.9, inFlight: 4 },
        { id: 'service/cache', state: 'healthy', requestsPerSecond: 10, successRatio: 1, inFlight: undefined },
      ],
    );
  });

  test('one of several instances down degrades a service; a database says itself whether it is up', async () => {
    const second = { job: 'gateway', instance: 'b' };
    const db = { job: 'postgres', instance: 'c' };
    const { run } = setup([up(1), up(0, second), up(1, db), { name: 'pg_up', labels: db, value: 0 }]);
    const { services } = await run(4);
    assert.deepEqual(
      services.map(({ name, state, reasons }) => ({ name, state, reasons })),
      [
        { name: 'postgres', state: 'offline', reasons: ['pg_up is 0'] },
        { name: 'gateway', state: 'degraded', reasons: ['1 of 2 instances down'] },
      ],
    );
  });

  test('the window grows with the data', async () => {
    const { metrics, run } = setup([up(1), ...bifrostProvider('openai', { requests: 10 })]);
    const windows = (): string[] => metrics.asked.filter((expr) => expr.includes('success')).map((expr) => /\[(\d+s)\]/.exec(expr)![1]!);
    await run(2);
    assert.deepEqual([...new Set(windows())], ['10s']);
    await run(70);
    assert.equal(windows().at(-1), '60s');
  });

  test('the window widens for a program that pushes rarely, not for one that has just come up', async () => {
    const { metrics, run } = setup([]);
    const windows = (): string[] => metrics.asked.filter((expr) => expr.includes('rate(bifrost_upstream_requests')).map((expr) => /\[(\d+s)\]/.exec(expr)![1]!);
    // In the store, but without a rate: the fake gives one for each series, so it is one that has no rows by provider.
    metrics.series = [{ name: 'bifrost_upstream_requests_total', labels: { job: 'app' }, value: 1 }];
    await run(40);
    assert.deepEqual([...new Set(windows())], ['10s', '15s', '20s', '25s', '30s', '35s', '40s']);
    await run(60);
    assert.equal(windows().at(-1), '300s');
  });

  test('asks few questions', async () => {
    const { metrics, run } = setup([up(1), ...bifrostProvider('openai', { requests: 10 })]);
    await run(4);
    metrics.asked.length = 0;
    await run(2);
    // The first call of run() evaluates at the time of the last one, so these are two evaluations.
    assert.ok(metrics.asked.length / 2 <= 8, metrics.asked.join('\n'));
  });
});
