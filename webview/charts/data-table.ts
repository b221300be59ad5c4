import { element, setText } from '../shared/dom.ts';
import { formatNumber } from '../shared/format-number.ts';
import { formatMoment, type TimeFormat } from '../shared/time-axis.ts';
import type { ChartData } from './chart-data.ts';
import type { ChartDefinition } from './chart-definitions.ts';
import { tableOf } from './statistics.ts';

/** More rows than this nobody reads; the CSV has all of them. */
const MAX_ROWS = 400;

/** Shows a chart's numbers in `table`, newest first. Rows are reused, so that the scroll position and selection stay. */
export function renderDataTable(table: HTMLTableElement, definition: ChartDefinition, data: ChartData, nowMs: number, time: TimeFormat): void {
  const { columns, rows } = tableOf(data, nowMs);
  const head = table.tHead ?? table.createTHead();
  const body = table.tBodies[0] ?? table.createTBody();
  const headers = ['Time', ...columns];
  const row = head.rows[0] ?? head.insertRow();
  while (row.cells.length > headers.length) row.deleteCell(-1);
  while (row.cells.length < headers.length) row.append(element('th', { scope: 'col' }));
  headers.forEach((text, i) => setText(row.cells[i]!, text));
  const shown = rows.slice(-MAX_ROWS).reverse();
  while (body.rows.length > shown.length) body.deleteRow(-1);
  shown.forEach((entry, at) => {
    const line = body.rows[at] ?? body.insertRow();
    while (line.cells.length > headers.length) line.deleteCell(-1);
    while (line.cells.length < headers.length) line.append(element(line.cells.length === 0 ? 'th' : 'td', line.cells.length === 0 ? { scope: 'row' } : {}));
    setText(line.cells[0]!, `${formatMoment(entry.atMs, nowMs, time)}${entry.isPartial ? ' (partial)' : ''}`);
    entry.values.forEach((value, i) => setText(line.cells[i + 1]!, formatNumber(value, definition.unit, time.locale)));
  });
}
