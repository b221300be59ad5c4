import type { BodyBudget } from '../../receive/http/body-budget.ts';
import { DEFAULT_BODY_LIMITS, readBody } from '../../receive/http/read-body.ts';
import { refuse, type Refusal } from '../../receive/receive-errors.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import { transferable } from '../worker-channel.ts';
import type { Workers } from '../workers.ts';
import { textAnswer, type HttpAnswer } from './http-answer.ts';
import type { ApiRoute } from './router.ts';

/**
 * `/api/v1/write`: Prometheus remote write 1.0 (prometheus.io/docs/specs/prw/remote_write_spec). 204 when everything was stored,
 * 400 when the body is no write request or a sample of it cannot be stored (the others are), so that a sender does not repeat it.
 */
export function remoteWriteRoute(workers: Workers, metrics: SelfMetrics, budget: BodyBudget): ApiRoute {
  const refused = (refusal: Refusal): HttpAnswer => {
    metrics.requests.inc({ receiver: 'remote_write', outcome: refusal.code });
    const { retryAfterSeconds } = refusal;
    const answer = textAnswer(`${refusal.message}\n`, refusal.status);
    return retryAfterSeconds === undefined ? answer : { ...answer, headers: { 'retry-after': String(retryAfterSeconds) } };
  };
  return {
    methods: ['POST'],
    path: '/api/v1/write',
    readsBody: true,
    async handle({ incoming }) {
      const [type, ...parameters] = (incoming.headers['content-type'] ?? '').split(';').map((part) => part.trim().toLowerCase());
      if (type !== 'application/x-protobuf') return refused(refuse('unsupported_media_type', `${JSON.stringify(type)}; send application/x-protobuf`));
      const proto = parameters.find((parameter) => parameter.startsWith('proto='))?.slice('proto='.length);
      if (proto !== undefined && proto !== 'prometheus.writerequest') return refused(refuse('unsupported_media_type', `${JSON.stringify(proto)}; send remote write 1.0 (prometheus.WriteRequest)`));
      const body = await readBody(incoming, DEFAULT_BODY_LIMITS, budget);
      if (!body.ok) return refused(body.error);
      const sizeBytes = body.value.byteLength;
      metrics.receivedBytes.inc({ receiver: 'remote_write' }, sizeBytes);
      const encoding = incoming.headers['content-encoding'] ?? 'snappy';
      const result = await workers.metricsPush
        .call('ingest', { kind: 'remote-write', encoding, body: body.value }, { transfer: transferable(body.value) })
        .finally(() => budget.release(sizeBytes));
      metrics.requests.inc({ receiver: 'remote_write', outcome: result.refusal || (result.rejected > 0 ? 'partial' : 'accepted') });
      metrics.records.inc({ signal: 'metrics', outcome: 'accepted' }, result.accepted);
      metrics.records.inc({ signal: 'metrics', outcome: 'rejected' }, result.rejected);
      return { status: result.status, contentType: result.contentType, body: result.body, ...(result.headers ? { headers: result.headers } : {}) };
    },
  };
}
