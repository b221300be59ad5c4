import { matcher } from '../query.ts';
import type { Recipe, Recogniser } from '../recipe.ts';

interface Spelling {
  readonly duration: string;
  readonly provider: readonly string[];
  readonly model: readonly string[];
  readonly error: string;
}

/** Through Prometheus: translated with underscores and a unit, or as they are (UTF-8 names). */
const SPELLINGS: readonly Spelling[] = [
  {
    duration: 'gen_ai_client_operation_duration_seconds',
    provider: ['gen_ai_provider_name', 'gen_ai_system'],
    model: ['gen_ai_request_model', 'gen_ai_response_model'],
    error: 'error_type',
  },
  {
    duration: 'gen_ai.client.operation.duration',
    provider: ['gen_ai.provider.name', 'gen_ai.system'],
    model: ['gen_ai.request.model', 'gen_ai.response.model'],
    error: 'error.type',
  },
];

/** Any client with OpenTelemetry's GenAI conventions. A gateway's own metrics tell more, so they go first. */
export const genai: Recogniser = {
  system: 'genai',
  recognise: (names) => SPELLINGS.filter(({ duration }) => names.has(`${duration}_count`)).map(recipe),
};

function recipe(spelling: Spelling): Recipe {
  const count = `${spelling.duration}_count`;
  return {
    kind: 'provider',
    system: 'genai',
    name: spelling.provider,
    isFallback: true,
    modelLabels: spelling.model,
    requests: { metric: count },
    failures: { metric: count, matchers: [matcher(spelling.error, '!=', '')], reasonLabels: [spelling.error] },
    latency: { metric: spelling.duration, secondsPerUnit: 1 },
  };
}
