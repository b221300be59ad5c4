import type { ChartsAction } from '../../src/protocol/charts.ts';
import { element, icon, listen } from '../shared/dom.ts';

/** A message that stands in for all charts, or in a strip above them. */
export interface Notice {
  readonly icon: string;
  readonly title: string;
  /** Text with at most two actions in it; the first action is the one that helps most. */
  readonly text: string;
  readonly actions: readonly { readonly label: string; readonly action: ChartsAction }[];
}

/** When nothing has ever arrived. */
export const NO_TELEMETRY: Notice = {
  icon: 'pulse',
  title: 'No telemetry yet',
  text: 'Run your app from a terminal here, or start the demo.',
  actions: [
    { label: 'Start Demo', action: 'startDemo' },
    { label: 'New Terminal', action: 'newTerminal' },
  ],
};

/** When the collector does not answer. */
export function offlineNotice(detail: string): Notice {
  return {
    icon: 'debug-disconnect',
    title: 'The collector is not running',
    text: detail,
    actions: [
      { label: 'Restart Collector', action: 'restartCollector' },
      { label: 'Show Log', action: 'showOutput' },
    ],
  };
}

/** Shows `notice` in `root`, or hides `root`. Built anew only when it changed, so that focus stays. */
export function renderNotice(root: HTMLElement, notice: Notice | undefined, run: (action: ChartsAction) => void): void {
  const key = notice ? JSON.stringify(notice) : '';
  root.hidden = notice === undefined;
  if (root.dataset['key'] === key) return;
  root.dataset['key'] = key;
  if (!notice) {
    root.replaceChildren();
    return;
  }
  const buttons = notice.actions.map(({ label, action }, i) => {
    const button = element('button', { type: 'button', class: i === 0 ? 'button' : 'button secondary' }, label);
    listen(button, 'click', () => run(action));
    return button;
  });
  root.replaceChildren(
    element('div', { class: 'notice-icon' }, icon(notice.icon)),
    element('div', { class: 'notice-text' }, element('strong', {}, notice.title), element('span', {}, notice.text)),
    element('div', { class: 'notice-buttons' }, ...buttons),
  );
}
