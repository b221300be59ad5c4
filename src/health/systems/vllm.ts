import type { Recogniser } from '../recipe.ts';

/** A vLLM server: one provider, named after the software, with its models. It counts no failures. */
export const vllm: Recogniser = {
  system: 'vllm',
  recognise: (names) =>
    names.has('vllm:num_requests_running')
      ? [
          {
            kind: 'provider',
            system: 'vllm',
            name: [],
            fixedName: 'vllm',
            modelLabels: ['model_name'],
            requests: { metric: 'vllm:e2e_request_latency_seconds_count' },
            latency: { metric: 'vllm:e2e_request_latency_seconds', secondsPerUnit: 1 },
            inFlightMetrics: ['vllm:num_requests_running', 'vllm:num_requests_waiting'],
          },
        ]
      : [],
};
