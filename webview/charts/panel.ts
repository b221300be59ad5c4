import { DisposableStore, type Disposable } from '../../src/base/disposable.ts';
import type { ChartsEvent, ChartsMarker, ChartsRequest, ChartsState, ColourSlots } from '../../src/protocol/charts.ts';
import type { HealthSnapshot } from '../../src/protocol/health.ts';
import type { RangeQueryAnswer } from '../../src/protocol/rpc.ts';
import { PendingRequests, type Channel } from '../shared/channel.ts';
import { element, listen } from '../shared/dom.ts';
import { assignSlots } from '../shared/entity-colours.ts';
import { onThemeChange, readTheme, type Theme } from '../shared/theme.ts';
import { formatAge, formatMoment, type TimeFormat } from '../shared/time-axis.ts';
import { buildCharts, presentFamilies, type ChartData } from './chart-data.ts';
import { createChartCard, type CardActions, type ChartCard } from './chart-card.ts';
import { CHARTS, FAMILIES, type ChartId, type MetricFamily } from './chart-definitions.ts';
import { createHeader, type Header } from './header.ts';
import { createLegend, type Legend } from './legend.ts';
import { NO_TELEMETRY, offlineNotice, renderNotice } from './notice.ts';
import { applyPartial, isolateName, rangeLabel, restoreState, toggleName, zoomTo } from './panel-state.ts';
import { cardView, legendRows, readoutAt, type Scene } from './scene.ts';
import { planGrid, planQueries, rateWindowSeconds, resolveRange, stepMoment } from './query-plan.ts';
import { QueryLoop } from './query-loop.ts';
import { csvText, promQlText } from './export-text.ts';
import { entitiesOf, hasNoTelemetry, scrapeIntervalMs, systemsOf } from './snapshot-facts.ts';

type Status = Extract<ChartsEvent, { type: 'status' }>;
type Answer = Extract<ChartsEvent, { type: 'queryRangeAnswer' }>;

/** All families are asked again each so many milliseconds, for a source that has just appeared. */
const PROBE_EVERY_MS = 60_000;
/** How long the first question waits for the snapshot. */
const SNAPSHOT_WAIT_MS = 300;
/** Skeletons come only when the answer takes longer than anybody notices. */
const SKELETON_DELAY_MS = 150;

/** The Charts panel: owns what is shown and passes it to the parts that draw. */
export class ChartsPanel implements Disposable {
  readonly #channel: Channel<ChartsRequest, ChartsEvent>;
  readonly #store = new DisposableStore();
  readonly #pending = new PendingRequests<Answer>();
  readonly #loop: QueryLoop;
  readonly #header: Header;
  readonly #legend: Legend;
  readonly #cards: readonly ChartCard[];
  readonly #grid = element('main', { class: 'grid' });
  readonly #strip = element('div', { class: 'notice strip', role: 'alert', hidden: true });
  readonly #blank = element('div', { class: 'notice blank', role: 'status', hidden: true });

  #state: ChartsState;
  #theme: Theme = readTheme();
  #time: TimeFormat = { locale: undefined, timeZone: undefined };
  #snapshot: HealthSnapshot | undefined;
  #status: Status | undefined;
  #slots: ColourSlots = {};
  #markers: readonly ChartsMarker[] = [];
  #data: ReadonlyMap<ChartId, ChartData> = new Map();
  #present: ReadonlySet<MetricFamily> = new Set();
  #lastProbeMs = 0;
  #answeredAtMs: number | undefined;
  #askError = '';
  #isSlow = false;
  #crosshair: { readonly atMs: number; readonly source: ChartId; readonly yShare: number | undefined } | undefined;
  #isFrameQueued = false;
  #lastDurationMs = 15 * 60_000;

