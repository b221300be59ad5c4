import type { Disposable } from '../../../src/base/disposable.ts';
import type { LogPage } from '../../../src/protocol/logs.ts';
import { element, listen, setAttribute, setText } from '../../shared/dom.ts';
import type { TimeFormat } from '../../shared/time-axis.ts';
import { logsWindow, type RelatedWindow } from '../model/related.ts';
import type { TraceDocument } from '../model/trace-document.ts';
import { renderDetails, type DetailsActions } from './details.ts';
import { renderSpanLogs } from './span-logs.ts';
import { renderSpanMetrics } from './span-metrics.ts';

/** What the pane asks for beside what the details do. */
export interface DetailsPaneHost extends DetailsActions {
  /** The newest lines of the trace in that window, {@link LOG_LIMIT} at most. */
  traceLogs(traceId: string, window: RelatedWindow, limit: number, signal: AbortSignal): Promise<LogPage>;
  openLogs(traceId: string, window: RelatedWindow): void;
  openCharts(entity: string, window: RelatedWindow): void;
}

const TABS = ['span', 'logs', 'metrics'] as const;
type Tab = (typeof TABS)[number];

/** More lines than these belong into the Logs panel. */
const LOG_LIMIT = 500;

/** The details of the chosen span in three tabs: the span itself, the log lines of it or its trace, and where its metrics are. */
export class DetailsPane implements Disposable {
  readonly root = element('div', { class: 'details', tabindex: 0, role: 'region', 'aria-label': 'Details of the span' });
  readonly #host: DetailsPaneHost;
  readonly #loading = new AbortController();
  readonly #panels: Readonly<Record<Tab, HTMLElement>>;
  readonly #buttons: Readonly<Record<Tab, HTMLButtonElement>>;
  #tab: Tab = 'span';
  #shown: { readonly trace: TraceDocument; readonly place: number; readonly time: TimeFormat } | undefined;
  #page: LogPage | undefined;
  #problem = '';
  #isWholeTrace = false;

  constructor(host: DetailsPaneHost) {
    this.#host = host;
    const panel = (tab: Tab): HTMLElement => element('div', { class: 'details-panel', role: 'tabpanel', id: `details-${tab}`, 'aria-labelledby': `details-tab-${tab}` });
    const button = (tab: Tab, label: string): HTMLButtonElement => {
      const node = element('button', { type: 'button', class: 'details-tab', role: 'tab', id: `details-tab-${tab}`, 'aria-controls': `details-${tab}` }, label);
      listen(node, 'click', () => this.#show(tab));
      return node;
    };
    this.#panels = { span: panel('span'), logs: panel('logs'), metrics: panel('metrics') };
    this.#buttons = { span: button('span', 'Span'), logs: button('logs', 'Logs'), metrics: button('metrics', 'Metrics') };
    const tabs = element('div', { class: 'details-tabs', role: 'tablist', 'aria-label': 'Details' }, ...TABS.map((tab) => this.#buttons[tab]));
    listen(tabs, 'keydown', (event) => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? TABS.length - 1 : 0;
      if (step === 0) return;
      event.preventDefault();
      event.stopPropagation();
      this.#show(TABS[(TABS.indexOf(this.#tab) + step) % TABS.length]!);
      this.#buttons[this.#tab].focus();
    });
    this.root.append(tabs, ...TABS.map((tab) => this.#panels[tab]));
    this.#show('span');
  }

  /** Shows another span; the lines of its trace are asked for once. */
  update(trace: TraceDocument, place: number, time: TimeFormat): void {
    const isFirst = this.#shown === undefined;
    this.#shown = { trace, place, time };
    renderDetails(this.#panels.span, trace, place, time.locale, this.#host);
    this.root.scrollTop = 0;
    if (isFirst) void this.#load();
    this.#renderRelated();
  }

  dispose(): void {
    this.#loading.abort();
  }

  async #load(): Promise<void> {
    const detail = this.#shown?.trace.detail;
    if (!detail) return;
    this.#problem = '';
    try {
      this.#page = await this.#host.traceLogs(detail.traceId, logsWindow(detail), LOG_LIMIT, this.#loading.signal);
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    if (!this.#loading.signal.aborted) this.#renderRelated();
  }

  #show(tab: Tab): void {
    this.#tab = tab;
    for (const one of TABS) {
      this.#panels[one].hidden = one !== tab;
      setAttribute(this.#buttons[one], 'aria-selected', String(one === tab));
      setAttribute(this.#buttons[one], 'tabindex', one === tab ? '0' : '-1');
    }
    this.root.scrollTop = 0;
  }

  #renderRelated(): void {
    if (!this.#shown) return;
    const { trace, place, time } = this.#shown;
    const { traceId } = trace.detail;
    const { own, all } = renderSpanLogs(this.#panels.logs, { trace, place, time, page: this.#page, problem: this.#problem, isWholeTrace: this.#isWholeTrace }, {
      openLogs: (window) => this.#host.openLogs(traceId, window),
      setWholeTrace: (isWholeTrace) => {
        this.#isWholeTrace = isWholeTrace;
        this.#renderRelated();
      },
      retry: () => void this.#load(),
    });
    const more = this.#page?.next === undefined ? '' : '+';
    setText(this.#buttons.logs, this.#page ? `Logs (${String(this.#isWholeTrace || own === 0 ? all : own)}${more})` : 'Logs');
    renderSpanMetrics(this.#panels.metrics, trace, place, time, (entity, window) => this.#host.openCharts(entity, window));
  }
}
