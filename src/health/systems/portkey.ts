import type { Recogniser } from '../recipe.ts';
import { classifyStatus, type StatusRules } from './status-class.ts';

const status: StatusRules = { labels: ['code'], failsFrom: 400 };

/** Portkey's gateway. `request_count` alone could be anybody's: its own latency must be there as well. */
export const portkey: Recogniser = {
  system: 'portkey',
  recognise: (names) =>
    names.has('request_count') && names.has('portkey_request_duration_milliseconds_bucket')
      ? [
          {
            kind: 'provider',
            system: 'portkey',
            name: ['provider'],
            modelLabels: ['model'],
            requests: { metric: 'request_count', outcome: { labels: status.labels, classify: (labels) => classifyStatus(labels, status) } },
            latency: { metric: 'llm_request_duration_milliseconds', secondsPerUnit: 0.001 },
          },
        ]
      : [],
};