  constructor(root: HTMLElement, channel: Channel<ChartsRequest, ChartsEvent>) {
    this.#channel = channel;
    this.#state = restoreState(channel.savedState());
    if (this.#state.range.kind === 'last') this.#lastDurationMs = this.#state.range.durationMs;
    this.#header = createHeader({
      setProviders: (providers) => this.#setState({ ...this.#state, providers }, true),
      setRange: (range) => {
        if (range.kind === 'last') this.#lastDurationMs = range.durationMs;
        this.#setState({ ...this.#state, range, isLive: range.kind === 'last' }, true);
      },
      toggleLive: () => this.#toggleLive(),
      refresh: () => this.#loop.refresh(true),
      toggleTables: () => this.#toggleTables(),
      copyCsv: () => this.#channel.send({ type: 'copyText', text: csvText(this.#data, Date.now()), what: 'CSV' }),
      copyPromQl: () => this.#channel.send({ type: 'copyText', text: promQlText(this.#data), what: 'PromQL' }),
      exportCsv: () => this.#channel.send({ type: 'saveText', fileName: 'charts.csv', text: csvText(this.#data, Date.now()) }),
    });
    this.#legend = createLegend({
      toggle: (name) => this.#setHidden(toggleName(this.#state.hidden, name)),
      isolate: (name) => this.#setHidden(isolateName(this.#state.hidden, name, this.#entities())),
    });
    this.#cards = CHARTS.map((definition) => this.#store.add(createChartCard(definition, this.#cardActions(definition.id))));
    this.#grid.append(...this.#cards.map((card) => card.root));
    root.replaceChildren(this.#header.root, this.#strip, this.#blank, this.#grid, this.#legend.root);
    root.removeAttribute('aria-busy');
    this.#loop = this.#store.add(
      new QueryLoop({
        plan: () => this.#plan(),
        ask: (params, signal) => this.#ask(params, signal),
        isLive: () => this.#state.isLive && this.#status?.connection !== 'offline',
        isVisible: () => document.visibilityState === 'visible',
        nowMs: () => Date.now(),
        onAnswer: (queries, answer) => this.#onAnswer(queries, answer),
        onError: (message) => {
          this.#askError = message;
          this.#renderSoon();
        },
      }),
    );
    this.#store.add(
      onThemeChange(() => {
        this.#theme = readTheme();
        this.#renderSoon();
      }),
    );
    this.#listen(root);
    channel.onEvent((event) => this.#onEvent(event));
    this.#render();
    channel.send({ type: 'ready' });
  }

  dispose(): void {
    this.#store.dispose();
  }

  #listen(root: HTMLElement): void {
    const ticker = setInterval(() => this.#renderAge(), 1_000);
    const sizes = new ResizeObserver(() => this.#renderSoon());
    sizes.observe(root);
    const stops = [
      () => clearInterval(ticker),
      () => sizes.disconnect(),
      listen(document, 'keydown', (event) => this.#onKey(event)),
      listen(document.body, 'keydown', (event) => {
        if (event.key === 'Escape') this.#point(undefined);
      }),
    ];
    const onVisible = (): void => {
      if (document.visibilityState === 'visible' && this.#state.isLive) this.#loop.wake();
    };
    document.addEventListener('visibilitychange', onVisible);
    stops.push(() => document.removeEventListener('visibilitychange', onVisible));
    this.#store.add({ dispose: () => stops.forEach((stop) => stop()) });
  }

  #onEvent(event: ChartsEvent): void {
    switch (event.type) {
      case 'init':
        this.#time = { ...this.#time, locale: event.locale === '' ? undefined : event.locale };
        this.#slots = event.colourSlots;
        this.#setState(applyPartial(this.#state, event.state), this.#snapshot !== undefined);
        break;
      case 'queryRangeAnswer':
        this.#pending.settle(event.id, event);
        break;
      case 'health':
        this.#onHealth(event.snapshot);
        break;
      case 'status': {
        const wasConnected = this.#status?.connection === 'connected';
        this.#status = event;
        // The snapshot follows at once and says what to ask; without one we ask for everything.
        if (event.connection === 'connected' && !wasConnected) {
          const hadSnapshot = this.#snapshot !== undefined;
          const begin = (): void => {
            if (hadSnapshot || !this.#snapshot) this.#loop.wake();
          };
          setTimeout(begin, hadSnapshot ? 0 : SNAPSHOT_WAIT_MS);
        }
        this.#renderSoon();
        break;
      }
      case 'colourSlots':
        this.#slots = event.slots;
        this.#renderSoon();
        break;
      case 'markers':
        this.#markers = event.markers;
        this.#renderSoon();
        break;
      case 'focusProviders':
        this.#setState({ ...this.#state, providers: event.providers }, true);
        break;
      case 'setRange':
        this.#setState({ ...this.#state, range: event.range, isLive: event.range.kind === 'last' }, true);
        break;
      case 'command':
        this.#onCommand(event.command);
        break;
    }
  }

  #onCommand(command: Extract<ChartsEvent, { type: 'command' }>['command']): void {
    const focused = this.#cards.find((card) => card.root.contains(document.activeElement));
    switch (command) {
      case 'toggleLive':
        return this.#toggleLive();
      case 'refresh':
        return this.#loop.refresh(true);
      case 'resetZoom':
        return this.#resetZoom();
      case 'toggleTables':
        return this.#toggleTables();
      case 'pickRange':
        return this.#header.pickRange();
      case 'copyCsv':
        return this.#channel.send({ type: 'copyText', text: focused ? csvText(this.#data, Date.now(), [focused.definition.id]) : csvText(this.#data, Date.now()), what: 'CSV' });
      case 'copyPromQl':
        return this.#channel.send({ type: 'copyText', text: promQlText(this.#data, focused && [focused.definition.id]), what: 'PromQL' });
    }
  }

  #onHealth(snapshot: HealthSnapshot): void {
    const before = systemsOf(this.#snapshot);
    const isFirst = this.#snapshot === undefined;
    this.#snapshot = snapshot;
    this.#claimColours();
    const after = systemsOf(snapshot);
    if (isFirst || before.size !== after.size || [...after].some((system) => !before.has(system))) {
      this.#present = new Set();
      this.#loop.refresh(true);
    }
    this.#renderSoon();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement || document.querySelector('.menu, dialog')) return;
    if (event.key === 'l') this.#toggleLive();
    else if (event.key === 'r') this.#loop.refresh(true);
  }

  #plan(): ReturnType<ConstructorParameters<typeof QueryLoop>[0]['plan']> {
    const nowMs = Date.now();
    const intervalMs = scrapeIntervalMs(this.#snapshot);
    const grid = planGrid(this.#state.range, nowMs, this.#cards[0]!.plotWidth(), Math.min(intervalMs, 60_000));
    const isProbe = this.#present.size === 0 || nowMs - this.#lastProbeMs > PROBE_EVERY_MS;
    if (isProbe) this.#lastProbeMs = nowMs;
    // Not only what the snapshot knows: the range may reach back to a source that is gone, or one from before a restart.
    const families = isProbe ? FAMILIES : [...this.#present];
    const queries = planQueries({
      families: this.#status?.connection === 'connected' ? families : [],
      entities: this.#state.providers,
      windowSeconds: rateWindowSeconds(grid.stepMs, intervalMs),
      isFocused: this.#isFocused(),
    });
    return { queries, grid, overlapMs: Math.max(2 * grid.stepMs, 2 * intervalMs) };
  }

  async #ask(params: Parameters<ConstructorParameters<typeof QueryLoop>[0]['ask']>[0], signal: AbortSignal): Promise<RangeQueryAnswer> {
    const slow = setTimeout(() => {
      this.#isSlow = true;
      this.#renderSoon();
    }, SKELETON_DELAY_MS);
    try {
      const answer = await this.#pending.start(
        (id) => this.#channel.send({ type: 'queryRange', id, params }),
        signal,
        (id) => this.#channel.send({ type: 'cancel', id }),
      );
      if (!answer.ok) throw new Error(answer.error);
      return answer.answer;
    } finally {
      clearTimeout(slow);
      this.#isSlow = false;
    }
  }

  #onAnswer(queries: Parameters<typeof buildCharts>[0], answer: RangeQueryAnswer): void {
    this.#askError = '';
    this.#answeredAtMs = Date.now();
    this.#data = buildCharts(queries, answer);
    this.#present = presentFamilies(queries, answer);
    this.#claimColours();
    this.#renderSoon();
  }

  #claimColours(): void {
    const slots = assignSlots(this.#slots, this.#entities());
    if (slots === this.#slots) return;
    this.#slots = slots;
    this.#channel.send({ type: 'setColourSlots', slots });
  }

  #setState(next: ChartsState, isQueryNeeded: boolean): void {
    // What was found in one scope says nothing about another.
    if (next.providers !== this.#state.providers) this.#present = new Set();
    this.#state = next;
    this.#channel.saveState(next);
    this.#channel.send({ type: 'setState', state: next });
    this.#renderSoon();
    if (isQueryNeeded) this.#loop.refresh();
  }

  #setHidden(hidden: readonly string[]): void {
    const wasFocused = this.#isFocused();
    this.#setState({ ...this.#state, hidden }, false);
    // One entity alone shows all of its quantiles, which were not asked before.
    if (wasFocused !== this.#isFocused()) this.#loop.refresh();
  }

  #toggleLive(): void {
    const isLive = !this.#state.isLive;
    const range = isLive && this.#state.range.kind === 'fixed' ? ({ kind: 'last', durationMs: this.#lastDurationMs } as const) : this.#state.range;
    this.#setState({ ...this.#state, range, isLive }, isLive);
  }

  #resetZoom(): void {
    if (this.#state.range.kind === 'fixed') this.#setState({ ...this.#state, range: { kind: 'last', durationMs: this.#lastDurationMs }, isLive: true }, true);
  }

  #toggleTables(): void {
    const tables = this.#state.tables.length === CHARTS.length ? [] : CHARTS.map(({ id }) => id);
    this.#setState({ ...this.#state, tables }, false);
  }

  #cardActions(id: ChartId): CardActions {
    return {
      onPoint: (atMs, yShare) => this.#point(atMs === undefined ? undefined : { atMs, source: id, yShare }),
      onZoom: (startMs, endMs) => this.#setState(zoomTo(this.#state, startMs, endMs), true),
      onZoomBy: (factor, around) => {
        const { startMs, endMs } = this.#shownRange();
        const at = Number.isNaN(around) ? (this.#crosshair?.atMs ?? (startMs + endMs) / 2) : around;
        this.#setState(zoomTo(this.#state, at - (at - startMs) * factor, Math.min(at + (endMs - at) * factor, Date.now())), true);
      },
      onResetZoom: () => this.#resetZoom(),
      onToggleTable: () => this.#setState({ ...this.#state, tables: toggleName(this.#state.tables, id) }, false),
      onCopyCsv: () => this.#channel.send({ type: 'copyText', text: csvText(this.#data, Date.now(), [id]), what: 'CSV' }),
      onCopyPromQl: () => this.#channel.send({ type: 'copyText', text: promQlText(this.#data, [id]), what: 'PromQL' }),
      onOpenTraces: () => {
        const { startMs, endMs } = this.#shownRange();
        const [provider] = this.#state.providers;
        const isOne = this.#state.providers.length === 1 && provider !== undefined;
        this.#channel.send({ type: 'openTraces', startMs: Math.floor(startMs), endMs: Math.ceil(endMs), ...(isOne ? { provider } : {}) });
      },
      onRetry: () => this.#loop.refresh(true),
      onStep: (points) => this.#step(id, points),
    };
  }

  #step(id: ChartId, points: number): void {
    const grid = this.#data.get(id)?.grid;
    if (!grid) return;
    this.#point({ atMs: stepMoment(grid, this.#crosshair?.atMs, points, this.#shownRange().endMs), source: id, yShare: undefined });
    const scene = this.#scene();
    const card = this.#cards.find((one) => one.definition.id === id)!;
    const readout = readoutAt(scene, card.definition, this.#crosshair!, (value) => card.yOf(value));
    if (readout) card.announce(`${readout.title}: ${readout.rows.map((row) => `${row.name} ${row.value}`).join(', ')}`);
  }

  #point(next: { atMs: number; source: ChartId; yShare: number | undefined } | undefined): void {
    this.#crosshair = next;
    this.#renderCrosshair();
  }

  #shownRange(): { startMs: number; endMs: number } {
    const { range, isLive } = this.#state;
    // A paused panel stands where its data ends.
    if (range.kind === 'last' && (!isLive || this.#status?.connection === 'offline') && this.#answeredAtMs !== undefined) return resolveRange(range, this.#answeredAtMs);
    return resolveRange(range, Date.now());
  }

  #entities(): string[] {
    const { providers } = this.#state;
    const names = new Set<string>();
    for (const entity of entitiesOf(this.#snapshot)) names.add(entity.name);
    for (const series of this.#data.get('rate')?.series ?? []) names.add(series.entity);
    return [...names].filter((name) => providers.length === 0 || providers.includes(name)).sort();
  }

  #isFocused(): boolean {
    if (this.#state.providers.length === 1) return true;
    return this.#entities().filter((name) => !this.#state.hidden.includes(name)).length === 1;
  }

  #scene(): Scene {
    const { startMs, endMs } = this.#shownRange();
    return {
      state: this.#state,
      theme: this.#theme,
      time: this.#time,
      data: this.#data,
      snapshot: this.#snapshot,
      slots: this.#slots,
      startMs,
      endMs,
      nowMs: this.#answeredAtMs ?? Date.now(),
      isFocused: this.#isFocused(),
      isLoading: this.#isSlow || (this.#answeredAtMs === undefined && this.#askError === ''),
      isStale: this.#isStale(),
      error: this.#askError,
      evictedBeforeMs: this.#status?.evictedBeforeMs,
      markers: this.#markers,
    };
  }

  #isStale(): boolean {
    if (this.#answeredAtMs === undefined) return false;
    return this.#status?.connection === 'offline' || this.#askError !== '' || (this.#state.isLive && Date.now() - this.#answeredAtMs > 3 * Math.max(this.#data.get('rate')?.grid.stepMs ?? 0, 5_000));
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
    const scene = this.#scene();
    const isOffline = this.#status?.connection === 'offline';
    const hasData = [...this.#data.values()].some((data) => data.series.length > 0 || data.heat);
    const isEmpty = !isOffline && this.#answeredAtMs !== undefined && !hasData && this.#state.range.kind === 'last' && hasNoTelemetry(this.#snapshot);
    const notice = isOffline ? offlineNotice(this.#status?.detail ?? '') : isEmpty ? NO_TELEMETRY : undefined;
    const run = (action: Parameters<Parameters<typeof renderNotice>[2]>[0]): void => this.#channel.send({ type: 'runAction', action });
    renderNotice(this.#strip, hasData ? notice : undefined, run);
    renderNotice(this.#blank, hasData ? undefined : notice, run);
    this.#grid.hidden = !this.#blank.hidden;
    this.#legend.root.hidden = !this.#blank.hidden || this.#entities().length === 0;
    this.#renderAge();
    if (!this.#grid.hidden) for (const card of this.#cards) card.update(cardView(scene, card.definition));
    this.#renderCrosshair();
  }

  #renderCrosshair(): void {
    const scene = this.#scene();
    const crosshair = this.#crosshair;
    let title = crosshair ? `At ${formatMoment(crosshair.atMs, scene.nowMs, this.#time)}` : 'Last value';
    for (const card of this.#cards) {
      const readout = crosshair && readoutAt(scene, card.definition, crosshair, (value) => card.yOf(value));
      card.showCrosshair(readout, crosshair?.source === card.definition.id);
      // The point that the figures belong to, not where the pointer is between two of them.
      if (readout && card.definition.kind === 'lines') title = `At ${readout.title}`;
    }
    if (this.#legend.root.hidden) return;
    this.#legend.update(legendRows(scene, this.#entities(), crosshair?.atMs), title, this.#time.locale);
  }

  #renderAge(): void {
    const { startMs, endMs } = this.#shownRange();
    const nowMs = Date.now();
    const connection = this.#status?.connection;
    const isOffline = connection === 'offline';
    const age = this.#answeredAtMs === undefined ? '' : formatAge(nowMs - this.#answeredAtMs);
    this.#header.update({
      providers: this.#state.providers,
      knownProviders: [...new Set([...entitiesOf(this.#snapshot).map(({ name }) => name), ...this.#state.providers, ...this.#entities()])].sort(),
      range: this.#state.range,
      rangeLabel: rangeLabel(this.#state.range, nowMs, this.#time),
      startMs,
      endMs,
      isLive: this.#state.isLive,
      age: connection === 'connecting' ? 'Connecting…' : isOffline && age === '' ? 'Offline' : age,
      isConnected: connection === 'connected',
      isWarning: isOffline || this.#askError !== '' || this.#isStale(),
      areTables: this.#state.tables.length === CHARTS.length,
    });
  }
}
