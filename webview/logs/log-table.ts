import { toDisposable, type Disposable } from '../../src/base/disposable.ts';
import { element, listen, setAttribute, setText } from '../shared/dom.ts';
import { ROW_HEIGHT_PX, RowLayout } from './model/row-layout.ts';
import type { LogRow } from './model/log-rows.ts';
import { createRowDetail, type DetailActions } from './row-detail.ts';
import { createRowView, type RowView } from './row-view.ts';

/** What the table shows. */
export interface LogTableView {
  /** Newest first. */
  readonly rows: readonly LogRow[];
  readonly serviceWidthPx: number;
  readonly formatTime: (atMs: number) => string;
  /** What stands below the last row: "Load older", or that there is no more. */
  readonly footer: { readonly text: string; readonly isButton: boolean };
  readonly isStale: boolean;
}

/** What the table asks for. */
export interface LogTableActions extends DetailActions {
  loadOlder(): void;
  setServiceWidth(widthPx: number): void;
  /** The top row came into sight or went out of it. */
  onTopChange(isAtTop: boolean): void;
}

/** Rows beyond the visible ones, so that a fast scroll finds something. */
const OVERSCAN = 6;
/** Height of a detail until it was measured. */
const DETAIL_GUESS_PX = 220;
/** So near to the end, older records are asked for. */
const END_MARGIN_PX = 200;

/** The table of records: only what is in sight exists as elements. */
export class LogTable implements Disposable {
  readonly root: HTMLElement;
  readonly #actions: LogTableActions;
  readonly #viewport = element('div', { class: 'rows', role: 'treegrid', tabindex: 0, 'aria-label': 'Log records', 'aria-colcount': 4 });
  readonly #sizer = element('div', { class: 'rows-sizer', role: 'presentation' });
  readonly #footer = element('button', { type: 'button', class: 'link-button rows-footer' });
  readonly #separator = element('div', { class: 'column-separator', role: 'separator', tabindex: 0, 'aria-orientation': 'vertical', 'aria-label': 'Width of the service column', 'aria-valuemin': 40, 'aria-valuemax': 600 });
  readonly #layout = new RowLayout();
  readonly #shown = new Map<number, RowView>();
  readonly #spare: RowView[] = [];
  readonly #expanded = new Map<number, number>();
  readonly #details = new Map<number, HTMLElement>();
  readonly #observer: ResizeObserver;
  #view: LogTableView = { rows: [], serviceWidthPx: 120, formatTime: String, footer: { text: '', isButton: false }, isStale: false };
  #heightPx = 0;
  #activeKey: number | undefined;
  #activeIndex = -1;
  #isAtTop = true;
  #isFrameQueued = false;

