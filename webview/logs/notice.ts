import { element, icon, listen } from '../shared/dom.ts';

/** A message that stands where the rows would be; the first action is the one that helps most. */
export interface Notice {
  readonly icon: string;
  readonly title: string;
  readonly text: string;
  readonly actions: readonly { readonly label: string; readonly run: () => void }[];
}

/** Shows `notice` in `root`, or hides `root`. Built anew only when its words changed, so that focus stays. */
export function renderNotice(root: HTMLElement, notice: Notice | undefined): void {
  const key = notice ? JSON.stringify(notice) : '';
  root.hidden = notice === undefined;
  if (root.dataset['key'] === key) return;
  root.dataset['key'] = key;
  if (!notice) {
    root.replaceChildren();
    return;
  }
  const buttons = notice.actions.map(({ label, run }, at) => {
    const button = element('button', { type: 'button', class: at === 0 ? 'button' : 'button secondary' }, label);
    listen(button, 'click', run);
    return button;
  });
  root.replaceChildren(
    element('div', { class: 'notice-icon' }, icon(notice.icon)),
    element('div', { class: 'notice-text' }, element('strong', {}, notice.title), element('span', {}, notice.text)),
    element('div', { class: 'notice-buttons' }, ...buttons),
  );
}
