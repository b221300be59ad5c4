import type { HealthSnapshot, HealthState, ProviderHealth } from '../model/health.ts';
import type { TableRow } from './live-table.ts';

interface Totals {
  last: ProviderHealth;
  samples: number;
  rates: number;
  /** Rates of the samples with a success ratio, and of their successes. */
  judged: number;
  successes: number;
  readonly states: Set<HealthState>;
}

/** What was seen of the providers over a run: mean rates and ratios, the last quantiles and states. */
export class HealthSummary {
  readonly #providers = new Map<string, Totals>();
  #lastAtMs = -Infinity;

  /** Takes a snapshot; the same one twice counts once. */
  add(snapshot: HealthSnapshot): void {
    if (snapshot.atMs <= this.#lastAtMs) return;
    this.#lastAtMs = snapshot.atMs;
    for (const provider of snapshot.providers) {
      const totals = this.#providers.get(provider.id) ?? { last: provider, samples: 0, rates: 0, judged: 0, successes: 0, states: new Set() };
      this.#providers.set(provider.id, totals);
      totals.last = provider;
      totals.states.add(provider.state);
      const { requestsPerSecond: rate, successRatio: ratio } = provider;
      if (rate === undefined) continue;
      totals.samples++;
      totals.rates += rate;
      if (ratio === undefined) continue;
      totals.judged += rate;
      totals.successes += rate * ratio;
    }
  }

  /** Rows for the table, by name; the remark names the other states it was in. */
  rows(): readonly TableRow[] {
    return [...this.#providers.values()]
      .map(({ last, samples, rates, judged, successes, states }) => {
        const others = [...states].filter((state) => state !== last.state);
        return {
          name: last.name,
          requestsPerSecond: samples === 0 ? undefined : rates / samples,
          successRatio: judged === 0 ? undefined : successes / judged,
          latency: last.latency,
          state: last.state,
          remark: others.length === 0 ? undefined : `was ${others.join(', ')}`,
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }
}
