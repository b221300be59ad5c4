import { SpanStatusCode, trace } from '@opentelemetry/api';
import { codeLocation } from '../shared/code-location.ts';
import { parseObject, textOr } from '../shared/http.ts';
import type { Log } from '../shared/log.ts';
import type { CacheClient } from './cache-client.ts';
import { leak } from './leak.ts';
import * as metrics from './metrics.ts';
import { runPlugins } from './plugins.ts';
import { parseModel, type Provider, type ProviderKey } from './providers.ts';
import { logRequest } from './request-log.ts';
import { countTokens } from './tokenizer.ts';
import { callUpstream } from './upstream-call.ts';

/** What the client gets. */
export interface ChatAnswer {
  readonly status: number;
  readonly body: string;
}

/** What the handler of completions needs. */
export interface ChatContext {
  readonly upstreamUrl: string;
  readonly cache: CacheClient;
  readonly log: Log;
}

const tracer = trace.getTracer('bifrost.gateway');
const routeLocation = codeLocation('route');

/** Handles `POST /v1/chat/completions`: plugins, cache, routing, upstream, plugins. */
export async function completeChat(context: ChatContext, text: string): Promise<ChatAnswer> {
  const request = parseObject(text);
  const target = parseModel(textOr(request?.['model'], ''));
  // Refused before dispatch: as in Bifrost this shows in http_requests_total only.
  if (!request || !target) return refuse(context.log, 'model must be provider/model of a configured provider');
  leak();
  runPlugins('pre_hook');
  const prompt = JSON.stringify(request['messages'] ?? '');
  const inputTokens = tracer.startActiveSpan('count tokens', (span) => {
    const count = countTokens(prompt);
    span.setAttribute('gen_ai.usage.input_tokens', count).end();
    return count;
  });
  const { provider, model } = target;
  const isCacheable = request['temperature'] === 0;
  const cached = isCacheable ? await context.cache.get(model + prompt) : undefined;
  if (cached !== undefined) {
    metrics.cacheHits.inc({ ...baseLabels(provider, model), cache_type: 'direct' });
    runPlugins('post_hook');
    return { status: 200, body: cached };
  }
  tracer.startSpan('route', { attributes: { ...routeLocation, 'bifrost.routing.provider': provider.name } }).end();
  const isStream = request['stream'] === true;
  metrics.activeRequests.inc({ method: 'chat_completion' });
  try {
    const outcome = await callUpstream(context.upstreamUrl, provider, model, text, inputTokens);
    record(provider, model, outcome, inputTokens, isStream);
    if (outcome.errorType !== '') {
      context.log.write(outcome.status === 429 ? 'warn' : 'error', 'upstream request failed', {
        provider: provider.name,
        model,
        status_code: outcome.status,
        error_type: outcome.errorType,
        retries: outcome.retries,
      });
      trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR, message: outcome.errorType });
    } else if (isCacheable) await context.cache.put(model + prompt, outcome.body);
    runPlugins('post_hook');
    return { status: outcome.status, body: outcome.body };
  } finally {
    metrics.activeRequests.dec({ method: 'chat_completion' });
  }
}

function refuse(log: Log, message: string): ChatAnswer {
  log.write('warn', 'request refused', { reason: message });
  return { status: 400, body: JSON.stringify({ error: { type: 'invalid_request_error', message } }) };
}

function record(
  provider: Provider,
  model: string,
  outcome: Awaited<ReturnType<typeof callUpstream>>,
  inputTokens: number,
  isStream: boolean,
): void {
  const labels = baseLabels(provider, model, outcome.key, isStream ? 'chat_completion_stream' : 'chat_completion');
  const isSuccess = outcome.errorType === '';
  metrics.upstreamRequests.inc(labels);
  metrics.upstreamLatency.observe({ ...labels, is_success: String(isSuccess) }, outcome.durationSeconds);
  metrics.requestRetries.observe(labels, outcome.retries);
  if (isSuccess) {
    metrics.successRequests.inc(labels);
    metrics.inputTokens.inc(labels, inputTokens);
    metrics.outputTokens.inc(labels, outcome.outputTokens);
    metrics.cost.inc(labels, (inputTokens * provider.inputPrice + outcome.outputTokens * provider.outputPrice) / 1e6);
    if (isStream) metrics.firstTokenLatency.observe(labels, outcome.firstTokenSeconds);
  } else {
    metrics.errorRequests.inc({ ...labels, status_code: String(outcome.status), error_type: outcome.errorType });
  }
  logRequest({
    id: trace.getActiveSpan()?.spanContext().traceId ?? '',
    timestamp: new Date().toISOString(),
    provider: provider.name,
    model,
    status: isSuccess ? 'success' : 'error',
    latency: Math.round(outcome.durationSeconds * 1000),
  });
}

function baseLabels(provider: Provider, model: string, key?: ProviderKey, method = 'chat_completion'): metrics.BaseLabels {
  return {
    provider: provider.name,
    model,
    method,
    virtual_key_name: 'demo',
    selected_key_id: key?.id ?? '',
    selected_key_name: key?.name ?? '',
    fallback_index: '0',
  };
}
