import type { AttributeConditionText } from '../../src/protocol/attribute-condition.ts';
import { element, iconButton, listen, setText } from '../shared/dom.ts';
import type { LogRow } from './model/log-rows.ts';
import { fieldGroups, recordJson, requestIdOf, type Field } from './model/record-json.ts';

/** What a detail asks for. */
export interface DetailActions {
  copyText(text: string, what: string): void;
  addCondition(condition: AttributeConditionText): void;
  showTrace(traceId: string): void;
  openTrace(traceId: string, spanId: string): void;
  showRequest(requestId: string): void;
}

/** The whole record below its row: actions, the full line, its fields, or all as JSON. */
export function createRowDetail(row: LogRow, actions: DetailActions): HTMLElement {
  const { record } = row;
  const requestId = requestIdOf(row);
  const button = (label: string, run: () => void): HTMLButtonElement => {
    const node = element('button', { type: 'button', class: 'text-button detail-action' }, label);
    listen(node, 'click', run);
    return node;
  };
  const body = element('div', { class: 'detail-body' });
  const view = button('Show JSON', () => show(!isJson));
  let isJson = false;
  const show = (next: boolean): void => {
    isJson = next;
    setText(view, isJson ? 'Show Fields' : 'Show JSON');
    if (isJson) body.replaceChildren(element('pre', { class: 'detail-json', tabindex: 0 }, recordJson(row)));
    else body.replaceChildren(element('pre', { class: 'detail-line' }, record.line), ...fieldGroups(row).map(({ title, fields }) => fieldTable(title, fields, actions)));
  };
  show(false);
  return element(
    'div',
    { class: 'detail', role: 'group', 'aria-label': 'Details' },
    element(
      'div',
      { class: 'detail-actions' },
      view,
      button('Copy JSON', () => actions.copyText(recordJson(row), 'JSON')),
      button('Copy Line', () => actions.copyText(record.line, 'Line')),
      record.traceId === '' ? undefined : button('Open Trace', () => actions.openTrace(record.traceId, record.spanId)),
      record.traceId === '' ? undefined : button('Only This Trace', () => actions.showTrace(record.traceId)),
      requestId === undefined ? undefined : button('Only This Request ID', () => actions.showRequest(requestId)),
    ),
    body,
  );
}

function fieldTable(title: string, fields: readonly Field[], actions: DetailActions): HTMLElement {
  const table = element('table', { class: 'fields' }, element('caption', {}, title));
  const body = table.createTBody();
  for (const { key, text, scope } of fields) {
    const row = body.insertRow();
    row.append(element('th', { scope: 'row' }, key), element('td', { class: 'field-value' }, text));
    const cell = element('td', { class: 'field-actions' });
    if (scope !== undefined) {
      const include = iconButton('add', `Add to filter: ${key} is ${text}`);
      const exclude = iconButton('remove', `Add to filter: ${key} is not ${text}`);
      listen(include, 'click', () => actions.addCondition({ key, op: '=', value: text }));
      listen(exclude, 'click', () => actions.addCondition({ key, op: '!=', value: text }));
      cell.append(include, exclude);
    }
    const copy = iconButton('copy', `Copy ${key}`);
    listen(copy, 'click', () => actions.copyText(text, key));
    cell.append(copy);
    row.append(cell);
  }
  return table;
}
