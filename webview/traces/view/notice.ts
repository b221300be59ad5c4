import type { TracesAction } from '../../../src/protocol/traces-panel.ts';
import { element, icon, listen } from '../../shared/dom.ts';

/** A message that stands where the data would be. */
export interface Notice {
  readonly icon: string;
  readonly title: string;
  readonly text: string;
  /** 'clear' lifts all limits of the search; 'back' leaves the trace. */
  readonly actions: readonly { readonly label: string; readonly action: TracesAction | 'clear' | 'back' }[];
}

/** What decides whether the list says something in place of traces. */
export interface ListSituation {
  readonly connection: 'connected' | 'connecting' | 'offline';
  readonly detail: string;
  readonly isEmpty: boolean;
  readonly hasAnswer: boolean;
  readonly isFiltered: boolean;
}

/** The message for the list; undefined when the list speaks for itself. */
export function noticeFor({ connection, detail, isEmpty, hasAnswer, isFiltered }: ListSituation): Notice | undefined {
  if (connection === 'offline') {
    return { icon: 'debug-disconnect', title: 'The collector is not running', text: detail, actions: [{ label: 'Restart Collector', action: 'restartCollector' }, { label: 'Show Log', action: 'showOutput' }] };
  }
  if (!isEmpty || !hasAnswer) return undefined;
  if (isFiltered) return { icon: 'search', title: 'No trace meets this search', text: 'New ones appear here as they come.', actions: [{ label: 'Clear the Search', action: 'clear' }] };
  return {
    icon: 'list-tree',
    title: 'No traces yet',
    text: 'Run your app from a terminal here with OpenTelemetry on, or start the demo.',
    actions: [
      { label: 'Start Demo', action: 'startDemo' },
      { label: 'New Terminal', action: 'newTerminal' },
    ],
  };
}

/** Shows `notice` in `root`, or hides it. Built anew only when it changed, so that focus stays. */
export function renderNotice(root: HTMLElement, notice: Notice | undefined, actions: { run(action: TracesAction): void; clear?(): void; back?(): void }): void {
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
    listen(button, 'click', () => {
      if (action === 'clear') actions.clear?.();
      else if (action === 'back') actions.back?.();
      else actions.run(action);
    });
    return button;
  });
  root.replaceChildren(
    element('div', { class: 'notice-icon' }, icon(notice.icon)),
    element('div', { class: 'notice-text' }, element('strong', {}, notice.title), element('span', {}, notice.text)),
    element('div', { class: 'notice-buttons' }, ...buttons),
  );
}
