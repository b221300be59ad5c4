import { createServer, type Server } from 'node:http';
import type { OtlpSignal } from '../codec/otlp/otlp-result.ts';
import type { BodyBudget } from '../receive/http/body-budget.ts';
import { createOtlpHttpRoutes, type PushAnswer } from '../receive/http/otlp-routes.ts';
import { sendAnswer } from '../receive/http/send-answer.ts';
import type { OtlpIngestAnswer } from '../receive/http/ingest-otlp.ts';
import { harden, type RawRoutes } from './api/server.ts';
import type { Log } from './log.ts';
import type { SelfMetrics } from './self-metrics.ts';
import { transferable } from './worker-channel.ts';
import type { Workers } from './workers.ts';

/** The OTLP/HTTP routes with the workers behind them, every request counted. */
export function otlpRoutes(workers: Workers, metrics: SelfMetrics, log: Log, budget: BodyBudget, boundHost: string): RawRoutes {
  const counted = async (signal: OtlpSignal, sizeBytes: number, answer: Promise<OtlpIngestAnswer>): Promise<PushAnswer> => {
    metrics.receivedBytes.inc({ receiver: `otlp_${signal}` }, sizeBytes);
    const result = await answer;
    if (result.refusal !== '') return result;
    metrics.requests.inc({ receiver: `otlp_${signal}`, outcome: result.rejected > 0 ? 'partial' : 'accepted' });
    metrics.records.inc({ signal, outcome: 'accepted' }, result.accepted);
    metrics.records.inc({ signal, outcome: 'rejected' }, result.rejected);
    return result;
  };
  return createOtlpHttpRoutes(
    {
      metrics: (body, format, encoding) => counted('metrics', body.byteLength, workers.metricsPush.call('ingest', { kind: 'otlp', format, encoding, body }, { transfer: transferable(body) })),
      traces: (body, format, encoding) => counted('traces', body.byteLength, workers.events.call('ingest', { signal: 'traces', format, encoding, body }, { transfer: transferable(body) })),
      logs: (body, format, encoding) => counted('logs', body.byteLength, workers.events.call('ingest', { signal: 'logs', format, encoding, body }, { transfer: transferable(body) })),
    },
    {
      boundAddress: boundHost,
      budget,
      onRefusal: (signal, code) => metrics.requests.inc({ receiver: `otlp_${signal}`, outcome: code }),
      onError: (error) => log.error('received telemetry could not be stored', { error: error instanceof Error ? error.message : String(error) }),
    },
  );
}

/** The server on OTLP/HTTP's own port. */
export function createOtlpServer(routes: RawRoutes, metrics: SelfMetrics): Server {
  const server = createServer((request, response) => {
    void routes(request, response).then((isTaken) => {
      if (isTaken) return;
      metrics.requests.inc({ receiver: 'otlp', outcome: 'no_route' });
      const text = `OTLP over HTTP takes POST /v1/traces, /v1/metrics and /v1/logs; there is nothing at ${(request.url ?? '').slice(0, 200)}\n`;
      sendAnswer(request, response, { status: 404, contentType: 'text/plain; charset=utf-8', body: Buffer.from(text) });
    }, () => response.destroy());
  });
  harden(server, (reason) => metrics.requests.inc({ receiver: 'otlp', outcome: reason }));
  return server;
}
