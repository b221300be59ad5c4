import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { SpanKind, trace } from '@opentelemetry/api';
import { codeLocation } from '../shared/code-location.ts';
import { call } from '../shared/http.ts';
import { traceHeaders } from '../shared/telemetry.ts';

/** The caching service as the gateway sees it. When it does not answer, everything is a miss. */
export interface CacheClient {
  get(prompt: string): Promise<string | undefined>;
  put(prompt: string, answer: string): Promise<void>;
}

const tracer = trace.getTracer('bifrost.cache');
const location = codeLocation('cacheCall');

/** A client of the service at `baseUrl`. */
export function createCacheClient(baseUrl: string): CacheClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const cacheCall = (method: 'GET' | 'PUT', prompt: string, body?: string): Promise<string | undefined> =>
    tracer.startActiveSpan(`cache ${method.toLowerCase()}`, { kind: SpanKind.CLIENT, attributes: { ...location, 'peer.service': 'cache' } }, async (span) => {
      const key = createHash('sha256').update(prompt).digest('hex').slice(0, 32);
      try {
        const options = { method, agent, headers: traceHeaders(), timeoutMs: 1000 };
        const answer = await call(`${baseUrl}/cache/${key}`, body === undefined ? options : { ...options, body });
        span.setAttribute('cache.hit', answer.status === 200);
        return answer.status === 200 ? answer.body : undefined;
      } catch (error) {
        span.recordException(error instanceof Error ? error : String(error));
        return undefined;
      } finally {
        span.end();
      }
    });
  return {
    get: (prompt) => cacheCall('GET', prompt),
    put: async (prompt, answer) => {
      await cacheCall('PUT', prompt, answer);
    },
  };
}
