import { DisposableStore, toDisposable, type Disposable } from '../../../src/base/disposable.ts';
import { element, listen, setAttribute } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/format-number.ts';
import type { Theme } from '../../shared/theme.ts';
import { collapseAll, flattenRows, revealSpan, rowOfSpan, type RowState, type Rows } from '../model/rows.ts';
import { isZoomed, panRange, pxToTime, rangeBetween, zoomRange, type TimeRange } from '../model/time-scale.ts';
import type { TraceDocument } from '../model/trace-document.ts';
import { HoverCard } from './hover-card.ts';
import { Minimap } from './minimap.ts';
import { chevronPx, paintFrame, ROW_PX, type Frame } from './painter.ts';
import { renderRowsTwin } from './rows-twin.ts';

/** What the waterfall tells its page. */
export interface WaterfallHost {
  /** A span was chosen; -1 when the row stands for several. */
  select(span: number): void;
  /** Enter: the details want the focus. */
  openDetails(): void;
  setNameWidth(widthPx: number): void;
  colourOf(service: string): number;
}

/** How the page wants it drawn. */
export interface WaterfallLook {
  readonly theme: Theme;
  readonly locale: string | undefined;
  readonly isCriticalPathShown: boolean;
  readonly matches: Uint8Array | undefined;
  /** 0: as fits. */
  readonly nameWidthPx: number;
}

const ALL_OPEN: RowState = { collapsed: new Set(), toggledFolds: new Set() };
/** A wheel's notch zooms by this. */
const ZOOM_STEP = 1.25;
/** Screen readers get the rows once scrolling has come to rest. */
const TWIN_DELAY_MS = 120;

