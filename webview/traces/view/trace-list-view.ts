import type { TraceSummary } from '../../../src/protocol/traces.ts';
import { element, icon, iconButton, listen } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/format-number.ts';
import { formatMoment, type TimeFormat } from '../../shared/time-axis.ts';
import { startMs } from '../model/trace-list.ts';

/** The results as a list: one row a trace, reached by arrow keys, opened by Enter. Rows that stay keep their element and the focus. */
export class TraceListView {
  readonly root = element('div', { class: 'trace-list', role: 'listbox', 'aria-label': 'Traces' });
  readonly #rows = new Map<string, { readonly trace: TraceSummary; readonly node: HTMLElement }>();
  readonly #open: (traceId: string) => void;
  readonly #setPinned: (traceId: string, isPinned: boolean) => void;

  constructor(open: (traceId: string) => void, setPinned: (traceId: string, isPinned: boolean) => void) {
    this.#open = open;
    this.#setPinned = setPinned;
    listen(this.root, 'keydown', (event) => this.#onKey(event));
  }

  render(traces: readonly TraceSummary[], longestNano: number, time: TimeFormat, colourIndexOf: (service: string) => number): void {
    const active = document.activeElement;
    const focusedId = active instanceof HTMLElement && this.root.contains(active) ? active.dataset['trace'] : undefined;
    const nodes = traces.map((trace) => {
      const known = this.#rows.get(trace.traceId);
      const isSame = known?.trace.spanCount === trace.spanCount && known.trace.durationNano === trace.durationNano && known.trace.errorCount === trace.errorCount && known.trace.isPinned === trace.isPinned;
      const node = known && isSame ? known.node : this.#row(trace, time, colourIndexOf);
      if (node !== known?.node) this.#rows.set(trace.traceId, { trace, node });
      const bar = node.querySelector<HTMLElement>('.duration-bar');
      if (bar) bar.style.width = `${String(Math.max(1, (trace.durationNano / Math.max(1, longestNano)) * 100))}%`;
      return node;
    });
    const ids = new Set(traces.map(({ traceId }) => traceId));
    for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id);
    let at: ChildNode | null = this.root.firstChild;
    for (const node of nodes) {
      if (node === at) at = at.nextSibling;
      else this.root.insertBefore(node, at);
    }
    while (at) {
      const next: ChildNode | null = at.nextSibling;
      at.remove();
      at = next;
    }
    if (!this.root.querySelector('[tabindex="0"]')) nodes[0]?.setAttribute('tabindex', '0');
    // Its element may be another one now.
    const focused = focusedId === undefined ? undefined : this.#rows.get(focusedId)?.node;
    if (focused && document.activeElement !== focused) this.#focus(focused);
  }

  focusTrace(traceId: string): void {
    const node = this.#rows.get(traceId)?.node;
    if (node) this.#focus(node);
  }

  #row(trace: TraceSummary, time: TimeFormat, colourIndexOf: (service: string) => number): HTMLElement {
    const duration = formatNumber(trace.durationNano / 1e9, 'seconds', time.locale);
    const errors = trace.errorCount === 0 ? '' : trace.errorCount === 1 ? '1 error' : `${String(trace.errorCount)} errors`;
    const others = trace.services.filter(({ service }) => service !== trace.rootService);
    const isPinned = trace.isPinned === true;
    // For the pointer only: the row is one option, whose key is P.
    const pin = iconButton(isPinned ? 'pinned' : 'pin', isPinned ? 'Let Go' : 'Keep from Eviction', { key: 'P', class: `row-pin${isPinned ? ' is-pinned' : ''}` });
    pin.tabIndex = -1;
    pin.setAttribute('aria-hidden', 'true');
    listen(pin, 'click', (event) => {
      event.stopPropagation();
      this.#setPinned(trace.traceId, !isPinned);
    });
    const row = element(
      'div',
      { class: 'trace-row', role: 'option', tabindex: -1, 'data-trace': trace.traceId, 'aria-label': `${trace.rootService} ${trace.rootName}, ${duration}, ${String(trace.spanCount)} spans${errors === '' ? '' : `, ${errors}`}${isPinned ? ', kept from eviction' : ''}`, 'aria-keyshortcuts': 'p' },
      element('span', { class: `trace-mark${errors === '' ? '' : ' is-error'}` }, icon(errors === '' ? 'circle-small-filled' : 'error')),
      element('span', { class: 'trace-name', title: `${trace.rootService} ${trace.rootName}` }, element('b', { 'data-colour': colourIndexOf(trace.rootService) % 6 }, trace.rootService), ` ${trace.rootName}`),
      element('span', { class: 'trace-duration' }, element('span', { class: 'duration-bar' }), element('span', { class: 'duration-text' }, duration)),
      element('span', { class: 'trace-facts' }, [`${String(trace.spanCount)} spans`, errors].filter((fact) => fact !== '').join(' · ')),
      element('span', { class: 'trace-services', title: others.map(({ service }) => service).join(', ') }, others.map(({ service }) => service).join(', ')),
      element('time', { class: 'trace-time' }, formatMoment(startMs(trace), Date.now(), time)),
      pin,
    );
    listen(row, 'click', () => this.#open(trace.traceId));
    return row;
  }

  #focus(node: Element | null | undefined): void {
    if (!(node instanceof HTMLElement)) return;
    for (const old of this.root.querySelectorAll('[tabindex="0"]')) old.setAttribute('tabindex', '-1');
    node.setAttribute('tabindex', '0');
    node.focus();
  }

  #onKey(event: KeyboardEvent): void {
    const row = document.activeElement;
    if (!(row instanceof HTMLElement) || row.parentElement !== this.root) return;
    if (event.key === 'ArrowDown') this.#focus(row.nextElementSibling);
    else if (event.key === 'ArrowUp') this.#focus(row.previousElementSibling);
    else if (event.key === 'Home') this.#focus(this.root.firstElementChild);
    else if (event.key === 'End') this.#focus(this.root.lastElementChild);
    else if (event.key === 'p' && !event.ctrlKey && !event.metaKey && !event.altKey) row.querySelector<HTMLElement>('.row-pin')?.click();
    else if (event.key === 'Enter' || event.key === ' ') row.click();
    else return;
    event.preventDefault();
  }
}
