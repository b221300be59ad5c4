import type { HealthState } from '../../src/protocol/health.ts';
import { element, icon } from './dom.ts';

/** Icon and word of each state; colour comes by the class `state-STATE`, so no state is told by colour alone. */
export const STATE_ICONS: Readonly<Record<HealthState, { readonly icon: string; readonly word: string }>> = {
  healthy: { icon: 'pass', word: 'healthy' },
  degraded: { icon: 'warning', word: 'degraded' },
  unhealthy: { icon: 'error', word: 'unhealthy' },
  offline: { icon: 'circle-slash', word: 'offline' },
  unknown: { icon: 'question', word: 'unknown' },
};

/** The icon of a state with its word for screen readers and as tooltip. */
export function stateIcon(state: HealthState): HTMLElement {
  const { icon: name, word } = STATE_ICONS[state];
  return element('span', { class: `state-icon state-${state}`, title: word }, icon(name), element('span', { class: 'visually-hidden' }, word));
}
