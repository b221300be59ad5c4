import { DisposableStore, type Disposable } from '../../src/base/disposable.ts';
import type { AttributeConditionText } from '../../src/protocol/attribute-condition.ts';
import type { LogHistogramAnswer, LogPage, LogTail } from '../../src/protocol/logs.ts';
import type { LogsCommand, LogsEvent, LogsQuestion, LogsRequest, LogsResult, LogsState } from '../../src/protocol/logs-panel.ts';
import type { OperationsAnswer, QueryProblem } from '../../src/protocol/telemetry.ts';
import { rangeLabel } from '../charts/panel-state.ts';
import { PendingRequests, type Channel } from '../shared/channel.ts';
import { element, icon, listen } from '../shared/dom.ts';
import { onThemeChange, readTheme } from '../shared/theme.ts';
import { formatAge, formatDuration, type TimeFormat } from '../shared/time-axis.ts';
import { openConditionDialog } from './condition-dialog.ts';
import { createFacets } from './facets.ts';
import { createFilterBar } from './filter-bar.ts';
import { createHeader } from './header.ts';
import { HistogramChart } from './histogram-view.ts';
import { LogSource, type LogsPlan } from './log-source.ts';
import { LogTable } from './log-table.ts';
import { withLineFilter } from './model/filter-text.ts';
import { histogramOf, levelTotals, planBuckets, type BucketPlan } from './model/histogram.ts';
import { appendOlder, mergeArrivals, rowsOf, type LogRow } from './model/log-rows.ts';
import { addCondition, applyPartial, chipsOf, clearFilter, filterOf, isFiltered, resolveRange, restoreState } from './model/panel-state.ts';
import { groupPatterns } from './model/patterns.ts';
import { rowTimeFormat } from './model/row-time.ts';
import { renderNotice, type Notice } from './notice.ts';
import { createPatternsView } from './patterns-view.ts';

type Answer = Extract<LogsEvent, { type: 'answer' }>;
type Status = Extract<LogsEvent, { type: 'status' }>;

/** While live, no more rows than these stay; the oldest go. */
const MAX_ROWS = 200_000;
/** Patterns are made of so many of the newest rows. */
const PATTERN_ROWS = 10_000;
const PATTERN_LIMIT = 50;
/** From this width on, facets are shown unless they were put away. */
const FACETS_WIDTH_PX = 800;

