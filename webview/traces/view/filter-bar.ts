import type { NameCount } from '../../../src/protocol/telemetry.ts';
import type { TracesFilter } from '../../../src/protocol/traces-panel.ts';
import { element, icon, listen } from '../../shared/dom.ts';

/** What the bar tells the search page. */
export interface FilterBarActions {
  /** `isFinal`: by Enter or a choice, so search at once; else while typing. */
  change(filter: Partial<TracesFilter>, isFinal: boolean): void;
}

const WINDOWS: readonly (readonly [number, string])[] = [[0, 'All stored'], [5 * 60_000, 'Last 5 min'], [15 * 60_000, 'Last 15 min'], [3_600_000, 'Last 1 h'], [6 * 3_600_000, 'Last 6 h'], [24 * 3_600_000, 'Last 24 h']]; // prettier-ignore

/** The fields of a search. */
export class FilterBar {
  readonly root: HTMLElement;
  readonly #service = element('select', { 'aria-label': 'Service' });
  readonly #operation = element('select', { 'aria-label': 'Operation' });
  readonly #min = element('input', { type: 'text', class: 'duration', placeholder: 'min 10ms', 'aria-label': 'Shortest duration' });
  readonly #max = element('input', { type: 'text', class: 'duration', placeholder: 'max 2s', 'aria-label': 'Longest duration' });
  readonly #errors = element('input', { type: 'checkbox' });
  readonly #window = element('select', { 'aria-label': 'Time' }, ...WINDOWS.map(([ms, label]) => element('option', { value: ms }, label)));
  readonly #query = element('input', {
    type: 'search',
    class: 'query',
    placeholder: 'key=value  key>5  !key, a trace or request id, or text',
    'aria-label': 'Attributes, ids or text',
    title: 'key=value, key!=value, key=~pattern, key>500, has:key, !key; a trace id; a request id; any text. Words in "…" stay together.',
    spellcheck: 'false',
  });

  constructor(actions: FilterBarActions) {
    const select = (node: HTMLSelectElement, read: (value: string) => Partial<TracesFilter>): void => void listen(node, 'change', () => actions.change(read(node.value), true));
    const type = (node: HTMLInputElement, read: (value: string) => Partial<TracesFilter>): void => {
      listen(node, 'input', () => actions.change(read(node.value), false));
      listen(node, 'keydown', (event) => {
        if (event.key === 'Enter') actions.change(read(node.value), true);
      });
    };
    select(this.#service, (service) => ({ service, operation: '' }));
    select(this.#operation, (operation) => ({ operation }));
    select(this.#window, (ms) => ({ lastMs: Number(ms) }));
    type(this.#min, (minDuration) => ({ minDuration }));
    type(this.#max, (maxDuration) => ({ maxDuration }));
    type(this.#query, (query) => ({ query }));
    listen(this.#errors, 'change', () => actions.change({ onlyErrors: this.#errors.checked }, true));
    this.root = element(
      'div',
      { class: 'filter-bar', role: 'search' },
      element('div', { class: 'query-box' }, icon('search'), this.#query),
      element('div', { class: 'filter-fields' }, this.#service, this.#operation, this.#min, this.#max, element('label', { class: 'check' }, this.#errors, 'Only errors'), this.#window),
    );
  }

  focus(): void {
    this.#query.focus();
  }

  /** Shows a filter; a field that has the focus keeps what is typed unless it is another value. */
  render(filter: TracesFilter, operations: readonly NameCount[]): void {
    const services = [...new Set([...operations.map(({ service }) => service), ...(filter.service === '' ? [] : [filter.service])])].sort();
    const names = [...new Set([...operations.filter(({ service }) => filter.service === '' || service === filter.service).map(({ name }) => name), ...(filter.operation === '' ? [] : [filter.operation])])].sort();
    setOptions(this.#service, 'All services', services, filter.service);
    setOptions(this.#operation, 'All operations', names, filter.operation);
    for (const [node, value] of [[this.#min, filter.minDuration], [this.#max, filter.maxDuration], [this.#query, filter.query], [this.#window, String(filter.lastMs)]] as const) if (node.value !== value) node.value = value; // prettier-ignore
    this.#errors.checked = filter.onlyErrors;
  }
}

function setOptions(node: HTMLSelectElement, all: string, names: readonly string[], value: string): void {
  const key = names.join('\n');
  if (node.dataset['key'] !== key) {
    node.dataset['key'] = key;
    node.replaceChildren(element('option', { value: '' }, all), ...names.map((name) => element('option', { value: name }, name)));
  }
  if (node.value !== value) node.value = value;
}
