import { Agent } from 'node:http';
import { metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { codeLocation } from '../shared/code-location.ts';
import { call, parseObject, textOr } from '../shared/http.ts';
import { traceHeaders } from '../shared/telemetry.ts';
import { keyRotations, keyUp } from './metrics.ts';
import type { Provider, ProviderKey } from './providers.ts';

/** The outcome of a request to a provider after all its attempts. */
export interface UpstreamOutcome {
  readonly key: ProviderKey;
  readonly status: number;
  /** '' when it succeeded. */
  readonly errorType: string;
  readonly retries: number;
  readonly durationSeconds: number;
  readonly firstTokenSeconds: number;
  readonly outputTokens: number;
  readonly body: string;
}

const tracer = trace.getTracer('bifrost.upstream');
const meter = metrics.getMeter('bifrost.genai');
const operationDuration = meter.createHistogram('gen_ai.client.operation.duration', {
  unit: 's',
  description: 'Duration of calls to providers.',
  advice: { explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48] },
});
const agent = new Agent({ keepAlive: true, maxSockets: 200 });
const location = codeLocation('attempt');
const nextKey = new Map<string, number>();

/** Calls the provider; a rate-limited key is put aside for the next one, up to two retries. */
export async function callUpstream(baseUrl: string, provider: Provider, model: string, body: string, inputTokens: number): Promise<UpstreamOutcome> {
  const startMs = performance.now();
  const maxAttempts = Math.min(3, provider.keys.length);
  for (let retries = 0; ; retries++) {
    const key = rotate(provider);
    const result = await attempt(baseUrl, provider, model, key, body, inputTokens, retries);
    keyUp.set({ provider: provider.name, key_id: key.id, key_name: key.name }, result.errorType === '' ? 1 : 0);
    if (result.status === 429 && retries + 1 < maxAttempts) {
      keyRotations.inc({ provider: provider.name, requested_model: model, key_id: key.id, key_name: key.name, fail_reason: result.errorType });
      continue;
    }
    return { ...result, key, retries, durationSeconds: (performance.now() - startMs) / 1000 };
  }
}

function rotate(provider: Provider): ProviderKey {
  const index = nextKey.get(provider.name) ?? 0;
  nextKey.set(provider.name, index + 1);
  return provider.keys[index % provider.keys.length]!;
}

type AttemptResult = Omit<UpstreamOutcome, 'key' | 'retries' | 'durationSeconds'>;

function attempt(
  baseUrl: string,
  provider: Provider,
  model: string,
  key: ProviderKey,
  body: string,
  inputTokens: number,
  retries: number,
): Promise<AttemptResult> {
  const url = new URL(`${baseUrl}/${provider.name}/v1/chat/completions`);
  const identity = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': provider.name, 'gen_ai.request.model': model };
  const attributes = {
    ...location,
    ...identity,
    'server.address': url.hostname,
    'server.port': Number(url.port),
    'http.request.method': 'POST',
    'bifrost.selected_key_name': key.name,
    'bifrost.retries': retries,
  };
  return tracer.startActiveSpan(`chat ${model}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    const startMs = performance.now();
    let result: AttemptResult;
    try {
      const headers = { ...traceHeaders(), authorization: `Bearer ${key.id}`, 'content-type': 'application/json' };
      const answer = await call(url.href, { method: 'POST', headers, body, agent });
      result = { ...readAnswer(answer.status, answer.body), firstTokenSeconds: answer.firstByteMs / 1000 };
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      result = { status: 502, errorType: 'connection_error', outputTokens: 0, body: '', firstTokenSeconds: 0 };
    }
    const failure = result.errorType === '' ? {} : { 'error.type': result.errorType };
    span.setAttributes({ ...failure, 'http.response.status_code': result.status, 'bifrost.upstream.duration_ms': performance.now() - startMs });
    if (result.errorType === '') {
      const usd = (inputTokens * provider.inputPrice + result.outputTokens * provider.outputPrice) / 1e6;
      span.setAttributes({
        'gen_ai.response.model': model,
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': inputTokens,
        'gen_ai.usage.output_tokens': result.outputTokens,
        'gen_ai.usage.cost': usd,
      });
    } else {
      span.setStatus({ code: SpanStatusCode.ERROR, message: `${result.status} ${result.errorType}` });
    }
    operationDuration.record((performance.now() - startMs) / 1000, { ...identity, ...failure });
    span.end();
    return result;
  });
}

function readAnswer(status: number, body: string): Omit<AttemptResult, 'firstTokenSeconds'> {
  const answer = parseObject(body);
  const part = answer?.[status === 200 ? 'usage' : 'error'];
  const detail: Record<string, unknown> = typeof part === 'object' && part !== null ? { ...part } : {};
  if (status === 200) return { status, errorType: '', outputTokens: Number(detail['completion_tokens'] ?? 0), body };
  return { status, errorType: textOr(detail['type'], 'unknown'), outputTokens: 0, body };
}