/** The Logs panel: owns what is shown and passes it to the parts that draw. */
export class LogsPanel implements Disposable {
  readonly #channel: Channel<LogsRequest, LogsEvent>;
  readonly #store = new DisposableStore();
  readonly #pending = new PendingRequests<Answer>();
  readonly #source: LogSource;
  readonly #header = createHeader({
    setState: (state) => this.#setState(state, true),
    setServices: (services) => this.#patch({ services }),
    addCondition: (anchor) => openConditionDialog(anchor, (condition) => this.#addCondition(condition)),
    setRange: (range) => this.#setRange(range),
    toggleLive: () => this.#run('toggleLive'),
    toggleFacets: () => this.#run('toggleFacets'),
    togglePatterns: () => this.#run('togglePatterns'),
    toggleTable: () => this.#run('toggleTable'),
    clearFilter: () => this.#setState(clearFilter(this.#state), true),
    refresh: () => this.#run('refresh'),
  });
  readonly #filter = createFilterBar({
    setQuery: (query) => this.#patch({ query }),
    services: () => [...this.#serviceCounts.keys()],
    leave: () => this.#table.focus(),
  });
  readonly #facets = createFacets({ setLevels: (levels) => this.#patch({ levels }), setServices: (services) => this.#patch({ services }) });
  readonly #histogram = new HistogramChart({
    zoom: (startMs, endMs) => this.#setRange({ kind: 'fixed', startMs, endMs }),
    resetZoom: () => this.#run('resetZoom'),
  });
  readonly #patterns = createPatternsView({
    filterBy: ({ regex }, isExcluded) => this.#patch({ query: withLineFilter(this.#state.query, isExcluded ? '!~' : '|~', regex) }),
  });
  readonly #table = new LogTable({
    copyText: (text, what) => this.#channel.send({ type: 'copyText', text, what }),
    addCondition: (condition) => this.#addCondition(condition),
    showTrace: (traceId) => this.#patch({ traceId }),
    openTrace: (traceId, spanId) => this.#channel.send({ type: 'openTrace', traceId, spanId }),
    showRequest: (requestId) => this.#patch({ requestId }),
    loadOlder: () => {
      if (this.#next !== undefined) this.#source.loadOlder(this.#next);
    },
    setServiceWidth: (serviceWidthPx) => this.#setState({ ...this.#state, serviceWidthPx }, false),
    onTopChange: (isAtTop) => {
      if (isAtTop) this.#unseen = 0;
      this.#renderSoon();
    },
  });
  readonly #strip = element('div', { class: 'notice strip', role: 'alert', hidden: true });
  readonly #blank = element('div', { class: 'notice blank', role: 'status', hidden: true });
  readonly #pillText = element('span', {});
  readonly #pill = element('button', { type: 'button', class: 'pill', hidden: true }, icon('arrow-up'), this.#pillText);
  readonly #summary = element('div', { class: 'summary', role: 'status' });

  #state: LogsState;
  #theme = readTheme();
  #time: TimeFormat = { locale: undefined, timeZone: undefined };
  #rowTime = rowTimeFormat(this.#time, false);
  #rows: readonly LogRow[] = [];
  #next: string | undefined;
  #isComplete = true;
  #problem: QueryProblem | undefined;
  #status: Status | undefined;
  #counts: { readonly plan: BucketPlan; readonly answer: LogHistogramAnswer } | undefined;
  #serviceCounts: ReadonlyMap<string, number> = new Map();
  #answeredAtMs: number | undefined;
  #askError = '';
  #isLoading = true;
  #unseen = 0;
  #skipped = 0;
  #lastKey = 0;
  #lastDurationMs = 3_600_000;
  #patternsOf: readonly LogRow[] | undefined;
  #isFrameQueued = false;

  constructor(root: HTMLElement, channel: Channel<LogsRequest, LogsEvent>) {
    this.#channel = channel;
    this.#state = restoreState(channel.savedState());
    if (this.#state.range.kind === 'last') this.#lastDurationMs = this.#state.range.durationMs;
    this.#source = this.#store.add(
      new LogSource({
        plan: () => this.#plan(),
        ask: (question, signal) => this.#ask(question, signal),
        onPage: (page) => this.#onPage(page),
        onOlder: (page) => this.#onOlder(page),
        onTail: (tail, isFirst) => this.#onTail(tail, isFirst),
        onCounts: (plan, answer, operations) => this.#onCounts(plan, answer, operations),
        onError: (message) => {
          this.#askError = message;
          this.#isLoading = false;
          this.#renderSoon();
        },
      }),
    );
    this.#store.add(this.#table);
    this.#store.add(this.#histogram);
    const table = element('div', { class: 'table-box' }, this.#pill, this.#table.root, this.#blank);
    const main = element('main', { class: 'main' }, this.#histogram.root, this.#summary, this.#patterns.root, table);
    root.replaceChildren(this.#header.root, this.#filter.root, this.#strip, element('div', { class: 'columns' }, this.#facets.root, main));
    root.removeAttribute('aria-busy');
    this.#store.add(
      onThemeChange(() => {
        this.#theme = readTheme();
        this.#renderSoon();
      }),
    );
    listen(this.#pill, 'click', () => {
      this.#table.scrollToTop();
      this.#table.focus();
    });
    listen(document, 'keydown', (event) => this.#onKey(event));
    const ticker = setInterval(() => this.#renderHeader(), 1_000);
    const sizes = new ResizeObserver(() => this.#renderSoon());
    sizes.observe(root);
    this.#store.add({
      dispose: () => {
        clearInterval(ticker);
        sizes.disconnect();
      },
    });
    channel.onEvent((event) => this.#onEvent(event));
    this.#render();
    channel.send({ type: 'ready' });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #onEvent(event: LogsEvent): void {
    switch (event.type) {
      case 'init':
        this.#time = { ...this.#time, locale: event.locale === '' ? undefined : event.locale };
        this.#setState(applyPartial(this.#state, event.state), false);
        break;
      case 'answer':
        this.#pending.settle(event.id, event);
        break;
      case 'status': {
        const wasConnected = this.#status?.connection === 'connected';
        this.#status = event;
        if (event.connection === 'connected' && !wasConnected) this.#source.refresh();
        this.#renderSoon();
        break;
      }
      case 'command':
        this.#run(event.command);
        break;
      case 'show':
        this.#setState(applyPartial(clearFilter(this.#state), event.state), true);
        break;
    }
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement || document.querySelector('.menu, dialog')) return;
    const keys: Readonly<Record<string, LogsCommand>> = { l: 'toggleLive', r: 'refresh', '/': 'focusFilter', t: 'pickRange', f: 'toggleFacets', p: 'togglePatterns', v: 'toggleTable', '0': 'resetZoom' };
    const command = keys[event.key];
    if (!command) return;
    event.preventDefault();
    this.#run(command);
  }

  #run(command: LogsCommand): void {
    const state = this.#state;
    switch (command) {
      case 'toggleLive':
        return state.range.kind === 'fixed' ? this.#setRange({ kind: 'last', durationMs: this.#lastDurationMs }) : this.#setState({ ...state, isLive: !state.isLive }, true);
      case 'refresh':
        return this.#refresh();
      case 'focusFilter':
        return this.#filter.focus();
      case 'pickRange':
        return this.#header.pickRange();
      case 'resetZoom':
        if (state.range.kind === 'fixed') this.#setRange({ kind: 'last', durationMs: this.#lastDurationMs });
        return;
      case 'toggleFacets':
        return this.#setState({ ...state, areFacetsShown: !this.#areFacetsShown() }, false);
      case 'togglePatterns':
        return this.#setState({ ...state, arePatternsShown: !state.arePatternsShown }, false);
      case 'toggleTable':
        return this.#setState({ ...state, isHistogramTable: !state.isHistogramTable }, false);
    }
  }

  #setRange(range: LogsState['range']): void {
    if (range.kind === 'last') this.#lastDurationMs = range.durationMs;
    this.#setState({ ...this.#state, range, isLive: range.kind === 'last' }, true);
  }

  #addCondition(condition: AttributeConditionText): void {
    this.#setState(addCondition(this.#state, condition), true);
  }

  #patch(change: Partial<LogsState>): void {
    this.#setState({ ...this.#state, ...change }, true);
  }

  #setState(next: LogsState, isQueryNeeded: boolean): void {
    this.#state = next;
    this.#channel.saveState(next);
    this.#channel.send({ type: 'setState', state: next });
    if (isQueryNeeded) this.#refresh();
    else this.#renderSoon();
  }

  #refresh(): void {
    this.#isLoading = true;
    if (this.#status?.connection === 'connected') this.#source.refresh();
    this.#renderSoon();
  }

  #plan(): LogsPlan {
    const { range, isLive } = this.#state;
    const { startMs, endMs } = resolveRange(range, Date.now());
    return { filter: filterOf(this.#state), startMs, endMs: range.kind === 'fixed' ? endMs : undefined, buckets: planBuckets(startMs, endMs, this.#histogram.wantedBuckets), isLive: isLive && range.kind === 'last' };
  }

  async #ask(question: LogsQuestion, signal: AbortSignal): Promise<LogsResult> {
    const answer = await this.#pending.start(
      (id) => this.#channel.send({ type: 'ask', id, question }),
      signal,
      (id) => this.#channel.send({ type: 'cancel', id }),
    );
    if (!answer.ok) throw new Error(answer.error);
    return answer.answer;
  }

  readonly #nextKey = (): number => ++this.#lastKey;

  #onPage(page: LogPage): void {
    this.#rows = rowsOf(page, this.#nextKey);
    this.#problem = page.problem;
    this.#unseen = 0;
    this.#skipped = 0;
    this.#table.scrollToTop();
    this.#onAnswer(page);
  }

  #onOlder(page: LogPage): void {
    this.#rows = appendOlder(this.#rows, rowsOf(page, this.#nextKey));
    this.#onAnswer(page);
  }

  #onAnswer({ next, isComplete }: LogPage): void {
    this.#next = next;
    this.#isComplete = isComplete;
    this.#askError = '';
    this.#isLoading = false;
    this.#answeredAtMs = Date.now();
    this.#renderSoon();
  }

  #onTail(tail: LogTail, isFirst: boolean): void {
    this.#answeredAtMs = Date.now();
    this.#skipped += tail.skipped;
    const { rows, added } = mergeArrivals(this.#rows, rowsOf(tail, this.#nextKey), isFirst);
    if (added.length === 0) return;
    // The cursor belongs to the last row; without it there is no way back to what goes now but a refresh.
    if (rows.length > MAX_ROWS) this.#next = undefined;
    this.#rows = rows.length > MAX_ROWS ? rows.slice(0, MAX_ROWS) : rows;
    if (!this.#table.isAtTop) this.#unseen += added.length;
    this.#renderSoon();
  }

  #onCounts(plan: BucketPlan, answer: LogHistogramAnswer, { levels }: OperationsAnswer): void {
    this.#counts = { plan, answer };
    const services = new Map<string, number>();
    for (const { service, count } of levels) services.set(service, (services.get(service) ?? 0) + count);
    this.#serviceCounts = services;
    this.#renderSoon();
  }

  #areFacetsShown(): boolean {
    return this.#state.areFacetsShown ?? window.innerWidth >= FACETS_WIDTH_PX;
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
    const state = this.#state;
    const { locale } = this.#time;
    const { startMs, endMs } = resolveRange(state.range, Date.now());
    const isDated = endMs - startMs > 20 * 3_600_000 || new Date(startMs).getDate() !== new Date().getDate();
    if (this.#rowTime.isDated !== isDated || this.#rowTime.locale !== locale) this.#rowTime = rowTimeFormat(this.#time, isDated);
    const isStale = this.#isStale();
    this.#renderHeader();
    this.#filter.update(state.query, this.#problem?.field === 'logql' ? this.#problem : undefined);
    this.#facets.root.hidden = !this.#areFacetsShown();
    const totals = this.#counts ? levelTotals(this.#counts.answer) : new Map();
    this.#facets.update({ levelTotals: totals, levels: state.levels, serviceCounts: this.#serviceCounts, services: state.services, locale });
    const data = this.#counts && histogramOf(this.#counts.plan, this.#counts.answer, state.levels);
    this.#histogram.update({ data, theme: this.#theme, time: this.#time, nowMs: Date.now(), isTable: state.isHistogramTable, isStale });
    this.#renderPatterns();
    this.#table.update({ rows: this.#rows, serviceWidthPx: state.serviceWidthPx, formatTime: this.#rowTime.format, footer: this.#footer(), isStale });
    this.#summary.textContent = this.#summaryText(data?.total);
    this.#pill.hidden = this.#unseen === 0;
    this.#pillText.textContent = `${this.#unseen.toLocaleString(locale)} new`;
    const notice = this.#notice();
    const hasRows = this.#rows.length > 0;
    renderNotice(this.#strip, hasRows ? notice : undefined);
    renderNotice(this.#blank, hasRows ? undefined : notice);
    this.#table.root.hidden = !this.#blank.hidden;
  }

  #renderPatterns(): void {
    this.#patterns.root.hidden = !this.#state.arePatternsShown || this.#rows.length === 0;
    if (this.#patterns.root.hidden || this.#patternsOf === this.#rows) return;
    this.#patternsOf = this.#rows;
    const rows = this.#rows.slice(0, PATTERN_ROWS);
    this.#patterns.update(groupPatterns(rows, PATTERN_LIMIT), rows.length, this.#time.locale);
  }

  #renderHeader(): void {
    const state = this.#state;
    const nowMs = Date.now();
    const connection = this.#status?.connection;
    const age = this.#answeredAtMs === undefined ? '' : formatAge(nowMs - this.#answeredAtMs);
    this.#header.update({
      chips: chipsOf(state),
      services: state.services,
      knownServices: [...new Set([...this.#serviceCounts.keys(), ...state.services])].sort(),
      range: state.range,
      rangeLabel: rangeLabel(state.range, nowMs, this.#time),
      ...resolveRange(state.range, nowMs),
      isLive: state.isLive,
      age: connection === 'connecting' ? 'Connecting…' : connection === 'offline' && age === '' ? 'Offline' : age,
      isConnected: connection === 'connected',
      isWarning: connection === 'offline' || this.#askError !== '',
      areFacetsShown: this.#areFacetsShown(),
      arePatternsShown: state.arePatternsShown,
      isHistogramTable: state.isHistogramTable,
    });
  }

  #isStale(): boolean {
    return this.#answeredAtMs !== undefined && (this.#isLoading || this.#status?.connection === 'offline' || this.#askError !== '');
  }

  #summaryText(total: number | undefined): string {
    const { locale } = this.#time;
    if (this.#answeredAtMs === undefined) return 'Loading…';
    const loaded = `${this.#rows.length.toLocaleString(locale)} loaded`;
    const lines = total === undefined ? loaded : `${total.toLocaleString(locale)} lines · ${loaded}`;
    return this.#skipped > 0 ? `${lines} · ${this.#skipped.toLocaleString(locale)} skipped, they came too fast` : lines;
  }

  #footer(): { readonly text: string; readonly isButton: boolean } {
    if (this.#next !== undefined) return { text: this.#isComplete ? 'Load older' : 'The search took its time and stopped here. Search on', isButton: true };
    if (this.#rows.length >= MAX_ROWS) return { text: 'Older lines were dropped from this view; refresh to see them', isButton: false };
    const { range } = this.#state;
    return { text: range.kind === 'last' ? `No more in the last ${formatDuration(range.durationMs)}` : 'No more in this range', isButton: false };
  }

  #notice(): Notice | undefined {
    const run = (action: Extract<LogsRequest, { type: 'runAction' }>['action']) => () => this.#channel.send({ type: 'runAction', action });
    if (this.#status?.connection === 'offline') {
      const actions = [{ label: 'Restart Collector', run: run('restartCollector') }, { label: 'Show Log', run: run('showOutput') }];
      return { icon: 'debug-disconnect', title: 'The collector is not running', text: this.#status.detail, actions };
    }
    if (this.#askError !== '') return { icon: 'error', title: 'The logs could not be read', text: this.#askError, actions: [{ label: 'Retry', run: () => this.#refresh() }] };
    if (this.#problem) {
      const clear = { label: 'Clear All Filters', run: () => this.#setState(clearFilter(this.#state), true) };
      return { icon: 'error', title: 'The filter cannot be used', text: this.#problem.message, actions: [clear] };
    }
    if (this.#isLoading || this.#answeredAtMs === undefined || this.#rows.length > 0) return undefined;
    if (this.#next !== undefined) return { icon: 'search', title: 'Nothing found yet', text: 'The search took its time and stopped.', actions: [{ label: 'Search On', run: () => this.#source.loadOlder(this.#next ?? '') }] };
    const widen = { label: 'Last 24 h', run: () => this.#setRange({ kind: 'last', durationMs: 86_400_000 }) };
    if (isFiltered(this.#state)) return { icon: 'search', title: 'No lines match', text: 'Nothing in this time meets all the filters.', actions: [{ label: 'Clear All Filters', run: () => this.#setState(clearFilter(this.#state), true) }, widen] };
    if (this.#serviceCounts.size > 0 || this.#state.range.kind === 'fixed') return { icon: 'history', title: 'No lines in this time', text: 'Look at a longer time.', actions: [widen] };
    return { icon: 'output', title: 'No logs yet', text: 'Run your app from a terminal here and send its logs by OTLP, or start the demo.', actions: [{ label: 'Start Demo', run: run('startDemo') }, { label: 'New Terminal', run: run('newTerminal') }] };
  }
}
