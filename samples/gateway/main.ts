import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, metrics as otelMetrics, SpanKind, trace } from '@opentelemetry/api';
import { codeLocation } from '../shared/code-location.ts';
import { close, listen, readBody, sendJson } from '../shared/http.ts';
import { createLog } from '../shared/log.ts';
import { liveWithParent, reportReady } from '../shared/parent.ts';
import { contextFromTraceparent, startTelemetry } from '../shared/telemetry.ts';
import { administer } from './admin.ts';
import { createCacheClient } from './cache-client.ts';
import { completeChat } from './chat.ts';
import { httpDuration, httpRequests, registry } from './metrics.ts';
import { requestLog } from './request-log.ts';

/** Where the gateway listens and whom it calls. */
export interface GatewayOptions {
  readonly port: number;
  readonly upstreamUrl: string;
  readonly cacheUrl: string;
}

const ROUTES = ['/v1/chat/completions', '/health', '/metrics', '/api/logs'];

/** Runs the demo's LLM gateway. */
export async function runGateway(options: GatewayOptions): Promise<void> {
  const stopTelemetry = startTelemetry('gateway', `127.0.0.1:${options.port}`);
  const log = createLog('gateway');
  const tracer = trace.getTracer('bifrost.http');
  const location = codeLocation('handle');
  const duration = otelMetrics.getMeter('bifrost.http').createHistogram('http.server.request.duration', {
    unit: 's',
    advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
  });
  const chat = { upstreamUrl: options.upstreamUrl, cache: createCacheClient(options.cacheUrl), log };
  const startMs = Date.now();

  const respond = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const route = `${request.method} ${path}`;
    if (route === 'POST /v1/chat/completions') {
      const answer = await completeChat(chat, await readBody(request));
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    } else if (route === 'GET /health') {
      const nowMs = Date.now();
      sendJson(response, 200, { healthy: true, issues: [], timestamp: Math.floor(nowMs / 1000), uptime_seconds: Math.round((nowMs - startMs) / 1000) });
    } else if (route === 'GET /metrics') response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
    else if (route === 'GET /api/logs') sendJson(response, 200, requestLog(50));
    else if (request.method === 'PUT' && path.startsWith('/admin/')) {
      const { status, value } = administer(path.slice('/admin/'.length), await readBody(request), log);
      sendJson(response, status, value);
    } else sendJson(response, 404, { error: { type: 'not_found', message: `no route ${route}` } });
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url?.split('?')[0] ?? '/';
    const beganMs = performance.now();
    // A closed set, so that a scan of the port does not make a series of each path it tries.
    const label = ROUTES.includes(path) || path.startsWith('/admin/') ? path : 'other';
    const method = request.method ?? 'GET';
    const run = async (): Promise<void> => {
      try {
        await respond(request, response, path);
      } catch (error) {
        log.write('error', 'request failed', { 'exception.message': error instanceof Error ? error.message : String(error) });
        if (!response.headersSent) sendJson(response, 500, { error: { type: 'internal_error', message: 'see the log' } });
      }
      const seconds = (performance.now() - beganMs) / 1000;
      httpRequests.inc({ path: label, method, status: String(response.statusCode) });
      httpDuration.observe({ path: label, method, status: String(response.statusCode) }, seconds);
      duration.record(seconds, { 'http.request.method': method, 'http.route': label, 'http.response.status_code': response.statusCode });
    };
    if (path !== '/v1/chat/completions') return run();
    const requestId = request.headers['x-request-id'];
    const attributes = { ...location, 'http.request.method': method, 'http.route': path, 'url.path': path, ...(typeof requestId === 'string' ? { 'request.id': requestId } : {}) };
    const span = tracer.startSpan(`${method} ${path}`, { kind: SpanKind.SERVER, attributes }, contextFromTraceparent(request.headers['traceparent']));
    await context.with(trace.setSpan(context.active(), span), run);
    span.setAttribute('http.response.status_code', response.statusCode).end();
  };

  const server = await listen(options.port, (request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  liveWithParent(async () => {
    await Promise.all([close(server), stopTelemetry()]);
  });
  log.write('info', 'gateway listens', { port: options.port });
  reportReady('gateway');
}
