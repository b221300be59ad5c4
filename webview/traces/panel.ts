import type { ColourSlots } from '../../src/protocol/charts.ts';
import { INITIAL_TRACES_STATE, isTracesState, type TracesEvent, type TracesRequest, type TracesState } from '../../src/protocol/traces-panel.ts';
import type { Channel } from '../shared/channel.ts';
import { element } from '../shared/dom.ts';
import { assignSlots } from '../shared/entity-colours.ts';
import { onThemeChange, readTheme, type Theme } from '../shared/theme.ts';
import type { TimeFormat } from '../shared/time-axis.ts';
import { nanoText } from '../logs/model/panel-state.ts';
import { Asker } from './asker.ts';
import { addToQuery } from './model/search-filter.ts';
import { SearchPage } from './search-page.ts';
import { renderNotice } from './view/notice.ts';
import { TracePage } from './view/trace-page.ts';

/** The Traces panel: the search page, or one trace in its place. */
export class TracesPanel {
  readonly #root: HTMLElement;
  readonly #channel: Channel<TracesRequest, TracesEvent>;
  readonly #asker: Asker;
  readonly #search: SearchPage;
  readonly #notice = element('div', { class: 'notice blank', role: 'status', hidden: true });
  #state: TracesState;
  #theme: Theme = readTheme();
  #time: TimeFormat = { locale: undefined, timeZone: undefined };
  #slots: ColourSlots = {};
  #page: TracePage | undefined;
  #loading: AbortController | undefined;
  #isConnected = false;

