import type { Disposable } from '../../src/base/disposable.ts';
import type { LogLevelName } from '../../src/protocol/logs.ts';
import { cssColour, mixColours, withContrast, type Rgba } from '../shared/colour.ts';
import { element, listen, setText } from '../shared/dom.ts';
import type { Theme } from '../shared/theme.ts';
import { formatMoment, timeTicks, type TimeFormat } from '../shared/time-axis.ts';
import { axisTop, bucketAt, bucketTotal, type LogHistogram } from './model/histogram.ts';
import { LEVELS } from './model/level.ts';

/** What the histogram shows. */
export interface HistogramView {
  readonly data: LogHistogram | undefined;
  readonly theme: Theme;
  readonly time: TimeFormat;
  readonly nowMs: number;
  readonly isTable: boolean;
  readonly isStale: boolean;
}

/** What the histogram asks for. */
export interface HistogramActions {
  zoom(startMs: number, endMs: number): void;
  resetZoom(): void;
}

const AXIS_PX = 16;
const LEFT_PX = 34;
/** The table lists the newest buckets; more nobody reads. */
const MAX_TABLE_ROWS = 400;

/** Lines over time, stacked by level: drag or Enter zooms, double click or Escape resets; a table says the same. */
export class HistogramChart implements Disposable {
  readonly root: HTMLElement;
  readonly #canvas = element('canvas', { 'aria-hidden': 'true' });
  readonly #selection = element('div', { class: 'selection', hidden: true });
  readonly #readout = element('div', { class: 'readout', hidden: true });
  readonly #announcement = element('span', { class: 'visually-hidden', role: 'status' });
  readonly #plot = element('div', { class: 'histogram-plot', role: 'img', tabindex: 0, 'aria-label': 'Lines over time by level. Arrow keys read buckets, Enter zooms in, Escape resets.' });
  readonly #table = element('table', { class: 'histogram-table' });
  readonly #tableBox = element('div', { class: 'histogram-table-box', tabindex: 0, hidden: true }, this.#table);
  readonly #actions: HistogramActions;
  readonly #observer: ResizeObserver;
  readonly #stops: (() => void)[] = [];
  #view: HistogramView | undefined;
  #cursor = -1;
  #dragFrom: number | undefined;

