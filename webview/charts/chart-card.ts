import { element, icon, iconButton, listen, setAttribute, setText } from '../shared/dom.ts';
import { asMenuButton, openMenu } from '../shared/menu.ts';
import type { Rgba } from '../shared/colour.ts';
import type { ChartDefinition } from './chart-definitions.ts';
import { renderDataTable } from './data-table.ts';
import { AXES_WIDTH_PX, createPlot, type Plot, type PlotInput } from './line-view.ts';
import { createOverlay, type OverlayActions, type Readout } from './overlay.ts';
import { swatch, type SwatchKind } from './swatch.ts';

/** One entry of the key beside a chart's title. */
export interface KeyEntry {
  readonly name: string;
  /** The name in full, where `name` is short. */
  readonly detail?: string;
  readonly colour: Rgba | undefined;
  readonly kind: SwatchKind;
}

/** What a card shows. */
export interface CardView {
  readonly plot: PlotInput;
  readonly title: string;
  readonly key: readonly KeyEntry[];
  readonly isTable: boolean;
  readonly isLoading: boolean;
  readonly isStale: boolean;
  /** Stands where the data would be; '' when there is data. */
  readonly message: string;
  readonly isError: boolean;
  /** Warnings of the queries, '' for none. */
  readonly warning: string;
  /** The chart in words, for screen readers. */
  readonly summary: string;
}

/** What can be done on a card. */
export interface CardActions extends OverlayActions {
  onToggleTable(): void;
  onCopyCsv(): void;
  onCopyPromQl(): void;
  onOpenTraces(): void;
  onRetry(): void;
  /** Moves the crosshair by points; the ends with ±Infinity. */
  onStep(points: number): void;
}

/** One chart with its title, its buttons and its table twin. */
export interface ChartCard {
  readonly root: HTMLElement;
  readonly definition: ChartDefinition;
  update(view: CardView): void;
  showCrosshair(readout: Readout | undefined, isSource: boolean): void;
  /** The y pixel of a value. */
  yOf(value: number): number;
  /** The width of the drawn area; known before anything is drawn. */
  plotWidth(): number;
  announce(text: string): void;
  dispose(): void;
}

