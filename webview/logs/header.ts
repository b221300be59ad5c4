import type { ChartsRange } from '../../src/protocol/charts.ts';
import type { LogsState } from '../../src/protocol/logs-panel.ts';
import { RANGES_MS } from '../charts/panel-state.ts';
import { openRangeDialog } from '../charts/range-dialog.ts';
import { element, icon, iconButton, listen, setAttribute, setText } from '../shared/dom.ts';
import { asMenuButton, openMenu, type MenuEntry } from '../shared/menu.ts';
import { formatDuration } from '../shared/time-axis.ts';
import type { Chip } from './model/panel-state.ts';

/** What the header row shows. */
export interface HeaderView {
  readonly chips: readonly Chip[];
  readonly services: readonly string[];
  readonly knownServices: readonly string[];
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
  readonly areFacetsShown: boolean;
  readonly arePatternsShown: boolean;
  readonly isHistogramTable: boolean;
}

/** What the header row asks for. */
export interface HeaderActions {
  setState(state: LogsState): void;
  setServices(services: readonly string[]): void;
  addCondition(anchor: HTMLElement): void;
  setRange(range: ChartsRange): void;
  toggleLive(): void;
  toggleFacets(): void;
  togglePatterns(): void;
  toggleTable(): void;
  clearFilter(): void;
  refresh(): void;
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
  const facets = iconButton('filter', 'Facets', { key: 'F' });
  const chips = element('div', { class: 'chips', role: 'group', 'aria-label': 'Limited to' });
  const add = iconButton('add', 'Add Filter');
  asMenuButton(add);
  const rangeText = element('span', { class: 'range-text' });
  const range = element('button', { type: 'button', class: 'text-button', title: 'Time Range (T)', 'aria-keyshortcuts': 'T' }, rangeText, icon('chevron-down'));
  asMenuButton(range);
  const liveIcon = element('span', { class: 'codicon codicon-circle-filled', 'aria-hidden': 'true' });
  const liveText = element('span', { class: 'live-text' });
  const live = element('button', { type: 'button', class: 'text-button live', 'aria-keyshortcuts': 'L' }, liveIcon, liveText);
  const age = element('span', { class: 'age' });
  const refresh = iconButton('refresh', 'Refresh', { key: 'R' });
  const more = iconButton('ellipsis', 'More Actions');
  asMenuButton(more);
  const scope = element('div', { class: 'scope' }, facets, chips, add);
  const controls = element('div', { class: 'controls' }, range, live, age, refresh, more);
  const root = element('header', { class: 'panel-header', role: 'toolbar', 'aria-label': 'Logs' }, scope, controls);
  let view: HeaderView | undefined;

  listen(facets, 'click', () => actions.toggleFacets());
  listen(add, 'click', () => {
    if (!view) return;
    const { services, knownServices } = view;
    const entries: MenuEntry[] = knownServices.map((name) => ({
      label: name,
      isChecked: services.includes(name),
      run: () => actions.setServices(services.includes(name) ? services.filter((other) => other !== name) : [...services, name]),
    }));
    if (entries.length > 0) entries.push('separator');
    entries.push({ label: 'Attribute…', run: () => actions.addCondition(add) });
    openMenu(add, 'Add Filter', entries);
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
      { label: 'Patterns', detail: 'P', isChecked: view?.arePatternsShown ?? false, run: () => actions.togglePatterns() },
      { label: 'Facets', detail: 'F', isChecked: view?.areFacetsShown ?? false, run: () => actions.toggleFacets() },
      { label: 'Histogram as Table', detail: 'V', isChecked: view?.isHistogramTable ?? false, run: () => actions.toggleTable() },
      'separator',
      { label: 'Clear All Filters', run: () => actions.clearFilter() },
    ]),
  );

  function update(next: HeaderView): void {
    const key = (some: HeaderView): string => some.chips.map(({ label }) => label).join('\n');
    if (!view || key(view) !== key(next)) renderChips(chips, next.chips, add, actions, () => view);
    view = next;
    facets.setAttribute('aria-pressed', String(next.areFacetsShown));
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

function renderChips(root: HTMLElement, chips: readonly Chip[], add: HTMLElement, actions: HeaderActions, view: () => HeaderView | undefined): void {
  // A chip that was removed had the focus; its neighbour gets it.
  const focused = [...root.querySelectorAll('.chip-remove')].findIndex((button) => button === document.activeElement);
  root.replaceChildren(
    ...chips.map(({ label, title }, at) => {
      const remove = iconButton('close', `Remove ${title}`, { class: 'chip-remove' });
      listen(remove, 'click', () => {
        // The newest state without it, not that of the moment when the chip was made.
        const chip = view()?.chips[at];
        if (chip) actions.setState(chip.without);
      });
      return element('span', { class: 'chip' }, element('span', { class: 'chip-name', title }, label), remove);
    }),
  );
  if (chips.length === 0) root.append(element('span', { class: 'all' }, 'All services'));
  if (focused < 0) return;
  const buttons = root.querySelectorAll<HTMLElement>('.chip-remove');
  (buttons[Math.min(focused, buttons.length - 1)] ?? add).focus();
}
