import { element } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/format-number.ts';
import { isFolded } from '../model/rows.ts';
import { foldLabel, type Frame } from './painter.ts';

/** Puts the rows from `first` to `last` as elements into `root`: what the canvas shows, for screen readers. */
export function renderRowsTwin(root: HTMLElement, frame: Frame, first: number, last: number): void {
  const rows: HTMLElement[] = [];
  for (let row = first; row <= last; row++) rows.push(twinRow(frame, row));
  root.replaceChildren(...rows);
}

function twinRow(frame: Frame, row: number): HTMLElement {
  const { document: trace, rows, rowState, locale } = frame;
  const item = rows.items[row]!;
  const isParent = item < 0 || trace.tree.end[item]! > item + 1;
  const isOpen = item < 0 ? !isFolded(trace.folds, -1 - item, rowState) : !rowState.collapsed.has(item);
  return element(
    'div',
    {
      role: 'row',
      id: `row-${String(row)}`,
      'aria-level': rows.depths[row]! + 1,
      'aria-rowindex': row + 1,
      'aria-selected': String(row === frame.selectedRow),
      'aria-expanded': isParent ? String(isOpen) : undefined,
    },
    ...cellTexts(frame, row).map((text) => element('span', { role: 'gridcell' }, text)),
  );

  function cellTexts(of: Frame, at: number): string[] {
    const place = of.rows.items[at]!;
    const time = (nano: number): string => formatNumber(nano / 1e9, 'seconds', locale);
    if (place < 0) return [foldLabel(of, -1 - place), trace.folds[-1 - place]!.service, time(trace.folds[-1 - place]!.totalNs), '', ''];
    const span = trace.tree.spans[place]!;
    return [span.name, span.service, time(span.durationNs), `starts after ${time(trace.tree.startNs[place]! - trace.whole.fromNs)}`, span.isError ? `failed ${trace.details[place]!.statusMessage}` : ''];
  }
}
