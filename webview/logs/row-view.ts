import { element, icon, setAttribute } from '../shared/dom.ts';
import { levelBadge, setLevelBadge } from './level-badge.ts';
import type { LogRow } from './model/log-rows.ts';

/** More of a line than this is never in sight; the detail has all of it. */
const SHOWN_CHARACTERS = 400;
const SHOWN_ATTRIBUTES = 6;
/** Colours of terminals begin with the escape character. */
const ANSI = /\u001b\[[0-9;]*[A-Za-z]/g;

/** One row of the table, used again for other records while scrolling. */
export interface RowView {
  readonly root: HTMLElement;
  /** The record shown; undefined before the first. */
  row: LogRow | undefined;
  show(row: LogRow, time: string): void;
  setPlace(index: number, topPx: number): void;
  setState(isActive: boolean, isExpanded: boolean): void;
}

/** Builds an empty row. */
export function createRowView(): RowView {
  const chevron = icon('chevron-right');
  const time = element('span', { class: 'cell time', role: 'gridcell' });
  const badge = levelBadge('unknown');
  const service = element('span', { class: 'cell service', role: 'gridcell' });
  const text = element('span', { class: 'message-text' });
  const fields = element('span', { class: 'message-fields' });
  const line = element(
    'div',
    { class: 'row', role: 'row', 'aria-level': 1 },
    chevron,
    time,
    element('span', { class: 'cell level-cell', role: 'gridcell' }, badge),
    service,
    element('span', { class: 'cell message', role: 'gridcell' }, text, fields),
  );
  const root = element('div', { class: 'row-group', role: 'presentation' }, line);
  let place = -1;
  let index = -1;
  const view: RowView = {
    root,
    row: undefined,
    show(row, timeText) {
      view.row = row;
      line.id = `row-${String(row.key)}`;
      time.textContent = timeText;
      setLevelBadge(badge, row.record.level);
      service.textContent = row.resource.service;
      service.title = row.resource.service;
      text.textContent = shownLine(row.record.line);
      fields.textContent = shownFields(row);
      line.classList.toggle('is-severe', row.record.level === 'error' || row.record.level === 'fatal');
    },
    setPlace(nextIndex, topPx) {
      if (topPx !== place) root.style.transform = `translateY(${String(topPx)}px)`;
      if (nextIndex !== index) line.setAttribute('aria-rowindex', String(nextIndex + 2));
      place = topPx;
      index = nextIndex;
    },
    setState(isActive, isExpanded) {
      line.classList.toggle('is-active', isActive);
      line.classList.toggle('is-expanded', isExpanded);
      setAttribute(line, 'aria-selected', String(isActive));
      setAttribute(line, 'aria-expanded', String(isExpanded));
    },
  };
  return view;
}

/** One line of text without the colours of terminals. */
function shownLine(line: string): string {
  return line.slice(0, SHOWN_CHARACTERS).replace(ANSI, '').replace(/\s+/g, ' ');
}

function shownFields({ record }: LogRow): string {
  let text = '';
  let count = 0;
  for (const key in record.attributes) {
    if (++count > SHOWN_ATTRIBUTES) break;
    const value = record.attributes[key];
    text += `${text === '' ? '' : '  '}${key}=${typeof value === 'string' ? value.slice(0, 60) : JSON.stringify(value)}`;
  }
  return text;
}
