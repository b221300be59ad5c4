import type { ChartsRange } from '../../src/protocol/charts.ts';
import { element, icon, iconButton, listen, setAttribute, setText } from '../shared/dom.ts';
import { asMenuButton, openMenu, type MenuEntry } from '../shared/menu.ts';
import { formatDuration } from '../shared/time-axis.ts';
import { openRangeDialog } from './range-dialog.ts';
import { RANGES_MS } from './panel-state.ts';

/** What the header row shows. */
export interface HeaderView {
  /** Providers the panel is limited to; empty is all. */
  readonly providers: readonly string[];
  readonly knownProviders: readonly string[];
  readonly range: ChartsRange;
  readonly rangeLabel: string;
  /** The range in absolute time, to begin a custom one with. */
  readonly startMs: number;
  readonly endMs: number;
  readonly isLive: boolean;
  /** "2 s ago", or what is wrong; '' before the first answer. */
  readonly age: string;
  readonly isConnected: boolean;
  readonly isWarning: boolean;
  readonly areTables: boolean;
}

/** What the header row asks for. */
export interface HeaderActions {
  setProviders(providers: readonly string[]): void;
  setRange(range: ChartsRange): void;
  toggleLive(): void;
  refresh(): void;
  toggleTables(): void;
  copyCsv(): void;
  copyPromQl(): void;
  exportCsv(): void;
}

/** The one header row: scope, time range, live, age, more. */
export interface Header {
  readonly root: HTMLElement;
  update(view: HeaderView): void;
  /** Opens the range menu, for the command. */
  pickRange(): void;
}

/** Builds the header row. */
export function createHeader(actions: HeaderActions): Header {
  const chips = element('div', { class: 'chips', role: 'group', 'aria-label': 'Providers shown' });
  const add = iconButton('add', 'Add Provider');
  asMenuButton(add);
  const rangeText = element('span', { class: 'range-text' });
  const range = element('button', { type: 'button', class: 'text-button', title: 'Time Range' }, rangeText, icon('chevron-down'));
  asMenuButton(range);
  const liveIcon = element('span', { class: 'codicon codicon-circle-filled', 'aria-hidden': 'true' });
  const liveText = element('span', { class: 'live-text' });
  const live = element('button', { type: 'button', class: 'text-button live', 'aria-keyshortcuts': 'L' }, liveIcon, liveText);
  const age = element('span', { class: 'age', role: 'status' });
  const refresh = iconButton('refresh', 'Refresh', { key: 'R' });
  const more = iconButton('ellipsis', 'More Actions');
  asMenuButton(more);
  const scope = element('div', { class: 'scope' }, chips, add);
  const controls = element('div', { class: 'controls' }, range, live, age, refresh, more);
  const root = element('header', { class: 'panel-header', role: 'toolbar', 'aria-label': 'Charts' }, scope, controls);
  let view: HeaderView | undefined;

  listen(add, 'click', () => {
    if (!view) return;
    const { providers, knownProviders } = view;
    const entries: MenuEntry[] = knownProviders.map((name) => ({
      label: name,
      isChecked: providers.includes(name),
      run: () => actions.setProviders(providers.includes(name) ? providers.filter((other) => other !== name) : [...providers, name]),
    }));
    if (entries.length === 0) entries.push({ label: 'No providers yet', isDisabled: true, run: () => undefined });
    else if (providers.length > 0) entries.push('separator', { label: 'Show All', run: () => actions.setProviders([]) });
    openMenu(add, 'Add Provider', entries);
  });

  const pickRange = (): void => {
    if (!view) return;
    const { range: current, startMs, endMs } = view;
    openMenu(range, 'Time Range', [
      ...RANGES_MS.map((durationMs) => ({
        label: `Last ${formatDuration(durationMs)}`,
        isChecked: current.kind === 'last' && current.durationMs === durationMs,
        run: () => actions.setRange({ kind: 'last', durationMs }),
      })),
      'separator',
      {
        label: 'Custom…',
        isChecked: current.kind === 'fixed',
        run: () => openRangeDialog(range, startMs, endMs, (from, to) => actions.setRange({ kind: 'fixed', startMs: from, endMs: to })),
      },
    ]);
  };
  listen(range, 'click', pickRange);
  listen(live, 'click', () => actions.toggleLive());
  listen(refresh, 'click', () => actions.refresh());
  listen(more, 'click', () =>
    openMenu(more, 'More Actions', [
      { label: 'Show All as Tables', isChecked: view?.areTables ?? false, run: () => actions.toggleTables() },
      'separator',
      { label: 'Copy All as CSV', run: () => actions.copyCsv() },
      { label: 'Copy All PromQL', run: () => actions.copyPromQl() },
      { label: 'Export CSV…', run: () => actions.exportCsv() },
    ]),
  );

  function update(next: HeaderView): void {
    if (!view || view.providers.join('\n') !== next.providers.join('\n')) renderChips(chips, next.providers, add, actions);
    view = next;
    setText(rangeText, next.rangeLabel);
    live.setAttribute('aria-pressed', String(next.isLive));
    live.title = next.isLive ? 'Pause (L)' : 'Go Live (L)';
    liveIcon.className = `codicon codicon-${next.isLive ? 'circle-filled' : 'debug-pause'}`;
    live.classList.toggle('is-idle', !next.isConnected);
    setText(liveText, next.isLive ? 'Live' : 'Paused');
    setText(age, next.age);
    age.classList.toggle('is-warning', next.isWarning);
    setAttribute(age, 'title', next.age === '' ? undefined : `Data: ${next.age}`);
  }

  return { root, update, pickRange };
}

function renderChips(chips: HTMLElement, providers: readonly string[], add: HTMLElement, actions: HeaderActions): void {
  // A chip that was removed had the focus; its neighbour gets it.
  const focused = [...chips.querySelectorAll('.chip-remove')].findIndex((button) => button === document.activeElement);
  fillChips(chips, providers, actions);
  if (focused < 0) return;
  const buttons = chips.querySelectorAll<HTMLElement>('.chip-remove');
  (buttons[Math.min(focused, buttons.length - 1)] ?? add).focus();
}

function fillChips(chips: HTMLElement, providers: readonly string[], actions: HeaderActions): void {
  if (providers.length === 0) {
    chips.replaceChildren(element('span', { class: 'all' }, 'All providers'));
    return;
  }
  chips.replaceChildren(
    ...providers.map((name) => {
      const remove = iconButton('close', `Remove ${name}`, { class: 'chip-remove' });
      listen(remove, 'click', () => actions.setProviders(providers.filter((other) => other !== name)));
      return element('span', { class: 'chip' }, element('span', { class: 'chip-name', title: name }, name), remove);
    }),
  );
}
