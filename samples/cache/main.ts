import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, metrics as otelMetrics, SpanKind, trace } from '@opentelemetry/api';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { codeLocation } from '../shared/code-location.ts';
import { close, listen, readBody, sendJson } from '../shared/http.ts';
import { createLog } from '../shared/log.ts';
import { liveWithParent, reportReady } from '../shared/parent.ts';
import { contextFromTraceparent, startTelemetry } from '../shared/telemetry.ts';

const CAPACITY = 500;
const LIFE_MS = 20_000;

/** Runs the demo's caching service: `GET` and `PUT /cache/KEY`, entries live 20 s, the least recently used go first. */
export async function runCache(port: number): Promise<void> {
  const stopTelemetry = startTelemetry('cache', `127.0.0.1:${port}`);
  const log = createLog('cache');
  const tracer = trace.getTracer('cache.http');
  const location = codeLocation('handle');
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const labelNames = ['path', 'method', 'status'];
  const requests = new Counter({ name: 'http_requests_total', help: 'HTTP requests.', labelNames, registers });
  const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1];
  const duration = new Histogram({ name: 'http_request_duration_seconds', help: 'Duration of HTTP requests.', labelNames, buckets, registers });
  const hits = new Counter({ name: 'cache_hits_total', help: 'Cache hits.', registers });
  const misses = new Counter({ name: 'cache_misses_total', help: 'Cache misses.', registers });
  const evictions = new Counter({ name: 'cache_evictions_total', help: 'Entries evicted for want of room.', registers });
  const size = new Gauge({ name: 'cache_size_bytes', help: 'Bytes of the values held.', registers });
  const entries = new Map<string, { readonly value: string; readonly untilMs: number }>();
  otelMetrics
    .getMeter('cache')
    .createObservableGauge('cache.entries', { unit: '{entry}', description: 'Entries held.' })
    .addCallback((result) => result.observe(entries.size));

  const read = (key: string): string | undefined => {
    const entry = entries.get(key);
    if (entry) remove(key);
    if (!entry || entry.untilMs < Date.now()) {
      misses.inc();
      return undefined;
    }
    hits.inc();
    // Back at the end: a Map keeps the order of insertion.
    write(key, entry.value, entry.untilMs);
    return entry.value;
  };
  const remove = (key: string): void => {
    size.dec(entries.get(key)?.value.length ?? 0);
    entries.delete(key);
  };
  const write = (key: string, value: string, untilMs: number): void => {
    remove(key);
    entries.set(key, { value, untilMs });
    size.inc(value.length);
    if (entries.size <= CAPACITY) return;
    evictions.inc();
    remove(entries.keys().next().value ?? key);
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    if (path === '/health') {
      sendJson(response, 200, { healthy: true, entries: entries.size });
      return;
    }
    if (path === '/metrics') {
      response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
      return;
    }
    const key = /^\/cache\/(\w+)$/.exec(path)?.[1];
    if (key === undefined) {
      sendJson(response, 404, { error: 'not found' });
      return;
    }
    if (request.method === 'PUT') {
      write(key, await readBody(request), Date.now() + LIFE_MS);
      response.writeHead(204).end();
      return;
    }
    const value = read(key);
    if (value === undefined) sendJson(response, 404, { error: 'miss' });
    else response.writeHead(200, { 'content-type': 'application/json' }).end(value);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isCacheCall = request.url?.startsWith('/cache/') === true;
    const beganMs = performance.now();
    const parent = contextFromTraceparent(request.headers['traceparent']);
    const options = { kind: SpanKind.SERVER, attributes: location };
    const span = isCacheCall ? tracer.startSpan(`${request.method} /cache/{key}`, options, parent) : undefined;
    await context.with(span ? trace.setSpan(context.active(), span) : context.active(), () => respond(request, response));
    // A miss is an answer, not a failure.
    const status = isCacheCall && response.statusCode === 404 ? '200' : String(response.statusCode);
    const labels = { path: isCacheCall ? '/cache/{key}' : (request.url ?? '/'), method: request.method ?? 'GET', status };
    requests.inc(labels);
    duration.observe(labels, (performance.now() - beganMs) / 1000);
    span?.setAttribute('http.response.status_code', response.statusCode).end();
    log.write('debug', 'request', labels);
  };

  const server = await listen(port, (request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  liveWithParent(async () => {
    await Promise.all([close(server), stopTelemetry()]);
  });
  log.write('info', 'cache listens', { port });
  reportReady('cache');
}
