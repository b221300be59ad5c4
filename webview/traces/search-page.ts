import { toDisposable, DisposableStore, type Disposable } from '../../src/base/disposable.ts';
import type { NameCount } from '../../src/protocol/telemetry.ts';
import type { TraceSummary } from '../../src/protocol/traces.ts';
import type { TracesAction, TracesFilter, TracesState } from '../../src/protocol/traces-panel.ts';
import { element, iconButton, listen, setAttribute, setText } from '../shared/dom.ts';
import { asMenuButton, openMenu, type MenuEntry } from '../shared/menu.ts';
import type { Theme } from '../shared/theme.ts';
import type { TimeFormat } from '../shared/time-axis.ts';
import type { Asker } from './asker.ts';
import { readFilter } from './model/search-filter.ts';
import { mergeNewer, mergeOlder } from './model/trace-list.ts';
import { FilterBar } from './view/filter-bar.ts';
import { noticeFor, renderNotice } from './view/notice.ts';
import { Scatter } from './view/scatter.ts';
import { TraceListView } from './view/trace-list-view.ts';

/** What the search page needs of the panel. */
export interface SearchPageHost {
  readonly asker: Asker;
  state(): TracesState;
  change(state: Partial<TracesState>): void;
  open(traceId: string): void;
  run(action: TracesAction): void;
  theme(): Theme;
  time(): TimeFormat;
  colourOf(service: string): number;
}

const PAGE = 100;
const TYPING_PAUSE_MS = 300;
const TAIL_EVERY_MS = 1_000;
const NAMES_EVERY_MS = 15_000;

/** Finding a trace: fields, scatter plot, list, and new ones as they come. */
export class SearchPage implements Disposable {
  readonly root = element('div', { class: 'search-page' });
  readonly #host: SearchPageHost;
  readonly #store = new DisposableStore();
  readonly #bar: FilterBar;
  readonly #scatter: Scatter;
  readonly #list: TraceListView;
  readonly #live = iconButton('debug-pause', 'Pause');
  readonly #saved = iconButton('bookmark', 'Saved searches');
  readonly #count = element('span', { class: 'count', role: 'status' });
  readonly #problem = element('p', { class: 'field-problem', role: 'alert' });
  readonly #notice = element('div', { class: 'notice blank', role: 'status', hidden: true });
  readonly #older = element('button', { type: 'button', class: 'button secondary older' }, 'Load Older');
  #abort = new AbortController();
  #typing: ReturnType<typeof setTimeout> | undefined;
  #traces: readonly TraceSummary[] = [];
  #operations: readonly NameCount[] = [];
  #next: string | undefined;
  #position: string | undefined;
  #isLoading = false;
  #isTailing = false;
  #skipped = 0;
  #error = '';
  #hasAnswer = false;
  #connection: 'connected' | 'connecting' | 'offline' = 'connecting';
  #detail = '';
  #namesAtMs = 0;

