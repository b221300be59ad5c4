import type { Recogniser } from '../recipe.ts';

/** Kong's AI plugins. They count no failures. */
export const kongAi: Recogniser = {
  system: 'kong',
  recognise: (names) =>
    names.has('kong_ai_llm_requests_total')
      ? [
          {
            kind: 'provider',
            system: 'kong',
            name: ['ai_provider'],
            modelLabels: ['ai_model'],
            requests: { metric: 'kong_ai_llm_requests_total' },
            latency: { metric: 'kong_ai_llm_provider_latency_ms', secondsPerUnit: 0.001 },
          },
        ]
      : [],
};