  constructor(root: HTMLElement, channel: Channel<TracesRequest, TracesEvent>) {
    this.#root = root;
    this.#channel = channel;
    this.#asker = new Asker(channel);
    const saved = channel.savedState();
    this.#state = isTracesState(saved) ? saved : INITIAL_TRACES_STATE;
    this.#search = new SearchPage({
      asker: this.#asker,
      state: () => this.#state,
      change: (state) => this.#change(state),
      open: (traceId) => this.#open(traceId, ''),
      run: (action) => channel.send({ type: 'runAction', action }),
      theme: () => this.#theme,
      time: () => this.#time,
      colourOf: (service) => this.#colourOf(service),
    });
    root.removeAttribute('aria-busy');
    root.replaceChildren(this.#search.root);
    if (this.#state.traceId !== '') root.replaceChildren(this.#notice);
    onThemeChange(() => {
      this.#theme = readTheme();
      this.#render();
    });
    channel.onEvent((event) => this.#onEvent(event));
    this.#render();
    channel.send({ type: 'ready' });
  }

  #onEvent(event: TracesEvent): void {
    switch (event.type) {
      case 'init':
        this.#time = { ...this.#time, locale: event.locale };
        this.#slots = event.colourSlots;
        this.#render();
        return;
      case 'answer':
        this.#asker.settle(event);
        return;
      case 'status':
        this.#isConnected = event.connection === 'connected';
        this.#search.setConnection(event.connection, event.detail);
        // After a reload: the trace that was open.
        if (this.#isConnected && this.#state.traceId !== '' && !this.#page && !this.#loading) this.#open(this.#state.traceId, this.#state.spanId);
        return;
      case 'colourSlots':
        this.#slots = event.slots;
        this.#render();
        return;
      case 'openTrace':
        this.#open(event.traceId, event.spanId ?? '');
        return;
      case 'search':
        this.#back();
        this.#search.applyFilter({ ...INITIAL_TRACES_STATE.filter, ...event.filter });
    }
  }

  #change(state: Partial<TracesState>): void {
    this.#state = { ...this.#state, ...state };
    this.#channel.saveState(this.#state);
    this.#channel.send({ type: 'setState', state: this.#state });
    this.#render();
  }

  #render(): void {
    if (this.#page) this.#page.update({ state: this.#state, theme: this.#theme, time: this.#time });
    else if (this.#state.traceId === '') this.#search.render();
  }

  #open(traceId: string, spanId: string): void {
    if (this.#page?.traceId === traceId) {
      if (spanId !== '') this.#page.revealSpan(spanId);
      return;
    }
    this.#closePage();
    this.#change({ traceId, spanId });
    if (this.#isConnected) void this.#load(traceId);
  }

  async #load(traceId: string): Promise<void> {
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    try {
      const { trace, evictedUpToMs } = await this.#asker.trace(traceId, loading.signal);
      if (trace) {
        performance.mark('sightline.open');
        this.#page = new TracePage(trace, { state: this.#state, theme: this.#theme, time: this.#time }, this.#pageHost());
        this.#root.replaceChildren(this.#page.root);
        this.#page.focus();
        // For measurements: from the arrival of the data to the first frame with bars.
        requestAnimationFrame(() => performance.measure('sightline.open', 'sightline.open'));
      } else {
        const text = evictedUpToMs === undefined ? 'No span of it has arrived.' : `It is unknown, or was evicted: what is older than ${new Date(evictedUpToMs).toLocaleString(this.#time.locale)} is gone.`;
        this.#fail(`There is no trace ${traceId}`, text);
      }
    } catch (error) {
      if (!loading.signal.aborted) this.#fail('The trace could not be read', error instanceof Error ? error.message : String(error));
    } finally {
      if (this.#loading === loading) this.#loading = undefined;
    }
  }

  #fail(title: string, text: string): void {
    renderNotice(this.#notice, { icon: 'warning', title, text, actions: [{ label: 'Back to the Search', action: 'back' }] }, { run: () => undefined, back: () => this.#back() });
    this.#root.replaceChildren(this.#notice);
  }

  #back(): void {
    const { traceId } = this.#state;
    this.#closePage();
    if (traceId !== '') this.#change({ traceId: '', spanId: '' });
    this.#root.replaceChildren(this.#search.root);
    this.#search.render();
    if (traceId !== '') this.#search.focusTrace(traceId);
  }

  #closePage(): void {
    this.#loading?.abort();
    this.#loading = undefined;
    this.#page?.dispose();
    this.#page = undefined;
  }

  #pageHost(): ConstructorParameters<typeof TracePage>[2] {
    return {
      back: () => this.#back(),
      change: (state) => this.#change(state),
      colourOf: (service) => this.#colourOf(service),
      copy: (text, what) => this.#channel.send({ type: 'copyText', text, what: what.slice(0, 200) }),
      openFile: (path, line) => this.#channel.send({ type: 'openFile', path, line }),
      traceLogs: (traceId, { startMs, endMs }, limit, signal) => this.#asker.logs({ traceId, from: nanoText(startMs), to: nanoText(endMs), limit }, signal),
      openLogs: (traceId, window) => this.#channel.send({ type: 'openLogs', traceId, ...window }),
      openCharts: (entity, window) => this.#channel.send({ type: 'openCharts', entity, ...window }),
      openTrace: (traceId, spanId) => this.#open(traceId, spanId),
      addToSearch: (condition) => {
        const query = addToQuery(this.#state.filter.query, condition);
        this.#back();
        this.#search.applyFilter({ query });
      },
      setPinned: (isPinned) => void this.#pin(isPinned),
    };
  }

  async #pin(isPinned: boolean): Promise<void> {
    const page = this.#page;
    if (!page) return;
    try {
      const { pinned } = await this.#asker.pin({ traceId: page.traceId, isPinned }, new AbortController().signal);
      page.setPinned(pinned.some(({ traceId }) => traceId === page.traceId));
    } catch {
      page.setPinned(!isPinned);
    }
  }

  #colourOf(service: string): number {
    const slots = assignSlots(this.#slots, [service]);
    if (slots !== this.#slots) {
      this.#slots = slots;
      this.#channel.send({ type: 'setColourSlots', slots });
    }
    return slots[service] ?? 0;
  }
}
