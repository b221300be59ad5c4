import type { HealthSnapshot, KeyHealth, LatencyQuantiles, ModelHealth, ProviderHealth } from '../model/health.ts';
import { bucketQuantile, type Buckets } from './quantile.ts';
import type { EntitySignals, ModelSignals } from './signals.ts';

/** p50, p95 and p99 in seconds; those that the buckets cannot tell are absent. */
export function latencyOf(buckets: Buckets): LatencyQuantiles {
  const p50 = bucketQuantile(0.5, buckets);
  const p95 = bucketQuantile(0.95, buckets);
  const p99 = bucketQuantile(0.99, buckets);
  return { ...(p50 === undefined ? {} : { p50 }), ...(p95 === undefined ? {} : { p95 }), ...(p99 === undefined ? {} : { p99 }) };
}

/** Successes of all requests, 0 … 1; undefined when there were none, or when the system does not count failures. */
export function successRatioOf(entity: EntitySignals): number | undefined {
  return ratio(entity, canFail(entity));
}

/** The class of error that most failures belong to. */
export function mainErrorOf(entity: EntitySignals): string | undefined {
  return [...entity.errors].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** The breakdown by model, busiest first; beyond `maxModels` they are one entry, `other (N)`. */
export function modelsOf(entity: EntitySignals, maxModels: number): readonly ModelHealth[] {
  const sorted = [...entity.models].sort((a, b) => b[1].requests - a[1].requests || (a[0] < b[0] ? -1 : 1));
  const shown = sorted.slice(0, maxModels).map(([name, model]) => modelHealth(name, model, canFail(entity)));
  const rest = sorted.slice(maxModels);
  if (rest.length === 0) return shown;
  const sum: ModelSignals = { requests: 0, failures: 0, successes: undefined, buckets: new Map() };
  for (const [, model] of rest) {
    sum.requests += model.requests;
    sum.failures += model.failures;
    if (model.successes !== undefined) sum.successes = (sum.successes ?? 0) + model.successes;
  }
  return [...shown, modelHealth(`other (${rest.length})`, sum, canFail(entity))];
}

/** The keys by name, with their share of the calls. */
export function keysOf(entity: EntitySignals): readonly KeyHealth[] {
  const total = [...entity.keys.values()].reduce((sum, key) => sum + key.requests, 0);
  return [...entity.keys]
    .map(([id, key]) => ({
      id,
      name: key.name,
      ...(key.isUp === undefined ? {} : { isUp: key.isUp }),
      ...(total > 0 ? { share: key.requests / total } : {}),
      rotations: byRate(key.rotations),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
}

/** The classes of error, most frequent first. */
export const errorsOf = (entity: EntitySignals): ProviderHealth['errors'] => byRate(entity.errors);

/**
 * p95 over all providers. Only buckets with the same bounds can be added: it is the p95 of the system with most requests.
 */
export function overallP95(entities: readonly EntitySignals[]): Pick<HealthSnapshot, 'p95'> {
  const bySystem = new Map<string, { requests: number; readonly buckets: Buckets }>();
  for (const entity of entities) {
    const system = bySystem.get(entity.recipe.system) ?? { requests: 0, buckets: new Map<number, number>() };
    system.requests += entity.requests ?? 0;
    for (const [bound, rate] of entity.buckets) system.buckets.set(bound, (system.buckets.get(bound) ?? 0) + rate);
    bySystem.set(entity.recipe.system, system);
  }
  const busiest = [...bySystem.values()].sort((a, b) => b.requests - a.requests)[0];
  const p95 = busiest && bucketQuantile(0.95, busiest.buckets);
  return p95 === undefined ? {} : { p95 };
}

function modelHealth(name: string, model: ModelSignals, isFailureCounted: boolean): ModelHealth {
  const successRatio = ratio(model, isFailureCounted);
  return { name, requestsPerSecond: model.requests, ...(successRatio === undefined ? {} : { successRatio }), latency: latencyOf(model.buckets) };
}

function ratio(signals: Pick<EntitySignals, 'requests' | 'failures' | 'successes'>, isFailureCounted: boolean): number | undefined {
  const { requests = 0, failures, successes } = signals;
  if (requests === 0 || (successes === undefined && !isFailureCounted)) return undefined;
  // Of what has ended. A rate misses the first event of a new series, so both counters are short by about the same; all
  // requests are not, as their series are older.
  const ended = (successes ?? 0) + failures;
  if (successes !== undefined && ended > 0) return successes / ended;
  return Math.min(1, Math.max(0, 1 - failures / requests));
}

const canFail = ({ recipe }: EntitySignals): boolean => recipe.failures !== undefined || recipe.requests?.outcome !== undefined || recipe.successMetric !== undefined;

const byRate = (rates: ReadonlyMap<string, number>): readonly { readonly reason: string; readonly perSecond: number }[] =>
  [...rates].map(([reason, perSecond]) => ({ reason, perSecond })).sort((a, b) => b.perSecond - a.perSecond || (a.reason < b.reason ? -1 : 1));