  constructor(host: SearchPageHost) {
    this.#host = host;
    this.#bar = new FilterBar({
      change: (filter, isFinal) => {
        host.change({ filter: { ...host.state().filter, ...filter } });
        this.#searchSoon(isFinal ? 0 : TYPING_PAUSE_MS);
      },
    });
    this.#scatter = new Scatter((traceId) => host.open(traceId));
    this.#list = new TraceListView((traceId) => host.open(traceId), (traceId, isPinned) => void this.#pin(traceId, isPinned));
    listen(this.#live, 'click', () => host.change({ isLive: !host.state().isLive }));
    asMenuButton(this.#saved);
    listen(this.#saved, 'click', () => this.#openSaved());
    listen(this.#older, 'click', () => void this.#loadOlder());
    const head = element('div', { class: 'list-head' }, this.#count, element('span', { class: 'spring' }), this.#saved, this.#live);
    this.root.append(this.#bar.root, this.#problem, this.#scatter.root, head, this.#notice, this.#list.root, this.#older);
    const timer = setInterval(() => void this.#tail(), TAIL_EVERY_MS);
    this.#store.add(toDisposable(() => clearInterval(timer)));
    this.#store.add(toDisposable(() => clearTimeout(this.#typing)));
    this.#store.add(toDisposable(() => this.#abort.abort()));
    listen(this.root, 'keydown', (event) => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
      this.#bar.focus();
      event.preventDefault();
    });
  }

  setConnection(connection: 'connected' | 'connecting' | 'offline', detail: string): void {
    const wasConnected = this.#connection === 'connected';
    this.#connection = connection;
    this.#detail = detail;
    if (connection === 'connected' && !wasConnected) this.search();
    this.render();
  }

  /** Asks anew, with what the fields say now. */
  search(): void {
    this.#searchSoon(0);
  }

  focusTrace(traceId: string): void {
    this.#list.focusTrace(traceId);
  }

  /** Paints what is there; cheap when nothing changed. */
  render(): void {
    const { filter, isLive } = this.#host.state();
    const time = this.#host.time();
    this.#bar.render(filter, this.#operations);
    setText(this.#problem, this.#error === '' ? readFilter(filter, Date.now()).problem : this.#error);
    const colourOf = (service: string): number => this.#host.colourOf(service);
    this.#scatter.paint(this.#traces, this.#host.theme(), time, colourOf);
    const longest = this.#traces.reduce((max, { durationNano }) => Math.max(max, durationNano), 0);
    this.#list.render(this.#traces, longest, time, colourOf);
    const traces = this.#traces.length === 1 ? '1 trace' : `${String(this.#traces.length)}${this.#next === undefined ? '' : '+'} traces`;
    setText(this.#count, this.#hasAnswer ? `${traces}${this.#skipped > 0 ? ` · ${String(this.#skipped)} new ones left out` : ''}` : 'Searching …');
    const icon = this.#live.querySelector('.codicon');
    if (icon) icon.className = `codicon codicon-${isLive ? 'debug-pause' : 'debug-start'}`;
    setAttribute(this.#live, 'aria-label', isLive ? 'Pause: new traces come by themselves now' : 'Go live');
    setAttribute(this.#live, 'title', isLive ? 'Pause' : 'Go Live');
    setAttribute(this.#live, 'aria-pressed', String(isLive));
    this.#older.hidden = this.#next === undefined || this.#traces.length === 0;
    this.#older.disabled = this.#isLoading;
    this.root.classList.toggle('is-stale', this.#connection !== 'connected' && this.#hasAnswer);
    const isFiltered = JSON.stringify(filter) !== JSON.stringify({ ...filter, service: '', operation: '', minDuration: '', maxDuration: '', onlyErrors: false, query: '', lastMs: 0 });
    renderNotice(this.#notice, noticeFor({ connection: this.#connection, detail: this.#detail, isEmpty: this.#traces.length === 0, hasAnswer: this.#hasAnswer, isFiltered }), {
      run: (action) => this.#host.run(action),
      clear: () => this.applyFilter({ service: '', operation: '', minDuration: '', maxDuration: '', onlyErrors: false, query: '', lastMs: 0 }),
    });
    this.#scatter.root.hidden = this.#traces.length === 0;
  }

  /** Searches for something else. */
  applyFilter(filter: Partial<TracesFilter>): void {
    this.#host.change({ filter: { ...this.#host.state().filter, ...filter } });
    this.search();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #searchSoon(afterMs: number): void {
    clearTimeout(this.#typing);
    if (afterMs === 0) void this.#search();
    else this.#typing = setTimeout(() => void this.#search(), afterMs);
    this.render();
  }

  async #search(): Promise<void> {
    if (this.#connection !== 'connected') return;
    this.#abort.abort();
    const abort = (this.#abort = new AbortController());
    const { params, problem } = readFilter(this.#host.state().filter, Date.now());
    if (problem !== '') return;
    this.#isLoading = true;
    this.#position = undefined;
    try {
      // The tail begins before the page is read, so that nothing falls between the two.
      const tail = await this.#host.asker.tail({ ...params, limit: 1 }, abort.signal);
      const page = await this.#host.asker.search({ ...params, limit: PAGE }, abort.signal);
      this.#traces = page.traces;
      this.#next = page.next;
      this.#position = tail.position;
      this.#skipped = 0;
      this.#error = page.problem?.message ?? '';
      this.#hasAnswer = true;
      void this.#loadNames();
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#error = error instanceof Error ? error.message : String(error);
    }
    this.#isLoading = false;
    this.render();
  }

  async #pin(traceId: string, isPinned: boolean): Promise<void> {
    try {
      const { pinned } = await this.#host.asker.pin({ traceId, isPinned }, new AbortController().signal);
      const ids = new Set(pinned.map((pin) => pin.traceId));
      this.#traces = this.#traces.map((trace) => ({ ...trace, isPinned: ids.has(trace.traceId) }));
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
    }
    this.render();
  }

  async #loadOlder(): Promise<void> {
    if (this.#isLoading || this.#next === undefined) return;
    const abort = this.#abort;
    this.#isLoading = true;
    this.render();
    try {
      const page = await this.#host.asker.search({ ...readFilter(this.#host.state().filter, Date.now()).params, limit: PAGE, cursor: this.#next }, abort.signal);
      this.#traces = mergeOlder(this.#traces, page.traces);
      this.#next = page.next;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#error = error instanceof Error ? error.message : String(error);
    }
    this.#isLoading = false;
    this.render();
  }

  async #tail(): Promise<void> {
    const isWanted = this.#host.state().isLive && this.root.isConnected && document.visibilityState === 'visible';
    if (!isWanted || this.#position === undefined || this.#isTailing || this.#connection !== 'connected') return;
    const abort = this.#abort;
    this.#isTailing = true;
    try {
      const { params } = readFilter(this.#host.state().filter, Date.now());
      const tail = await this.#host.asker.tail({ ...params, limit: PAGE, after: this.#position }, abort.signal);
      if (abort.signal.aborted) return;
      this.#position = tail.position;
      this.#skipped += tail.skipped;
      if (tail.traces.length > 0) {
        this.#traces = mergeNewer(this.#traces, tail.traces);
        this.render();
        void this.#loadNames();
      }
    } catch {
      // The connection's own state says what is wrong; the next round tries again.
    } finally {
      this.#isTailing = false;
    }
  }

  async #loadNames(): Promise<void> {
    if (Date.now() - this.#namesAtMs < NAMES_EVERY_MS) return;
    this.#namesAtMs = Date.now();
    try {
      this.#operations = (await this.#host.asker.operations({}, new AbortController().signal)).operations;
      this.render();
    } catch {
      // The fields go without suggestions until the next round.
      this.#namesAtMs = 0;
    }
  }

  #openSaved(): void {
    const { savedSearches, filter } = this.#host.state();
    const name = describe(filter);
    const entries: MenuEntry[] = savedSearches.map((saved) => ({ label: saved.name, isChecked: describe(saved.filter) === name, run: () => this.applyFilter(saved.filter) }));
    const known = savedSearches.some((saved) => saved.name === name);
    openMenu(this.#saved, 'Saved searches', [
      ...entries,
      ...(entries.length > 0 ? (['separator'] as const) : []),
      { label: `Save “${name}”`, isDisabled: known, run: () => this.#host.change({ savedSearches: [...savedSearches, { name, filter }].slice(-100) }) },
      { label: 'Forget This Search', isDisabled: !known, run: () => this.#host.change({ savedSearches: savedSearches.filter((saved) => saved.name !== name) }) },
    ]);
  }
}

/** A filter in words: the name under which it is saved. */
function describe({ service, operation, minDuration, maxDuration, onlyErrors, query, lastMs }: TracesFilter): string {
  const parts = [service, operation, minDuration === '' ? '' : `> ${minDuration}`, maxDuration === '' ? '' : `< ${maxDuration}`, onlyErrors ? 'errors' : '', query, lastMs > 0 ? `last ${String(lastMs / 60_000)} min` : ''];
  return parts.filter((part) => part !== '').join(' · ').slice(0, 80) || 'all traces';
}