  constructor(actions: LogTableActions) {
    this.#actions = actions;
    const head = element('div', { class: 'row head', role: 'presentation' }, element('span', {}), element('span', { class: 'cell time' }, 'Time'), element('span', { class: 'cell level-cell' }, 'Level'), element('span', { class: 'cell service' }, 'Service', this.#separator), element('span', { class: 'cell message' }, 'Message'));
    this.#sizer.append(this.#footer);
    this.#viewport.append(this.#sizer);
    this.root = element('div', { class: 'log-table' }, head, this.#viewport);
    this.#observer = new ResizeObserver((entries) => this.#onResize(entries));
    this.#observer.observe(this.#viewport);
    listen(this.#viewport, 'scroll', () => this.#renderSoon(), { passive: true });
    listen(this.#viewport, 'click', (event) => this.#onClick(event));
    listen(this.#viewport, 'keydown', (event) => this.#onKey(event));
    listen(this.#viewport, 'focus', () => {
      if (this.#activeKey === undefined && this.#view.rows.length > 0) this.#activate(this.#layout.indexAt(this.#viewport.scrollTop));
    });
    listen(this.#footer, 'click', () => this.#actions.loadOlder());
    this.#listenToSeparator();
  }

  get isAtTop(): boolean {
    return this.#isAtTop;
  }

  focus(): void {
    this.#viewport.focus();
  }

  scrollToTop(): void {
    this.#viewport.scrollTop = 0;
    this.#render();
  }

  /** Shows other rows. What is in sight stays where it is, unless the top is. */
  update(view: LogTableView): void {
    const before = this.#view;
    const isSame = before.rows === view.rows;
    const anchorIndex = this.#layout.indexAt(this.#viewport.scrollTop);
    const anchor = this.#isAtTop ? undefined : before.rows[anchorIndex];
    const offset = anchor ? this.#viewport.scrollTop - this.#layout.topOf(anchorIndex) : 0;
    this.#view = view;
    setText(this.#footer, view.footer.text);
    this.#footer.disabled = !view.footer.isButton;
    this.root.classList.toggle('is-stale', view.isStale);
    this.root.style.setProperty('--service-width', `${String(view.serviceWidthPx)}px`);
    if (before.formatTime !== view.formatTime) this.root.style.setProperty('--time-width', `${String(view.formatTime(0).length + 0.5)}ch`);
    this.#separator.setAttribute('aria-valuenow', String(view.serviceWidthPx));
    setAttribute(this.#viewport, 'aria-rowcount', String(view.rows.length + 1));
    if (before.formatTime !== view.formatTime) for (const shown of this.#shown.values()) if (shown.row) shown.show(shown.row, view.formatTime(shown.row.atMs));
    if (!isSame) {
      this.#forgetGone();
      this.#measure();
      const index = anchor ? view.rows.indexOf(anchor) : -1;
      if (index >= 0) this.#viewport.scrollTop = this.#layout.topOf(index) + offset;
      else if (anchor && view.rows[0] !== before.rows[0]) this.#viewport.scrollTop = Math.min(this.#viewport.scrollTop, this.#layout.heightPx);
    }
    this.#render();
  }

  dispose(): void {
    this.#observer.disconnect();
  }

  /** A search that replaced all rows leaves nothing expanded. */
  #forgetGone(): void {
    if (this.#activeKey !== undefined) {
      this.#activeIndex = this.#view.rows.findIndex(({ key }) => key === this.#activeKey);
      if (this.#activeIndex < 0) this.#activeKey = undefined;
    }
    if (this.#expanded.size === 0) return;
    const keys = new Set(this.#view.rows.map(({ key }) => key));
    for (const key of this.#expanded.keys()) if (!keys.has(key)) this.#collapse(key);
  }

  #collapse(key: number): void {
    this.#expanded.delete(key);
    const detail = this.#details.get(key);
    if (!detail) return;
    this.#observer.unobserve(detail);
    detail.remove();
    this.#details.delete(key);
  }

  #measure(): void {
    const { rows } = this.#view;
    const details: (readonly [number, number])[] = [];
    if (this.#expanded.size > 0) {
      rows.forEach(({ key }, index) => {
        const height = this.#expanded.get(key);
        if (height !== undefined) details.push([index, height]);
      });
    }
    this.#layout.update(rows.length, details);
    this.#sizer.style.height = `${String(this.#layout.heightPx + ROW_HEIGHT_PX + 10)}px`;
    this.#footer.style.transform = `translateY(${String(this.#layout.heightPx)}px)`;
  }

  #renderSoon(): void {
    if (this.#isFrameQueued) return;
    this.#isFrameQueued = true;
    requestAnimationFrame(() => {
      this.#isFrameQueued = false;
      this.#render();
    });
  }

  #render(): void {
    const { rows, formatTime } = this.#view;
    const top = this.#viewport.scrollTop;
    const isAtTop = top < 1;
    if (isAtTop !== this.#isAtTop) {
      this.#isAtTop = isAtTop;
      this.#actions.onTopChange(isAtTop);
    }
    const first = Math.max(0, this.#layout.indexAt(top) - OVERSCAN);
    const last = Math.min(rows.length - 1, this.#layout.indexAt(top + this.#heightPx) + OVERSCAN);
    const wanted = new Set<number>();
    for (let index = first; index <= last; index++) wanted.add(rows[index]!.key);
    for (const [key, shown] of this.#shown) {
      if (wanted.has(key)) continue;
      this.#shown.delete(key);
      if (shown.root.contains(document.activeElement)) this.#viewport.focus({ preventScroll: true });
      this.#details.get(key)?.remove();
      shown.root.remove();
      this.#spare.push(shown);
    }
    for (let index = first; index <= last; index++) {
      const row = rows[index]!;
      let shown = this.#shown.get(row.key);
      if (!shown) {
        shown = this.#spare.pop() ?? createRowView();
        shown.show(row, formatTime(row.atMs));
        this.#shown.set(row.key, shown);
      }
      const isExpanded = this.#expanded.has(row.key);
      shown.setPlace(index, this.#layout.topOf(index));
      shown.setState(row.key === this.#activeKey, isExpanded);
      if (isExpanded) this.#attachDetail(shown, row);
    }
    this.#sortElements(first, last);
    setAttribute(this.#viewport, 'aria-activedescendant', this.#activeKey !== undefined && this.#shown.has(this.#activeKey) ? `row-${String(this.#activeKey)}` : undefined);
    if (rows.length > 0 && !this.#footer.disabled && top > 0 && top + this.#heightPx > this.#layout.heightPx - END_MARGIN_PX) this.#actions.loadOlder();
  }

  /** Screen readers and the focus go by the order of the elements. What has the focus is not moved: it would lose it. */
  #sortElements(first: number, last: number): void {
    let next: Element = this.#footer;
    for (let index = last; index >= first; index--) {
      const root = this.#shown.get(this.#view.rows[index]!.key)!.root;
      if (root.nextElementSibling !== next && !(root.isConnected && root.contains(document.activeElement))) this.#sizer.insertBefore(root, next);
      next = root;
    }
  }

  #attachDetail(shown: RowView, row: LogRow): void {
    let detail = this.#details.get(row.key);
    if (!detail) {
      detail = createRowDetail(row, this.#actions);
      detail.dataset['key'] = String(row.key);
      this.#details.set(row.key, detail);
      this.#observer.observe(detail);
    }
    if (detail.parentElement !== shown.root) shown.root.append(detail);
  }

  #onResize(entries: readonly ResizeObserverEntry[]): void {
    for (const { target, borderBoxSize } of entries) {
      const height = borderBoxSize[0]?.blockSize ?? 0;
      if (target === this.#viewport) this.#heightPx = this.#viewport.clientHeight;
      // A detail out of sight has no height; its last one counts.
      else if (target instanceof HTMLElement && height > 0) this.#expanded.set(Number(target.dataset['key']), height);
    }
    this.#measure();
    this.#render();
  }

  #toggle(index: number, isWanted?: boolean): void {
    const row = this.#view.rows[index];
    if (!row) return;
    const isExpanded = this.#expanded.has(row.key);
    if (isExpanded === isWanted) return;
    if (isExpanded) this.#collapse(row.key);
    else this.#expanded.set(row.key, DETAIL_GUESS_PX);
    this.#measure();
    this.#render();
  }

  #activate(index: number): void {
    const { rows } = this.#view;
    const at = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[at];
    if (!row) return;
    this.#activeIndex = at;
    this.#activeKey = row.key;
    const top = this.#layout.topOf(at);
    const { scrollTop } = this.#viewport;
    if (top < scrollTop) this.#viewport.scrollTop = top;
    else if (top + ROW_HEIGHT_PX > scrollTop + this.#heightPx) this.#viewport.scrollTop = top + ROW_HEIGHT_PX - this.#heightPx;
    this.#render();
  }

  #onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const line = event.target.closest('.row');
    if (!line || getSelection()?.isCollapsed === false) return;
    const index = Number(line.getAttribute('aria-rowindex')) - 2;
    this.#activate(index);
    this.#toggle(index);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target !== this.#viewport) {
      if (event.key !== 'Escape' || document.querySelector('.menu, dialog')) return;
      this.#viewport.focus();
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const page = Math.max(1, Math.floor(this.#heightPx / ROW_HEIGHT_PX) - 1);
    const moves: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const move = moves[event.key];
    const row = this.#view.rows[this.#activeIndex];
    if (move !== undefined) this.#activate(this.#activeIndex + move);
    else if (event.key === 'Tab' && !event.shiftKey && row && this.#details.get(row.key)?.isConnected === true) this.#details.get(row.key)?.querySelector('button')?.focus();
    else if (event.key === 'Enter' || event.key === ' ') this.#toggle(this.#activeIndex);
    else if (event.key === 'ArrowRight') this.#toggle(this.#activeIndex, true);
    else if (event.key === 'ArrowLeft' || (event.key === 'Escape' && row && this.#expanded.has(row.key))) this.#toggle(this.#activeIndex, false);
    else if (event.key === 'c' && row) this.#actions.copyText(row.record.line, 'Line');
    else if (event.key === 'o' && row && row.record.traceId !== '') this.#actions.openTrace(row.record.traceId, row.record.spanId);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #listenToSeparator(): void {
    const set = (widthPx: number): void => this.#actions.setServiceWidth(Math.round(Math.max(40, Math.min(600, widthPx))));
    let stopDrag = toDisposable(() => undefined);
    listen(this.#separator, 'pointerdown', (event) => {
      const start = event.clientX;
      const width = this.#view.serviceWidthPx;
      this.#separator.setPointerCapture(event.pointerId);
      const stopMove = listen(this.#separator, 'pointermove', (move) => set(width + move.clientX - start));
      stopDrag.dispose();
      stopDrag = toDisposable(stopMove);
      event.preventDefault();
    });
    listen(this.#separator, 'pointerup', () => stopDrag.dispose());
    listen(this.#separator, 'keydown', (event) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      set(this.#view.serviceWidthPx + (event.key === 'ArrowRight' ? 10 : -10));
      event.preventDefault();
    });
  }
}
