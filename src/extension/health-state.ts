import type { HealthSnapshot, HealthState, ProviderHealth, ServiceHealth } from '../protocol/health.ts';

/** How a state looks everywhere: icon, word and colour together, so that none of them is needed alone. */
export interface StateLook {
  readonly icon: string;
  readonly colour: string;
}

const LOOKS: Readonly<Record<HealthState, StateLook>> = {
  healthy: { icon: 'pass', colour: 'testing.iconPassed' },
  degraded: { icon: 'warning', colour: 'problemsWarningIcon.foreground' },
  unhealthy: { icon: 'error', colour: 'problemsErrorIcon.foreground' },
  offline: { icon: 'circle-slash', colour: 'disabledForeground' },
  unknown: { icon: 'question', colour: 'descriptionForeground' },
};

/** Codicon and theme colour of a state. */
export const stateLook = (state: HealthState): StateLook => LOOKS[state];

const SEVERITY: Readonly<Record<HealthState, number>> = { unhealthy: 4, offline: 3, degraded: 2, unknown: 1, healthy: 0 };

/** How bad a state is; the higher, the worse. */
export const severity = (state: HealthState): number => SEVERITY[state];

/** Worst first; within a state by name, so that rows do not jump when numbers change. */
export function worstFirst<T extends { readonly state: HealthState; readonly name: string }>(entities: readonly T[]): T[] {
  return [...entities].sort((a, b) => severity(b.state) - severity(a.state) || a.name.localeCompare(b.name));
}

/** What the status bar counts: the providers, or the services where there is no provider. */
export function countedEntities(snapshot: HealthSnapshot): readonly (ProviderHealth | ServiceHealth)[] {
  return snapshot.providers.length > 0 ? snapshot.providers : snapshot.services;
}

/** The states of `entities` in numbers. */
export function countHealthy(entities: readonly { readonly state: HealthState }[]): { readonly healthy: number; readonly all: number } {
  return { healthy: entities.filter(({ state }) => state === 'healthy').length, all: entities.length };
}
