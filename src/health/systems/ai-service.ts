import type { Recogniser } from '../recipe.ts';
import { classifyStatus, type StatusRules } from './status-class.ts';

const status: StatusRules = { labels: ['status', 'status_code'], failsFrom: 400 };

/** Services that count their calls to models as `ai_requests_total{model, provider, status}`. */
export const aiService: Recogniser = {
  system: 'ai',
  recognise: (names) =>
    names.has('ai_requests_total')
      ? [
          {
            kind: 'provider',
            system: 'ai',
            name: ['provider'],
            isFallback: true,
            modelLabels: ['model'],
            requests: { metric: 'ai_requests_total', outcome: { labels: status.labels, classify: (labels) => classifyStatus(labels, status) } },
            latency: { metric: 'ai_request_duration_seconds', secondsPerUnit: 1 },
          },
        ]
      : [],
};