/** The waterfall: a canvas that paints the rows on show, and a scroller over it that takes pointer and keys. */
export class Waterfall implements Disposable {
  readonly root = element('div', { class: 'waterfall' });
  readonly #canvas = element('canvas', { class: 'waterfall-canvas', 'aria-hidden': 'true' });
  readonly #scroller = element('div', { class: 'waterfall-scroller', role: 'treegrid', tabindex: 0, 'aria-label': 'Spans' });
  readonly #spacer = element('div', { class: 'waterfall-spacer' });
  readonly #twin = element('div', { class: 'visually-hidden', role: 'rowgroup' });
  readonly #splitter = element('div', { class: 'splitter', role: 'separator', tabindex: 0, 'aria-orientation': 'vertical', 'aria-label': 'Width of the names' });
  readonly #hover = new HoverCard();
  readonly #minimap: Minimap;
  readonly #host: WaterfallHost;
  readonly #store = new DisposableStore();
  #document: TraceDocument;
  #look: WaterfallLook;
  #rowState: RowState = ALL_OPEN;
  #rows: Rows;
  #range: TimeRange;
  #row = 0;
  #hoverRow = -1;
  #drag: { readonly fromPx: number; toPx: number } | undefined;
  #isFrameQueued = false;
  #twinTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(document: TraceDocument, look: WaterfallLook, host: WaterfallHost) {
    this.#document = document;
    this.#look = look;
    this.#host = host;
    this.#rows = flattenRows(document.tree, document.folds, this.#rowState);
    this.#range = document.whole;
    this.#minimap = new Minimap((range) => this.#setRange(range));
    this.#scroller.append(this.#spacer, this.#twin);
    const body = element('div', { class: 'waterfall-body' }, this.#canvas, this.#scroller, this.#splitter, this.#hover.root);
    this.root.append(this.#minimap.root, body);
    const sizes = new ResizeObserver(() => this.#paintNow());
    sizes.observe(body);
    this.#store.add(toDisposable(() => sizes.disconnect()));
    this.#store.add(toDisposable(() => clearTimeout(this.#twinTimer)));
    this.#listen();
    this.#rowsChanged();
  }

  /** The selected span, or -1 on a row that stands for several. */
  get selected(): number {
    return Math.max(-1, this.#rows.items[this.#row] ?? -1);
  }

  get range(): TimeRange {
    return this.#range;
  }

  /** Shows another state of the same trace, or only another look. */
  update(document: TraceDocument, look: WaterfallLook): void {
    this.#look = look;
    if (document !== this.#document) {
      const spanId = this.#document.details[this.selected]?.spanId;
      this.#document = document;
      this.#rowState = ALL_OPEN;
      this.#range = document.whole;
      this.#rowsChanged();
      const span = document.details.findIndex((one) => one.spanId === spanId);
      if (span >= 0) this.reveal(span);
    }
    this.#queue();
  }

  /** Selects a span, opens what hides it, scrolls to it and, when it is outside the window, shows all of the time. */
  reveal(span: number): void {
    const { tree, folds } = this.#document;
    const state = revealSpan(tree, folds, this.#rowState, span);
    if (state !== this.#rowState) {
      this.#rowState = state;
      this.#rowsChanged();
    }
    const [from, to] = [tree.startNs[span]!, tree.startNs[span]! + tree.durationNs[span]!];
    if (to < this.#range.fromNs || from > this.#range.toNs) this.#range = this.#document.whole;
    this.#select(rowOfSpan(this.#rows, folds, span), 'center');
  }

  focus(): void {
    this.#scroller.focus({ preventScroll: true });
  }

  resetZoom(): void {
    this.#setRange(this.#document.whole);
  }

  get isZoomed(): boolean {
    return isZoomed(this.#range, this.#document.whole);
  }

  setCollapsed(isCollapsed: boolean): void {
    const span = this.selected;
    this.#rowState = { ...ALL_OPEN, collapsed: isCollapsed ? collapseAll(this.#document.tree) : new Set() };
    this.#rowsChanged();
    this.#select(span < 0 ? 0 : rowOfSpan(this.#rows, this.#document.folds, span), 'near');
  }

  dispose(): void {
    this.#store.dispose();
  }

  #frame(): Frame {
    const { clientWidth, clientHeight } = this.#canvas;
    // The scroll bar covers the canvas; bars must not hide below it.
    const widthPx = Math.min(clientWidth, this.#scroller.clientWidth);
    return {
      document: this.#document,
      rows: this.#rows,
      rowState: this.#rowState,
      range: this.#range,
      widthPx,
      heightPx: clientHeight,
      nameWidthPx: nameWidth(this.#look.nameWidthPx, widthPx),
      scrollTopPx: this.#scroller.scrollTop,
      selectedRow: this.#row,
      hoverRow: this.#hoverRow,
      hasFocus: this.#scroller === document.activeElement,
      matches: this.#look.matches,
      isCriticalPathShown: this.#look.isCriticalPathShown,
      drag: this.#drag,
      theme: this.#look.theme,
      locale: this.#look.locale,
      colourOf: (service) => this.#host.colourOf(service),
    };
  }

  #queue(): void {
    if (this.#isFrameQueued) return;
    this.#isFrameQueued = true;
    requestAnimationFrame(() => {
      this.#isFrameQueued = false;
      this.#paintNow();
    });
  }

  #paintNow(): void {
    const frame = this.#frame();
    const { clientWidth, clientHeight } = this.#canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    const ratio = window.devicePixelRatio;
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const context = this.#canvas.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, clientWidth, clientHeight);
    paintFrame(context, frame);
    this.#splitter.style.left = `${String(frame.nameWidthPx - 3)}px`;
    this.#minimap.paint({ document: this.#document, range: this.#range, theme: this.#look.theme, colourOf: frame.colourOf });
    clearTimeout(this.#twinTimer);
    this.#twinTimer = setTimeout(() => this.#paintTwin(), TWIN_DELAY_MS);
  }

  #paintTwin(): void {
    const first = Math.max(0, Math.min(this.#row - 5, Math.floor(this.#scroller.scrollTop / ROW_PX)));
    renderRowsTwin(this.#twin, this.#frame(), first, Math.min(this.#rows.count - 1, first + 60));
    const { fromNs } = this.#document.whole;
    const [from, to] = [this.#range.fromNs, this.#range.toNs].map((at) => formatNumber((at - fromNs) / 1e9, 'seconds', this.#look.locale));
    setAttribute(this.#scroller, 'aria-description', `Shows ${from!} to ${to!} of the trace`);
    setAttribute(this.#scroller, 'aria-rowcount', String(this.#rows.count));
    setAttribute(this.#scroller, 'aria-activedescendant', `row-${String(this.#row)}`);
  }

  #rowsChanged(): void {
    this.#rows = flattenRows(this.#document.tree, this.#document.folds, this.#rowState);
    this.#spacer.style.height = `${String(this.#rows.count * ROW_PX)}px`;
    this.#row = Math.min(this.#row, Math.max(0, this.#rows.count - 1));
    this.#queue();
  }

  #select(row: number, scroll: 'near' | 'center' | 'none'): void {
    this.#row = Math.max(0, Math.min(row, this.#rows.count - 1));
    const top = this.#row * ROW_PX;
    const { scrollTop, clientHeight } = this.#scroller;
    const isHidden = top < scrollTop || top + ROW_PX > scrollTop + clientHeight;
    if (isHidden && scroll === 'center') this.#scroller.scrollTop = top - clientHeight / 2;
    else if (isHidden && scroll === 'near') this.#scroller.scrollTop = top < scrollTop ? top : top + ROW_PX - clientHeight;
    this.#host.select(this.selected);
    this.#queue();
  }

  /** Opens or closes the row; without `isOpen` the other way than it is. */
  #toggle(row: number, isOpen?: boolean): boolean {
    const { tree, folds } = this.#document;
    const item = this.#rows.items[row]!;
    if (item < 0) {
      const fold = -1 - item;
      const isFolded = folds[fold]!.isFoldedAtFirst !== this.#rowState.toggledFolds.has(fold);
      if (isOpen !== undefined && isOpen !== isFolded) return false;
      const toggledFolds = new Set(this.#rowState.toggledFolds);
      if (!toggledFolds.delete(fold)) toggledFolds.add(fold);
      this.#rowState = { ...this.#rowState, toggledFolds };
    } else {
      if (tree.end[item]! <= item + 1) return false;
      const isCollapsed = this.#rowState.collapsed.has(item);
      if (isOpen !== undefined && isOpen !== isCollapsed) return false;
      const collapsed = new Set(this.#rowState.collapsed);
      if (!collapsed.delete(item)) collapsed.add(item);
      this.#rowState = { ...this.#rowState, collapsed };
    }
    this.#rowsChanged();
    return true;
  }

  #setRange(range: TimeRange): void {
    this.#range = range;
    this.#queue();
  }

  #zoomAt(factor: number, timeNs: number): void {
    this.#setRange(zoomRange(this.#range, this.#document.whole, factor, timeNs));
  }

  #pan(share: number): void {
    this.#setRange(panRange(this.#range, this.#document.whole, (this.#range.toNs - this.#range.fromNs) * share));
  }

  #timeAt(px: number): number {
    const { nameWidthPx, widthPx } = this.#frame();
    return pxToTime(this.#range, widthPx - nameWidthPx, px - nameWidthPx);
  }

  #rowAt(event: MouseEvent): number {
    const row = Math.floor((event.clientY - this.#scroller.getBoundingClientRect().top + this.#scroller.scrollTop) / ROW_PX);
    return row >= 0 && row < this.#rows.count ? row : -1;
  }

  #listen(): void {
    const scroller = this.#scroller;
    listen(scroller, 'scroll', () => {
      this.#hover.hide();
      this.#queue();
    });
    listen(scroller, 'keydown', (event) => this.#onKey(event));
    listen(scroller, 'focus', () => this.#queue());
    listen(scroller, 'blur', () => this.#queue());
    listen(scroller, 'wheel', (event) => this.#onWheel(event), { passive: false });
    listen(scroller, 'pointerdown', (event) => this.#onDown(event));
    listen(scroller, 'pointermove', (event) => this.#onMove(event));
    listen(scroller, 'pointerup', (event) => this.#onUp(event));
    listen(scroller, 'pointercancel', () => {
      this.#drag = undefined;
      this.#queue();
    });
    listen(scroller, 'pointerleave', () => this.#point(-1, undefined));
    listen(scroller, 'dblclick', (event) => {
      if (this.#x(event) > this.#frame().nameWidthPx) this.resetZoom();
      else this.#toggle(this.#rowAt(event));
    });
    listen(this.#splitter, 'pointerdown', (event) => this.#splitter.setPointerCapture(event.pointerId));
    listen(this.#splitter, 'pointermove', (event) => {
      if (this.#splitter.hasPointerCapture(event.pointerId)) this.#host.setNameWidth(Math.max(80, Math.round(this.#x(event))));
    });
    listen(this.#splitter, 'dblclick', () => this.#host.setNameWidth(0));
    listen(this.#splitter, 'keydown', (event) => {
      const step = event.key === 'ArrowLeft' ? -20 : event.key === 'ArrowRight' ? 20 : 0;
      if (step !== 0) this.#host.setNameWidth(Math.max(80, this.#frame().nameWidthPx + step));
    });
  }

  #x(event: MouseEvent): number {
    return event.clientX - this.#scroller.getBoundingClientRect().left;
  }

  #onWheel(event: WheelEvent): void {
    if (event.ctrlKey || event.metaKey) this.#zoomAt(event.deltaY < 0 ? 1 / ZOOM_STEP : ZOOM_STEP, this.#timeAt(this.#x(event)));
    else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.#pan((event.deltaX === 0 ? event.deltaY : event.deltaX) / 1_000);
    else return;
    event.preventDefault();
  }

  #onDown(event: PointerEvent): void {
    const x = this.#x(event);
    if (event.button !== 0 || x >= this.#scroller.clientWidth) return;
    const row = this.#rowAt(event);
    const { nameWidthPx } = this.#frame();
    if (row >= 0) {
      const chevron = chevronPx(this.#frame(), row);
      if (x >= chevron.from && x < chevron.to && this.#toggle(row)) return;
      this.#select(row, 'near');
    }
    if (x > nameWidthPx) this.#drag = { fromPx: x, toPx: x };
  }

  #onMove(event: PointerEvent): void {
    const x = this.#x(event);
    if (this.#drag && event.buttons === 1) {
      if (Math.abs(x - this.#drag.fromPx) > 3) this.#scroller.setPointerCapture(event.pointerId);
      this.#drag.toPx = x;
      this.#hover.hide();
      this.#queue();
      return;
    }
    this.#drag = undefined;
    this.#point(this.#rowAt(event), event);
  }

  #onUp(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag && Math.abs(this.#x(event) - drag.fromPx) > 3) {
      this.#setRange(rangeBetween(this.#timeAt(drag.fromPx), this.#timeAt(this.#x(event)), this.#document.whole));
    }
    this.#queue();
  }

  #point(row: number, event: PointerEvent | undefined): void {
    if (row !== this.#hoverRow) {
      this.#hoverRow = row;
      this.#queue();
    }
    const item = row < 0 ? undefined : this.#rows.items[row];
    if (item === undefined || !event) this.#hover.hide();
    else this.#hover.show(this.#document, item, this.#look.locale, event.clientX, event.clientY);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / ROW_PX) - 1);
    const centre = (this.#range.fromNs + this.#range.toNs) / 2;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.#select(this.#row + 1, 'near'),
      ArrowUp: () => this.#select(this.#row - 1, 'near'),
      PageDown: () => this.#select(this.#row + page, 'near'),
      PageUp: () => this.#select(this.#row - page, 'near'),
      Home: () => this.#select(0, 'near'),
      End: () => this.#select(this.#rows.count - 1, 'near'),
      ArrowRight: () => (event.shiftKey ? this.#pan(0.1) : this.#toggle(this.#row, true) || this.#select(this.#childRow(), 'near')),
      ArrowLeft: () => (event.shiftKey ? this.#pan(-0.1) : this.#toggle(this.#row, false) || this.#select(this.#parentRow(), 'near')),
      Enter: () => (this.#rows.items[this.#row]! < 0 ? this.#toggle(this.#row) : this.#host.openDetails()),
      ' ': () => this.#toggle(this.#row),
      '+': () => this.#zoomAt(1 / ZOOM_STEP, centre),
      '=': () => this.#zoomAt(1 / ZOOM_STEP, centre),
      '-': () => this.#zoomAt(ZOOM_STEP, centre),
      '0': () => this.resetZoom(),
    };
    const run = keys[event.key];
    if (!run) return;
    run();
    event.preventDefault();
  }

  #childRow(): number {
    const next = this.#row + 1;
    return next < this.#rows.count && this.#rows.depths[next]! > this.#rows.depths[this.#row]! ? next : this.#row;
  }

  #parentRow(): number {
    let row = this.#row;
    while (row > 0 && this.#rows.depths[row]! >= this.#rows.depths[this.#row]!) row--;
    return this.#rows.depths[row]! < this.#rows.depths[this.#row]! ? row : this.#row;
  }
}

/** The name column: what was chosen, or a third of the width, never so wide that no bars are seen. */
function nameWidth(chosenPx: number, widthPx: number): number {
  const wanted = chosenPx > 0 ? chosenPx : Math.max(120, Math.min(420, widthPx * 0.34));
  return Math.round(Math.min(wanted, Math.max(80, widthPx - 100)));
}