  constructor(actions: HistogramActions) {
    this.#actions = actions;
    this.#plot.append(this.#canvas, this.#selection, this.#readout);
    this.root = element('section', { class: 'histogram', 'aria-label': 'Histogram' }, this.#plot, this.#tableBox, this.#announcement);
    this.#observer = new ResizeObserver(() => this.#draw());
    this.#observer.observe(this.#plot);
    this.#stops.push(
      listen(this.#plot, 'pointermove', (event) => this.#onMove(event.clientX)),
      listen(this.#plot, 'pointerleave', () => this.#point(-1)),
      listen(this.#plot, 'pointerdown', (event) => {
        this.#dragFrom = event.clientX;
        this.#plot.setPointerCapture(event.pointerId);
      }),
      listen(this.#plot, 'pointerup', (event) => this.#onDrop(event.clientX)),
      listen(this.#plot, 'pointercancel', () => this.#endDrag()),
      listen(this.#plot, 'dblclick', () => this.#actions.resetZoom()),
      listen(this.#plot, 'blur', () => this.#point(-1)),
      listen(this.#plot, 'keydown', (event) => this.#onKey(event)),
    );
  }

  /** How many buckets have room at a width that can be seen. */
  get wantedBuckets(): number {
    return Math.max(20, Math.min(300, Math.floor((this.#plot.clientWidth - LEFT_PX) / 7)));
  }

  update(view: HistogramView): void {
    this.#view = view;
    this.root.classList.toggle('is-stale', view.isStale);
    this.#plot.hidden = view.isTable;
    this.#tableBox.hidden = !view.isTable;
    if (view.isTable) this.#fillTable(view);
    else this.#draw();
  }

  dispose(): void {
    this.#observer.disconnect();
    for (const stop of this.#stops) stop();
  }

  #plotWidth(): number {
    return this.#plot.clientWidth - LEFT_PX;
  }

  #bucketAt(clientX: number): number {
    const plan = this.#view?.data?.plan;
    return plan ? bucketAt(plan, clientX - this.#plot.getBoundingClientRect().left - LEFT_PX, this.#plotWidth()) : -1;
  }

  #onMove(clientX: number): void {
    this.#point(this.#bucketAt(clientX));
    if (this.#dragFrom === undefined) return;
    const box = this.#plot.getBoundingClientRect();
    const [from, to] = [Math.min(this.#dragFrom, clientX), Math.max(this.#dragFrom, clientX)].map((x) => Math.max(LEFT_PX, Math.min(box.width, x - box.left)));
    this.#selection.hidden = false;
    this.#selection.style.transform = `translateX(${String(from)}px)`;
    this.#selection.style.width = `${String(to! - from!)}px`;
    this.#selection.style.height = `${String(box.height - AXIS_PX)}px`;
  }

  #onDrop(clientX: number): void {
    const from = this.#dragFrom;
    this.#endDrag();
    const plan = this.#view?.data?.plan;
    if (from === undefined || !plan || Math.abs(clientX - from) < 4) return;
    const [first, last] = [this.#bucketAt(Math.min(from, clientX)), this.#bucketAt(Math.max(from, clientX))];
    this.#actions.zoom(plan.startMs + first * plan.bucketMs, plan.startMs + (last + 1) * plan.bucketMs);
  }

  #endDrag(): void {
    this.#dragFrom = undefined;
    this.#selection.hidden = true;
  }

  #onKey(event: KeyboardEvent): void {
    const plan = this.#view?.data?.plan;
    if (!plan || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = plan.bucketCount - 1;
    const moves: Readonly<Record<string, number>> = { ArrowLeft: this.#cursor < 0 ? last : this.#cursor - 1, ArrowRight: this.#cursor < 0 ? 0 : this.#cursor + 1, Home: 0, End: last };
    const to = moves[event.key];
    if (to !== undefined) {
      this.#point(Math.max(0, Math.min(last, to)));
      setText(this.#announcement, this.#readout.textContent);
    } else if (event.key === 'Enter' && this.#cursor >= 0) this.#actions.zoom(plan.startMs + this.#cursor * plan.bucketMs, plan.startMs + (this.#cursor + 1) * plan.bucketMs);
    else if (event.key === 'Escape') this.#actions.resetZoom();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #point(bucket: number): void {
    if (bucket === this.#cursor) return;
    this.#cursor = bucket;
    const view = this.#view;
    const data = view?.data;
    this.#readout.hidden = bucket < 0 || !data;
    if (view && data && bucket >= 0) {
      const { plan, levels } = data;
      const rows = levels.filter(({ counts }) => (counts[bucket] ?? 0) > 0).map(({ level, counts }) => `${LEVELS[level].word} ${counts[bucket]!.toLocaleString(view.time.locale)}`);
      setText(this.#readout, `${this.#moment(plan.startMs + bucket * plan.bucketMs)} · ${rows.length === 0 ? 'no lines' : rows.join(', ')}`);
      const x = LEFT_PX + ((bucket + 0.5) / plan.bucketCount) * this.#plotWidth();
      const isRight = x > this.#plot.clientWidth / 2;
      const left = isRight ? x - this.#readout.offsetWidth - 8 : x + 8;
      this.#readout.style.transform = `translateX(${String(Math.max(0, Math.min(this.#plot.clientWidth - this.#readout.offsetWidth, left)))}px)`;
    }
    this.#draw();
  }

  #moment(atMs: number): string {
    const view = this.#view;
    return view ? formatMoment(atMs, view.nowMs, view.time) : '';
  }

  #draw(): void {
    const view = this.#view;
    const [width, height] = [this.#plot.clientWidth, this.#plot.clientHeight];
    const context = this.#canvas.getContext('2d');
    if (!view || !context || width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio;
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== pixelWidth || this.#canvas.height !== pixelHeight) {
      this.#canvas.width = pixelWidth;
      this.#canvas.height = pixelHeight;
      this.#canvas.style.width = `${String(width)}px`;
      this.#canvas.style.height = `${String(height)}px`;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const { theme, data, time } = view;
    const bottom = height - AXIS_PX;
    context.fillStyle = cssColour(theme.axis);
    context.fillRect(LEFT_PX, bottom, width - LEFT_PX, 1);
    if (!data) return;
    const { plan, levels, peak } = data;
    const top = axisTop(peak);
    context.font = `${String(theme.fontSizePx)}px ${theme.fontFamily}`;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    for (const value of peak === 0 ? [0] : [0, top]) {
      const y = bottom - (value / top) * (bottom - 7);
      if (value > 0) {
        context.fillStyle = cssColour(theme.grid);
        context.fillRect(LEFT_PX, Math.round(y), width - LEFT_PX, 1);
      }
      context.fillStyle = cssColour(theme.muted);
      context.fillText(compact(value), LEFT_PX - 5, Math.max(6, y));
    }
    const step = (width - LEFT_PX) / plan.bucketCount;
    const gap = step > 4 ? 1 : 0;
    if (this.#cursor >= 0) {
      context.fillStyle = cssColour(theme.foreground, 0.15);
      context.fillRect(LEFT_PX + this.#cursor * step, 0, step, bottom);
    }
    for (let at = 0; at < plan.bucketCount; at++) {
      let y = bottom;
      for (const { level, counts } of levels) {
        const count = counts[at] ?? 0;
        if (count === 0) continue;
        // A single line is seen however high the others are.
        const bar = Math.max(1.5, (count / top) * (bottom - 7));
        y -= bar;
        context.fillStyle = cssColour(levelColour(level, theme));
        context.fillRect(LEFT_PX + at * step, y, Math.max(1, step - gap), bar);
      }
    }
    context.textAlign = 'center';
    context.fillStyle = cssColour(theme.muted);
    const endMs = plan.startMs + plan.bucketCount * plan.bucketMs;
    for (const { atMs, label } of timeTicks(plan.startMs, endMs, Math.max(2, Math.floor(width / 90)), time)) {
      context.fillText(label, LEFT_PX + ((atMs - plan.startMs) / (endMs - plan.startMs)) * (width - LEFT_PX), bottom + 9);
    }
  }

  #fillTable({ data, time }: HistogramView): void {
    const levels = data?.levels ?? [];
    const head = element('tr', {}, element('th', { scope: 'col' }, 'From'), ...levels.map(({ level }) => element('th', { scope: 'col' }, LEVELS[level].word)));
    const rows: HTMLElement[] = [];
    for (let at = (data?.plan.bucketCount ?? 0) - 1; data && at >= 0 && rows.length < MAX_TABLE_ROWS; at--) {
      if (bucketTotal(levels, at) === 0) continue;
      rows.push(element('tr', {}, element('th', { scope: 'row' }, this.#moment(data.plan.startMs + at * data.plan.bucketMs)), ...levels.map(({ counts }) => element('td', {}, (counts[at] ?? 0).toLocaleString(time.locale)))));
    }
    this.#table.replaceChildren(element('caption', { class: 'visually-hidden' }, 'Lines over time by level, newest first; empty buckets are left out'), element('thead', {}, head), element('tbody', {}, ...rows));
  }
}

/** The colour of a level on the canvas; the same hues as the icons in the rows. */
function levelColour(level: LogLevelName, theme: Theme): Rgba {
  switch (level) {
    case 'fatal':
      return theme.series[2]!;
    case 'error':
      return theme.error;
    case 'warn':
      return theme.warning;
    case 'info':
      return theme.series[0]!;
    case 'debug':
      return withContrast(mixColours(theme.muted, theme.background, 0.4), theme.background, 3);
    case 'trace':
    case 'unknown':
      return mixColours(theme.muted, theme.background, 0.65);
  }
}

const compact = (value: number): string => (value >= 1e6 ? `${String(value / 1e6)}M` : value >= 1e3 ? `${String(value / 1e3)}k` : String(value));
