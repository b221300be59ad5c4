import { DisposableStore, type Disposable } from '../../../src/base/disposable.ts';
import type { TraceDetail } from '../../../src/protocol/traces.ts';
import type { TracesState } from '../../../src/protocol/traces-panel.ts';
import { element, icon, iconButton, listen, setAttribute, setText } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/format-number.ts';
import { asMenuButton, openMenu } from '../../shared/menu.ts';
import type { Theme } from '../../shared/theme.ts';
import { formatMoment, type TimeFormat } from '../../shared/time-axis.ts';
import { stepThrough } from '../model/span-search.ts';
import { openDocument, type TraceDocument } from '../model/trace-document.ts';
import { DetailsPane, type DetailsPaneHost } from './details-pane.ts';
import { spanTable } from './span-table.ts';
import { Waterfall, type WaterfallLook } from './waterfall.ts';

/** What the page of one trace needs of the panel. */
export interface TracePageHost extends DetailsPaneHost {
  back(): void;
  setPinned(isPinned: boolean): void;
  change(state: Partial<TracesState>): void;
  colourOf(service: string): number;
}

/** How the page looks, beside the trace itself. */
export interface TracePageLook {
  readonly state: TracesState;
  readonly theme: Theme;
  readonly time: TimeFormat;
}

/** One trace: header, waterfall or table, and the details of the chosen span. */
export class TracePage implements Disposable {
  readonly root = element('div', { class: 'trace-page' });
  readonly #store = new DisposableStore();
  readonly #host: TracePageHost;
  readonly #waterfall: Waterfall;
  readonly #input = element('input', { type: 'search', class: 'find', placeholder: 'Find in trace', 'aria-label': 'Find in trace', 'aria-keyshortcuts': '/' });
  readonly #found = element('span', { class: 'found', 'aria-live': 'polite' });
  readonly #spoken = element('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  readonly #critical = element('button', { type: 'button', class: 'text-button toggle', title: 'Critical path (C)', 'aria-keyshortcuts': 'c' }, icon('list-flat'), element('span', { class: 'wide-only' }, 'Critical path'));
  readonly #pin = iconButton('pin', 'Keep from eviction');
  readonly #table = iconButton('table', 'Show as table', { key: 'T' });
  readonly #pane: DetailsPane;
  readonly #details: HTMLElement;
  readonly #main = element('div', { class: 'trace-main' });
  #document: TraceDocument;
  #look: TracePageLook;
  #matches: Int32Array = new Int32Array();
  #flags: Uint8Array | undefined;
  #isPinned: boolean;

