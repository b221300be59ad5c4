import { element, listen } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/format-number.ts';
import type { TraceDocument } from '../model/trace-document.ts';

/** Rows that are shown at once; more come by a button. */
const PAGE = 500;

/** The trace as a table: the same as the waterfall, for reading and copying. */
export function spanTable(trace: TraceDocument, selected: number, locale: string | undefined, select: (place: number) => void): HTMLElement {
  const body = element('tbody');
  const more = element('button', { type: 'button', class: 'button secondary' });
  const table = element(
    'table',
    { class: 'span-table' },
    element('thead', {}, element('tr', {}, ...['Span', 'Service', 'Start', 'Duration', 'Itself', 'Status'].map((name) => element('th', { scope: 'col' }, name)))),
    body,
  );
  let shown = 0;
  const add = (): void => {
    const until = Math.min(shown + PAGE, trace.tree.spans.length);
    for (; shown < until; shown++) body.append(row(trace, shown, shown === selected, locale, select));
    more.hidden = shown >= trace.tree.spans.length;
    more.textContent = `Show ${String(Math.min(PAGE, trace.tree.spans.length - shown))} more of ${String(trace.tree.spans.length - shown)}`;
  };
  listen(more, 'click', add);
  add();
  return element('div', { class: 'table-view' }, table, more);
}

function row(trace: TraceDocument, place: number, isSelected: boolean, locale: string | undefined, select: (place: number) => void): HTMLElement {
  const { tree, details, selfNs, whole } = trace;
  const span = tree.spans[place]!;
  const seconds = (nano: number): string => formatNumber(nano / 1e9, 'seconds', locale);
  const name = element('button', { type: 'button', class: 'link-button' }, span.name);
  name.style.marginInlineStart = `${String(Math.min(20, tree.depth[place]!) * 10)}px`;
  listen(name, 'click', () => select(place));
  const status = span.isError ? `failed ${details[place]!.statusMessage}`.trim() : '';
  return element(
    'tr',
    { 'aria-selected': isSelected ? 'true' : undefined },
    element('td', {}, name),
    ...[span.service, seconds(tree.startNs[place]! - whole.fromNs), seconds(span.durationNs), seconds(selfNs[place]!), status].map((text) => element('td', {}, text)),
  );
}
