import { element, icon, listen } from '../../shared/dom.ts';
import { formatMoment, type TimeFormat } from '../../shared/time-axis.ts';
import { chartEntities, chartsWindow, type RelatedWindow } from '../model/related.ts';
import type { TraceDocument } from '../model/trace-document.ts';

/** Fills `root` with ways to the charts of the span's provider and service, at the span's time. */
export function renderSpanMetrics(root: HTMLElement, trace: TraceDocument, place: number, time: TimeFormat, open: (entity: string, window: RelatedWindow) => void): void {
  const span = trace.tree.spans[place];
  const detail = trace.details[place];
  if (!span || !detail) {
    root.replaceChildren();
    return;
  }
  const window = chartsWindow(trace.detail.startUnixNano, detail);
  const moment = (atMs: number): string => formatMoment(atMs, Date.now(), time);
  const links = chartEntities(span.service, detail.attributes).map(({ kind, name }) => {
    const link = element('button', { type: 'button', class: 'link-button' }, icon('graph-line'), ` Charts of the ${kind} ${name}`);
    listen(link, 'click', () => open(name, window));
    return element('li', {}, link);
  });
  root.replaceChildren(element('p', { class: 'hint' }, `Rates, latency and errors around this span, ${moment(window.startMs)} to ${moment(window.endMs)}.`), element('ul', { class: 'related-links' }, ...links));
}
