/** Health as the windows see it: the model's own types, so that the collector sends what the evaluator made. */
export type {
  HealthSnapshot,
  HealthState,
  KeyHealth,
  LatencyQuantiles,
  ModelHealth,
  ProviderHealth,
  RedSignals,
  ServiceHealth,
  TargetHealth,
} from '../model/health.ts';
