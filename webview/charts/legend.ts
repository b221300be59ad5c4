import type { HealthState } from '../../src/protocol/health.ts';
import type { Rgba } from '../shared/colour.ts';
import { element, listen, setAttribute, setText } from '../shared/dom.ts';
import { formatNumber, type Unit } from '../shared/format-number.ts';
import { STATE_ICONS, stateIcon } from '../shared/state-icon.ts';
import { swatch } from './swatch.ts';

/** The groups of columns: what is measured, and which figure beside last and mean. */
export const LEGEND_GROUPS = [
  { id: 'rate', title: 'Requests/s', unit: 'requestsPerSecond', extreme: 'max' },
  { id: 'success', title: 'Success', unit: 'ratio', extreme: 'min' },
  { id: 'p95', title: 'p95', unit: 'seconds', extreme: 'max' },
] as const satisfies readonly { id: string; title: string; unit: Unit; extreme: 'max' | 'min' }[];

export type LegendGroup = (typeof LEGEND_GROUPS)[number]['id'];

/** One figure a column; null where there is no value. */
export interface LegendFigures {
  readonly last: number | null;
  readonly extreme: number | null;
  readonly mean: number | null;
  /** The last value is older than it should be. */
  readonly isStale: boolean;
}

export interface LegendRow {
  readonly name: string;
  readonly colour: Rgba;
  readonly isDashed: boolean;
  readonly state: HealthState | undefined;
  readonly isHidden: boolean;
  readonly figures: Readonly<Record<LegendGroup, LegendFigures>>;
}

/** What the legend asks for. `toggle` shows or hides one; `isolate` shows only that one, or all again. */
export interface LegendActions {
  toggle(name: string): void;
  isolate(name: string): void;
}

/** The table under the charts: entity, then last, worst and mean of its main signals. */
export interface Legend {
  readonly root: HTMLElement;
  /** `title` says when the first figures were: "Last value", or the moment under the crosshair. */
  update(rows: readonly LegendRow[], title: string, locale: string | undefined): void;
}

/** Builds the legend. Rows are reused, so focus and hover stay where they are while numbers change. */
export function createLegend(actions: LegendActions): Legend {
  const when = element('th', { scope: 'col', class: 'legend-entity' });
  const headRow = element('tr', {}, when);
  for (const group of LEGEND_GROUPS) {
    headRow.append(
      element('th', { scope: 'col', class: 'first-figure' }, group.title),
      element('th', { scope: 'col', class: 'minor extreme', 'aria-label': `${group.title}, ${group.extreme}` }, group.extreme),
      element('th', { scope: 'col', class: 'minor mean', 'aria-label': `${group.title}, mean` }, 'mean'),
    );
  }
  const body = element('tbody', {});
  const table = element('table', { class: 'legend-table' }, element('thead', {}, headRow), body);
  const root = element('section', { class: 'legend', 'aria-label': 'Legend' }, table);
  const lines = new Map<string, LegendLine>();

  return {
    root,
    update(rows, title, locale) {
      setText(when, title);
      const wanted = new Set(rows.map((row) => row.name));
      for (const [name, line] of lines) {
        if (wanted.has(name)) continue;
        line.root.remove();
        lines.delete(name);
      }
      rows.forEach((row, i) => {
        let line = lines.get(row.name);
        if (!line) lines.set(row.name, (line = createLine(row.name, actions)));
        if (body.rows[i] !== line.root) body.insertBefore(line.root, body.rows[i] ?? null);
        line.update(row, locale);
      });
    },
  };
}

interface LegendLine {
  readonly root: HTMLTableRowElement;
  update(row: LegendRow, locale: string | undefined): void;
}

function createLine(name: string, actions: LegendActions): LegendLine {
  const mark = element('span', { class: 'legend-mark' });
  const state = element('span', { class: 'legend-state' });
  const button = element('button', { type: 'button', class: 'legend-button', title: `${name}: click to hide or show, Alt+click to show only this` }, mark, element('span', { class: 'legend-name' }, name), state);
  const cells = LEGEND_GROUPS.flatMap(() => [element('td', { class: 'first-figure' }), element('td', { class: 'minor extreme' }), element('td', { class: 'minor mean' })]);
  const root = element('tr', {}, element('th', { scope: 'row', class: 'legend-entity' }, button), ...cells);
  listen(button, 'click', (event) => (event.altKey ? actions.isolate(name) : actions.toggle(name)));
  listen(button, 'keydown', (event) => {
    if (!event.altKey || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    actions.isolate(name);
  });
  let shownState: HealthState | undefined;
  return {
    root,
    update(row, locale) {
      mark.replaceChildren(swatch(row.colour, row.isDashed ? 'dashed' : 'solid'));
      if (shownState !== row.state) {
        shownState = row.state;
        state.replaceChildren(...(row.state ? [stateIcon(row.state), element('span', { class: 'state-word', 'aria-hidden': 'true' }, STATE_ICONS[row.state].word)] : []));
        setAttribute(state, 'title', row.state && STATE_ICONS[row.state].word);
      }
      button.setAttribute('aria-pressed', String(!row.isHidden));
      root.classList.toggle('is-hidden', row.isHidden);
      LEGEND_GROUPS.forEach((group, i) => {
        const { last, extreme, mean, isStale } = row.figures[group.id];
        setText(cells[i * 3]!, formatNumber(last, group.unit, locale));
        cells[i * 3]!.classList.toggle('is-stale', isStale);
        setText(cells[i * 3 + 1]!, formatNumber(extreme, group.unit, locale));
        setText(cells[i * 3 + 2]!, formatNumber(mean, group.unit, locale));
      });
    },
  };
}
