import { element, icon, listen } from './dom.ts';

/** One entry of a menu; a separator has no `run`. */
export interface MenuItem {
  readonly label: string;
  /** Shown at the right: a key or a value. */
  readonly detail?: string;
  /** Present for entries that are on or off. */
  readonly isChecked?: boolean;
  readonly isDisabled?: boolean;
  readonly run: () => void;
}

export type MenuEntry = MenuItem | 'separator';

let closeOpenMenu: (() => void) | undefined;

/**
 * Opens a menu under `anchor`: arrow keys, Home, End and letters move, Enter and Space choose, Escape and Tab close and
 * give the focus back. One menu is open at a time; opening it again closes it.
 */
export function openMenu(anchor: HTMLElement, label: string, entries: readonly MenuEntry[]): void {
  const wasOpen = anchor.getAttribute('aria-expanded') === 'true';
  closeOpenMenu?.();
  if (wasOpen) return;
  const stops: (() => void)[] = [];
  const menu = element('div', { class: 'menu', role: 'menu', 'aria-label': label });
  const items: HTMLElement[] = [];
  const close = (isFocusWanted: boolean): void => {
    closeOpenMenu = undefined;
    for (const stop of stops) stop();
    menu.remove();
    anchor.setAttribute('aria-expanded', 'false');
    if (isFocusWanted) anchor.focus();
  };
  for (const entry of entries) {
    if (entry === 'separator') {
      menu.append(element('div', { class: 'menu-separator', role: 'separator' }));
      continue;
    }
    const isToggle = entry.isChecked !== undefined;
    const item = element(
      'div',
      {
        class: 'menu-item',
        role: isToggle ? 'menuitemcheckbox' : 'menuitem',
        tabindex: -1,
        'aria-checked': isToggle ? String(entry.isChecked) : undefined,
        'aria-disabled': entry.isDisabled === true ? 'true' : undefined,
      },
      element('span', { class: 'menu-check' }, entry.isChecked === true ? icon('check') : undefined),
      element('span', { class: 'menu-label' }, entry.label),
      element('span', { class: 'menu-detail' }, entry.detail),
    );
    stops.push(
      listen(item, 'click', () => {
        if (entry.isDisabled === true) return;
        close(true);
        entry.run();
      }),
      listen(item, 'mousemove', () => item.focus()),
    );
    items.push(item);
    menu.append(item);
  }
  stops.push(listen(menu, 'keydown', (event) => onMenuKey(event, items, close)));
  document.body.append(menu);
  place(menu, anchor);
  anchor.setAttribute('aria-expanded', 'true');
  stops.push(
    listen(window, 'pointerdown', (event) => {
      if (event.target instanceof Node && !menu.contains(event.target) && !anchor.contains(event.target)) close(false);
    }),
    listen(window, 'blur', () => close(false)),
    listen(window, 'resize', () => close(false)),
  );
  closeOpenMenu = () => close(false);
  (items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0])?.focus();
}

/** Prepares a button to open menus. */
export function asMenuButton(button: HTMLElement): void {
  button.setAttribute('aria-haspopup', 'menu');
  button.setAttribute('aria-expanded', 'false');
}

function onMenuKey(event: KeyboardEvent, items: readonly HTMLElement[], close: (isFocusWanted: boolean) => void): void {
  const at = items.findIndex((item) => item === document.activeElement);
  const move = (index: number): void => items[(index + items.length) % items.length]?.focus();
  if (event.key === 'ArrowDown') move(at + 1);
  else if (event.key === 'ArrowUp') move(at < 0 ? items.length - 1 : at - 1);
  else if (event.key === 'Home') move(0);
  else if (event.key === 'End') move(items.length - 1);
  else if (event.key === 'Escape' || event.key === 'Tab') close(true);
  else if (event.key === 'Enter' || event.key === ' ') items[at]?.click();
  else if (event.key.length === 1) {
    const letter = event.key.toLowerCase();
    const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    order.find((item) => item.querySelector('.menu-label')?.textContent.toLowerCase().startsWith(letter) === true)?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Under the anchor, at its left edge, or as far left as needed to stay on the page. */
function place(menu: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const margin = 4;
  const left = Math.max(margin, Math.min(at.left, window.innerWidth - menu.offsetWidth - margin));
  const isBelow = at.bottom + menu.offsetHeight + margin <= window.innerHeight || at.top < menu.offsetHeight;
  const top = isBelow ? at.bottom + 2 : at.top - menu.offsetHeight - 2;
  menu.style.left = `${String(left)}px`;
  menu.style.top = `${String(Math.max(margin, top))}px`;
}
