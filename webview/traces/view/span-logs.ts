import type { LogPage } from '../../../src/protocol/logs.ts';
import { element, icon, listen } from '../../shared/dom.ts';
import { formatNumber } from '../../shared/format-number.ts';
import { formatMoment, type TimeFormat } from '../../shared/time-axis.ts';
import { LEVELS } from '../../logs/model/level.ts';
import { logLines, logsWindow, type RelatedWindow, type TraceLogLine } from '../model/related.ts';
import type { TraceDocument } from '../model/trace-document.ts';

/** What the tab shows. */
export interface SpanLogsView {
  readonly trace: TraceDocument;
  readonly place: number;
  readonly time: TimeFormat;
  /** Undefined until it has come. */
  readonly page: LogPage | undefined;
  /** Why it did not come; '' when it did. */
  readonly problem: string;
  /** Lines of the other spans too. */
  readonly isWholeTrace: boolean;
}

/** What the tab asks for. */
export interface SpanLogsActions {
  openLogs(window: RelatedWindow): void;
  setWholeTrace(isWholeTrace: boolean): void;
  retry(): void;
}

/** Fills `root` with the log lines of a span, or of the whole trace where it has none of its own; tells how many there are of both. */
export function renderSpanLogs(root: HTMLElement, view: SpanLogsView, actions: SpanLogsActions): { readonly own: number; readonly all: number } {
  const { trace, place, page, problem, time } = view;
  const { detail } = trace;
  const window = logsWindow(detail);
  const button = (label: string, run: () => void, glyph?: string): HTMLButtonElement => {
    const node = element('button', { type: 'button', class: 'link-button' }, glyph === undefined ? undefined : icon(glyph), label);
    listen(node, 'click', run);
    return node;
  };
  if (problem !== '') {
    root.replaceChildren(element('p', { class: 'failure' }, icon('error'), element('span', {}, `The log lines could not be read: ${problem}`)), button('Retry', () => actions.retry()));
    return { own: 0, all: 0 };
  }
  if (!page) {
    root.replaceChildren(element('p', { class: 'hint' }, 'Looking for log lines …'));
    return { own: 0, all: 0 };
  }
  const spanId = trace.details[place]?.spanId;
  const all = logLines(page, detail.startUnixNano);
  const own = all.filter((line) => line.spanId === spanId);
  const isWhole = view.isWholeTrace || own.length === 0;
  const shown = isWhole ? all : own;
  const open = button(' Open in Logs', () => actions.openLogs(window), 'output');
  if (shown.length === 0) {
    root.replaceChildren(element('p', { class: 'hint' }, soughtText(detail.traceId, window, page, time)), open);
    return { own: 0, all: 0 };
  }
  const scope = isWhole ? `${own.length === 0 ? 'This span has no lines of its own. ' : ''}All ${String(all.length)} of the trace` : `${String(own.length)} of this span`;
  const other = isWhole ? (own.length > 0 ? button(`Only this span (${String(own.length)})`, () => actions.setWholeTrace(false)) : undefined) : all.length > own.length ? button(`All of the trace (${String(all.length)})`, () => actions.setWholeTrace(true)) : undefined;
  root.replaceChildren(
    element('p', { class: 'facts related-facts' }, element('span', {}, scope), other, open),
    element('ol', { class: 'span-logs', 'aria-label': 'Log lines' }, ...shown.map((line) => lineRow(line, isWhole && line.spanId === spanId, time.locale))),
    ...(page.next === undefined ? [] : [element('p', { class: 'hint' }, `Only the newest ${String(page.records.length)} lines are here; the Logs panel has the rest.`)]),
  );
  return { own: own.length, all: all.length };
}

function lineRow({ offsetNano, level, service, line }: TraceLogLine, isOwn: boolean, locale: string | undefined): HTMLElement {
  const { icon: glyph, word } = LEVELS[level];
  return element(
    'li',
    { class: `span-log is-${level}${isOwn ? ' is-own' : ''}` },
    element('span', { class: 'span-log-time' }, `${offsetNano < 0 ? '−' : '+'}${formatNumber(Math.abs(offsetNano) / 1e9, 'seconds', locale)}`),
    element('span', { class: 'span-log-level' }, icon(glyph), ` ${word}`),
    element('span', { class: 'span-log-service' }, service),
    element('span', { class: 'span-log-line' }, line),
  );
}

/** What was looked for, so that a link still says something when the data is gone. */
function soughtText(traceId: string, { startMs, endMs }: RelatedWindow, { evictedUpToMs, isComplete }: LogPage, time: TimeFormat): string {
  const moment = (atMs: number): string => formatMoment(atMs, Date.now(), time);
  const sought = `No log line carries trace id ${traceId} between ${moment(startMs)} and ${moment(endMs)}.`;
  if (!isComplete) return `${sought} The search took its time and stopped before it had seen everything.`;
  return evictedUpToMs !== undefined && evictedUpToMs >= startMs ? `${sought} There may have been some: lines up to ${moment(evictedUpToMs)} were evicted.` : sought;
}