  constructor(detail: TraceDetail, look: TracePageLook, host: TracePageHost) {
    this.#host = host;
    this.#look = look;
    this.#pane = this.#store.add(new DetailsPane(host));
    this.#details = this.#pane.root;
    this.#isPinned = detail.isPinned;
    this.#document = openDocument(detail, look.state.isSkewCorrected);
    this.#waterfall = this.#store.add(
      new Waterfall(this.#document, this.#waterfallLook(), {
        select: (span) => this.#selected(span),
        openDetails: () => this.#details.focus(),
        setNameWidth: (nameWidthPx) => host.change({ nameWidthPx }),
        colourOf: (service) => host.colourOf(service),
      }),
    );
    this.#main.append(this.#waterfall.root);
    this.root.append(this.#header(), this.#main, this.#detailsSplitter(), this.#details, this.#spoken);
    listen(this.root, 'keydown', (event) => this.#onKey(event));
    const wanted = this.#document.details.findIndex(({ spanId }) => spanId === look.state.spanId);
    const firstError = this.#document.tree.errors[0];
    // With nothing chosen, the failure that lies deepest is the likeliest cause.
    this.#waterfall.reveal(wanted >= 0 ? wanted : firstError === undefined ? 0 : deepest(this.#document));
    this.#renderState();
  }

  get traceId(): string {
    return this.#document.detail.traceId;
  }

  /** Shows another state or theme. */
  update(look: TracePageLook): void {
    const before = this.#look;
    this.#look = look;
    if (before.state.isSkewCorrected !== look.state.isSkewCorrected) {
      this.#document = openDocument(this.#document.detail, look.state.isSkewCorrected);
      this.#find();
    }
    this.#waterfall.update(this.#document, this.#waterfallLook());
    this.#renderState();
  }

  setPinned(isPinned: boolean): void {
    this.#isPinned = isPinned;
    this.#renderState();
  }

  revealSpan(spanId: string): void {
    const place = this.#document.details.findIndex((one) => one.spanId === spanId);
    if (place >= 0) this.#waterfall.reveal(place);
  }

  focus(): void {
    this.#waterfall.focus();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #waterfallLook(): WaterfallLook {
    const { theme, time, state } = this.#look;
    return { theme, locale: time.locale, isCriticalPathShown: state.isCriticalPathShown, matches: this.#flags, nameWidthPx: state.nameWidthPx };
  }

  #header(): HTMLElement {
    const { detail, tree } = this.#document;
    const root = tree.spans[0];
    const seconds = formatNumber((tree.toNs - tree.fromNs) / 1e9, 'seconds', this.#look.time.locale);
    const errors = tree.errors.length;
    const back = iconButton('arrow-left', 'Back to the search', { key: 'Escape' });
    listen(back, 'click', () => this.#host.back());
    const error = element('button', { type: 'button', class: 'text-button', title: 'Next error (N), previous error (Shift+N)', 'aria-keyshortcuts': 'n', disabled: errors === 0 }, icon('error'), element('span', { class: 'wide-only' }, 'Next error'));
    listen(error, 'click', () => this.#stepError(1));
    listen(this.#critical, 'click', () => this.#host.change({ isCriticalPathShown: !this.#look.state.isCriticalPathShown }));
    listen(this.#table, 'click', () => this.#host.change({ isTable: !this.#look.state.isTable }));
    listen(this.#pin, 'click', () => this.#host.setPinned(!this.#isPinned));
    const more = iconButton('ellipsis', 'More actions');
    asMenuButton(more);
    listen(more, 'click', () => this.#openMore(more));
    const previous = iconButton('arrow-up', 'Previous match', { key: 'Shift+Enter' });
    const next = iconButton('arrow-down', 'Next match', { key: 'Enter' });
    listen(previous, 'click', () => this.#stepMatch(-1));
    listen(next, 'click', () => this.#stepMatch(1));
    listen(this.#input, 'input', () => {
      this.#find();
      if (this.#matches.length > 0 && this.#flags?.[this.#waterfall.selected] !== 1) this.#stepMatch(1);
    });
    listen(this.#input, 'keydown', (event) => {
      if (event.key === 'Enter') this.#stepMatch(event.shiftKey ? -1 : 1);
      else if (event.key === 'Escape') {
        if (this.#input.value !== '') {
          this.#input.value = '';
          this.#find();
        } else this.#waterfall.focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    const facts = [seconds, tree.spans.length === 1 ? '1 span' : `${tree.spans.length.toLocaleString(this.#look.time.locale)} spans`, errors === 0 ? '' : errors === 1 ? '1 error' : `${String(errors)} errors`];
    const startMs = Number(BigInt(detail.startUnixNano) / 1_000_000n);
    return element(
      'header',
      { class: 'trace-header' },
      back,
      element(
        'div',
        { class: 'trace-title' },
        element('h1', {}, root ? `${root.service}  ${root.name}` : 'Empty trace'),
        element('span', { class: 'facts', title: `trace ${detail.traceId}` }, [...facts.filter((fact) => fact !== ''), formatMoment(startMs, Date.now(), this.#look.time)].join(' · '), ...problemTexts(this.#document)),
      ),
      element('div', { class: 'trace-tools' }, element('div', { class: 'find-box' }, this.#input, this.#found, previous, next), error, this.#critical, this.#table, this.#pin, more),
    );
  }

  #openMore(anchor: HTMLElement): void {
    const { traceId } = this.#document.detail;
    openMenu(anchor, 'More actions', [
      { label: 'Expand All', run: () => this.#waterfall.setCollapsed(false) },
      { label: 'Collapse All', run: () => this.#waterfall.setCollapsed(true) },
      { label: 'Show All of the Time', detail: '0', isDisabled: !this.#waterfall.isZoomed, run: () => this.#waterfall.resetZoom() },
      'separator',
      { label: 'Correct Clock Skew', isChecked: this.#look.state.isSkewCorrected, run: () => this.#host.change({ isSkewCorrected: !this.#look.state.isSkewCorrected }) },
      'separator',
      { label: 'Copy Trace Id', run: () => this.#host.copy(traceId, 'Trace id') },
      { label: 'Copy as JSON', run: () => this.#host.copy(JSON.stringify(this.#document.detail, undefined, 2), 'Trace') },
    ]);
  }

  /** Moves the border between waterfall and details, by pointer or arrow keys. */
  #detailsSplitter(): HTMLElement {
    const splitter = element('div', { class: 'row-splitter', role: 'separator', tabindex: 0, 'aria-orientation': 'horizontal', 'aria-label': 'Height of the details' });
    const setHeight = (px: number): void => {
      this.#details.style.flexBasis = `${String(Math.max(60, Math.min(px, this.root.clientHeight - 200)))}px`;
    };
    listen(splitter, 'pointerdown', (event) => splitter.setPointerCapture(event.pointerId));
    listen(splitter, 'pointermove', (event) => {
      if (splitter.hasPointerCapture(event.pointerId)) setHeight(this.root.getBoundingClientRect().bottom - event.clientY);
    });
    listen(splitter, 'keydown', (event) => {
      const step = event.key === 'ArrowUp' ? 30 : event.key === 'ArrowDown' ? -30 : 0;
      if (step !== 0) setHeight(this.#details.clientHeight + step);
    });
    return splitter;
  }

  #selected(span: number): void {
    this.#pane.update(this.#document, span, this.#look.time);
    this.#renderFound();
    const detail = this.#document.details[span];
    if (detail && detail.spanId !== this.#look.state.spanId) this.#host.change({ spanId: detail.spanId });
  }

  #find(): void {
    const query = this.#input.value;
    this.#matches = this.#document.search.find(query);
    this.#flags = query.trim() === '' ? undefined : new Uint8Array(this.#document.details.length);
    for (const place of this.#matches) this.#flags![place] = 1;
    this.#waterfall.update(this.#document, this.#waterfallLook());
    this.#renderFound();
  }

  #renderFound(): void {
    const at = this.#matches.indexOf(this.#waterfall.selected) + 1;
    setText(this.#found, this.#flags ? `${at > 0 ? String(at) : '–'}/${String(this.#matches.length)}` : '');
    this.#found.classList.toggle('is-none', this.#flags !== undefined && this.#matches.length === 0);
  }

  #stepMatch(step: 1 | -1): void {
    const place = stepThrough(this.#matches, this.#waterfall.selected, step);
    if (place >= 0) this.#waterfall.reveal(place);
  }

  #stepError(step: 1 | -1): void {
    const place = stepThrough(this.#document.tree.errors, this.#waterfall.selected, step);
    if (place < 0) return;
    this.#waterfall.reveal(place);
    setText(this.#spoken, `${this.#document.tree.spans[place]!.name} failed ${this.#document.details[place]!.statusMessage}`);
  }

  #renderState(): void {
    const { state, time } = this.#look;
    setAttribute(this.#critical, 'aria-pressed', String(state.isCriticalPathShown));
    setAttribute(this.#table, 'aria-pressed', String(state.isTable));
    setAttribute(this.#pin, 'aria-pressed', String(this.#isPinned));
    const isTable = this.#main.firstElementChild !== this.#waterfall.root;
    if (isTable === state.isTable) return;
    this.#main.replaceChildren(
      state.isTable ? spanTable(this.#document, this.#waterfall.selected, time.locale, (place) => this.#waterfall.reveal(place)) : this.#waterfall.root,
    );
  }

  #onKey(event: KeyboardEvent): void {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Readonly<Record<string, () => void>> = {
      '/': () => this.#input.focus(),
      n: () => this.#stepError(1),
      N: () => this.#stepError(-1),
      c: () => this.#host.change({ isCriticalPathShown: !this.#look.state.isCriticalPathShown }),
      t: () => this.#host.change({ isTable: !this.#look.state.isTable }),
      Escape: () => {
        if (this.#details.contains(document.activeElement)) this.#waterfall.focus();
        else if (this.#waterfall.isZoomed) this.#waterfall.resetZoom();
        else this.#host.back();
      },
    };
    const run = keys[event.key];
    if (!run) return;
    run();
    event.preventDefault();
  }
}

function deepest({ tree }: TraceDocument): number {
  let best = tree.errors[0]!;
  for (const place of tree.errors) if (tree.depth[place]! > tree.depth[best]!) best = place;
  return best;
}

/** What is wrong with the trace itself, in the header. */
function problemTexts({ tree }: TraceDocument): HTMLElement[] {
  const texts = [
    tree.orphans > 0 ? `${String(tree.orphans)} without their parent` : '',
    tree.roots - tree.orphans > 1 ? `${String(tree.roots - tree.orphans)} roots` : '',
    tree.cycles > 0 ? `${String(tree.cycles)} rings cut` : '',
    tree.shifted > 0 ? `clocks of ${String(tree.shifted)} corrected` : '',
  ].filter((text) => text !== '');
  return texts.length === 0 ? [] : [element('span', { class: 'trace-problem' }, ` · ${texts.join(' · ')}`)];
}