/** Builds a card. It keeps its size whatever it shows. */
export function createChartCard(definition: ChartDefinition, actions: CardActions): ChartCard {
  const titleId = `title-${definition.id}`;
  const title = element('h2', { id: titleId, class: 'card-title' }, definition.title);
  const key = element('ul', { class: 'card-key', 'aria-label': `Key of ${definition.title}` });
  const warning = element('span', { class: 'card-warning', hidden: true }, icon('warning'));
  const tableButton = iconButton('table', 'Show as Table', { key: 'T' });
  const moreButton = iconButton('ellipsis', 'More Actions');
  asMenuButton(moreButton);
  const header = element('header', { class: 'card-header' }, title, warning, key, element('div', { class: 'card-actions', role: 'toolbar', 'aria-label': definition.title }, tableButton, moreButton));

  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const plotElement = element('div', { class: 'plot', role: 'img', tabindex: 0, 'aria-describedby': `hint-${definition.id}`, 'aria-keyshortcuts': 'T C P + - 0 ArrowLeft ArrowRight' }, canvas);
  const table = element('table', { class: 'data-table', 'aria-labelledby': titleId });
  const tableBox = element('div', { class: 'table-box', tabindex: 0, role: 'region', 'aria-labelledby': titleId, hidden: true }, table);
  const messageText = element('span', {});
  const retry = element('button', { type: 'button', class: 'link-button', hidden: true }, 'Retry');
  const messageIcon = icon('error');
  const message = element('div', { class: 'card-message', hidden: true }, messageIcon, messageText, retry);
  const skeleton = element('div', { class: 'skeleton', 'aria-hidden': 'true', hidden: true });
  const live = element('div', { class: 'visually-hidden', 'aria-live': 'polite' });
  const hint = element('div', { class: 'visually-hidden', id: `hint-${definition.id}` }, 'Arrow keys read values, T shows a table, plus and minus zoom.');
  const body = element('div', { class: 'card-body' }, plotElement, tableBox, skeleton, message, live, hint);
  const root = element('section', { class: 'card', 'aria-labelledby': titleId, 'data-chart': definition.id }, header, body);

  // Made with the first data: six charts at once would hold up the first paint.
  let plot: Plot | undefined;
  const overlay = createOverlay(plotElement, () => plot?.area(), actions);

  const more = (): void =>
    openMenu(moreButton, `Actions of ${definition.title}`, [
      { label: 'Copy as CSV', detail: 'C', run: () => actions.onCopyCsv() },
      { label: 'Copy PromQL', detail: 'P', run: () => actions.onCopyPromQl() },
      'separator',
      { label: 'Open Traces Here', run: () => actions.onOpenTraces() },
    ]);

  const keys: Readonly<Record<string, () => void>> = {
    t: () => actions.onToggleTable(),
    c: () => actions.onCopyCsv(),
    p: () => actions.onCopyPromQl(),
    '0': () => actions.onResetZoom(),
    '+': () => actions.onZoomBy(0.5, NaN),
    '=': () => actions.onZoomBy(0.5, NaN),
    '-': () => actions.onZoomBy(2, NaN),
    ArrowLeft: () => actions.onStep(-1),
    ArrowRight: () => actions.onStep(1),
    PageUp: () => actions.onStep(-10),
    PageDown: () => actions.onStep(10),
    Home: () => actions.onStep(-Infinity),
    End: () => actions.onStep(Infinity),
    Escape: () => actions.onPoint(undefined, undefined),
  };
  const onlyForPlot = new Set(['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', 'Escape']);

  const stops = [
    listen(tableButton, 'click', () => actions.onToggleTable()),
    listen(moreButton, 'click', more),
    listen(retry, 'click', () => actions.onRetry()),
    listen(plotElement, 'blur', () => actions.onPoint(undefined, undefined)),
    listen(root, 'keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (onlyForPlot.has(event.key) && event.target !== plotElement) return;
      const run = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!run) return;
      event.preventDefault();
      run();
    }),
  ];

  let last: CardView | undefined;
  function update(view: CardView): void {
    const wasTable = last?.isTable ?? false;
    const hadFocus = body.contains(document.activeElement);
    last = view;
    setText(title, view.title);
    renderKey(key, view.key);
    warning.hidden = view.warning === '';
    setAttribute(warning, 'title', view.warning);
    tableButton.setAttribute('aria-pressed', String(view.isTable));
    root.classList.toggle('is-stale', view.isStale);
    setAttribute(root, 'aria-busy', view.isLoading ? 'true' : undefined);
    const isBlank = view.message !== '';
    skeleton.hidden = !view.isLoading || isBlank;
    message.hidden = !isBlank;
    messageIcon.hidden = !view.isError;
    retry.hidden = !view.isError;
    setText(messageText, view.message);
    message.classList.toggle('is-error', view.isError);
    plotElement.hidden = view.isTable;
    tableBox.hidden = !view.isTable;
    setAttribute(plotElement, 'aria-label', view.summary);
    overlay.setRange(view.plot.startMs, view.plot.endMs);
    if (view.isTable) {
      if (view.plot.data) renderDataTable(table, definition, view.plot.data, view.plot.nowMs, view.plot.time);
    } else {
      if (wasTable) plot?.resize();
      if (view.plot.data) plot ??= createPlot(canvas, definition);
      plot?.update(view.plot);
    }
    if (wasTable !== view.isTable && hadFocus) (view.isTable ? tableBox : plotElement).focus();
  }

  return {
    root,
    definition,
    update,
    showCrosshair: (readout, isSource) => overlay.show(last?.isTable === true || last?.message !== '' ? undefined : readout, isSource),
    yOf: (value) => plot?.yOf(value) ?? NaN,
    plotWidth: () => body.clientWidth - AXES_WIDTH_PX,
    announce: (text) => setText(live, text),
    dispose() {
      for (const stop of stops) stop();
      overlay.dispose();
      plot?.dispose();
      root.remove();
    },
  };
}

function renderKey(list: HTMLElement, entries: readonly KeyEntry[]): void {
  list.hidden = entries.length === 0;
  list.replaceChildren(...entries.map((entry) => element('li', { title: entry.detail ?? entry.name }, swatch(entry.colour, entry.kind), element('span', {}, entry.name))));
}
