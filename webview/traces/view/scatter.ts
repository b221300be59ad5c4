import type { TraceSummary } from '../../../src/protocol/traces.ts';
import { cssColour } from '../../shared/colour.ts';
import { element, listen, setText } from '../../shared/dom.ts';
import { formatNumber, formatTicks } from '../../shared/format-number.ts';
import type { Theme } from '../../shared/theme.ts';
import { timeTicks, type TimeFormat } from '../../shared/time-axis.ts';
import { startMs } from '../model/trace-list.ts';

const PAD = { left: 56, right: 10, top: 8, bottom: 20 };

interface Point {
  readonly x: number;
  readonly y: number;
  readonly trace: TraceSummary;
}

/** Traces by time and duration (logarithmic); failed ones are crosses. The list beside it is its twin for keys and screen readers. */
export class Scatter {
  readonly root = element('div', { class: 'scatter' });
  readonly #canvas = element('canvas', { class: 'scatter-canvas', role: 'img' });
  readonly #tip = element('div', { class: 'hover-card', hidden: true });
  #points: readonly Point[] = [];
  #hover: Point | undefined;
  #repaint: () => void = () => undefined;

  constructor(open: (traceId: string) => void) {
    this.root.append(this.#canvas, this.#tip);
    listen(this.#canvas, 'pointermove', (event) => this.#point(event));
    listen(this.#canvas, 'pointerleave', () => this.#point(undefined));
    listen(this.#canvas, 'click', () => this.#hover && open(this.#hover.trace.traceId));
    new ResizeObserver(() => this.#repaint()).observe(this.root);
  }

  paint(traces: readonly TraceSummary[], theme: Theme, time: TimeFormat, colourOf: (service: string) => number): void {
    this.#repaint = () => this.paint(traces, theme, time, colourOf);
    const { clientWidth: width, clientHeight: height } = this.root;
    this.#canvas.setAttribute('aria-label', `${String(traces.length)} traces by time and duration; the list below has the same`);
    if (width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    const context = this.#canvas.getContext('2d')!;
    context.scale(ratio, ratio);
    if (traces.length === 0) {
      this.#points = [];
      return;
    }
    const [plotWidth, plotHeight] = [width - PAD.left - PAD.right, height - PAD.top - PAD.bottom];
    const starts = traces.map(startMs);
    let [from, to, shortest, longest] = [Infinity, -Infinity, Infinity, 1];
    traces.forEach(({ durationNano }, i) => {
      from = Math.min(from, starts[i]!);
      to = Math.max(to, starts[i]!);
      shortest = Math.min(shortest, Math.max(1_000, durationNano));
      longest = Math.max(longest, durationNano);
    });
    if (to - from < 1_000) [from, to] = [from - 500, to + 500];
    const [low, high] = [Math.floor(Math.log10(shortest)), Math.max(Math.floor(Math.log10(shortest)) + 1, Math.ceil(Math.log10(longest)))];
    const xOf = (ms: number): number => PAD.left + ((ms - from) / (to - from)) * plotWidth;
    const yOf = (nano: number): number => PAD.top + plotHeight - ((Math.log10(Math.max(1_000, nano)) - low) / (high - low)) * plotHeight;
    context.font = `${String(theme.fontSizePx)}px ${theme.fontFamily}`;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    const step = Math.max(1, Math.ceil((high - low) / Math.max(1, Math.floor(plotHeight / 22))));
    for (let power = low; power <= high; power += step) {
      const y = Math.round(yOf(10 ** power));
      context.fillStyle = cssColour(theme.grid);
      context.fillRect(PAD.left, y, plotWidth, 1);
      context.fillStyle = cssColour(theme.muted);
      context.fillText(formatTicks([10 ** power / 1e9], 'seconds', time.locale)[0]!, PAD.left - 6, y);
    }
    context.textAlign = 'center';
    for (const { atMs, label } of timeTicks(from, to, Math.max(1, Math.floor(plotWidth / 90)), time)) context.fillText(label, xOf(atMs), height - PAD.bottom / 2);
    this.#points = traces.map((trace, i) => ({ x: xOf(starts[i]!), y: yOf(trace.durationNano), trace }));
    // The failed ones on top, and the one under the pointer on top of all.
    for (const point of this.#points) if (point.trace.errorCount === 0) dot(context, point, cssColour(theme.series[colourOf(point.trace.rootService) % theme.series.length]!, 0.75));
    for (const point of this.#points) if (point.trace.errorCount > 0) cross(context, point, cssColour(theme.error));
    const hover = this.#points.find(({ trace }) => trace.traceId === this.#hover?.trace.traceId);
    if (hover) {
      context.strokeStyle = cssColour(theme.foreground);
      context.beginPath();
      context.arc(hover.x, hover.y, 8, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  #point(event: PointerEvent | undefined): void {
    let best: Point | undefined;
    let bestDistance = 144;
    if (event) {
      for (const point of this.#points) {
        const distance = (point.x - event.offsetX) ** 2 + (point.y - event.offsetY) ** 2;
        if (distance < bestDistance) [best, bestDistance] = [point, distance];
      }
    }
    this.#canvas.classList.toggle('is-over', best !== undefined);
    if (best?.trace !== this.#hover?.trace) {
      this.#hover = best;
      this.#repaint();
    }
    this.#tip.hidden = best === undefined;
    if (!best || !event) return;
    const { trace } = best;
    setText(this.#tip, `${trace.rootService}  ${trace.rootName}\n${formatNumber(trace.durationNano / 1e9, 'seconds')} · ${String(trace.spanCount)} spans${trace.errorCount > 0 ? ` · ${String(trace.errorCount)} errors` : ''}`);
    this.#tip.style.left = `${String(Math.max(4, Math.min(event.clientX + 14, window.innerWidth - this.#tip.offsetWidth - 4)))}px`;
    this.#tip.style.top = `${String(event.clientY + 16)}px`;
  }
}

/** Larger for more spans, from 2.5 to 7 pixels. */
const radius = (trace: TraceSummary): number => Math.min(7, 2.5 + Math.log2(1 + trace.spanCount) / 2.5);

function dot(context: CanvasRenderingContext2D, { x, y, trace }: Point, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius(trace), 0, 2 * Math.PI);
  context.fill();
}

function cross(context: CanvasRenderingContext2D, { x, y, trace }: Point, colour: string): void {
  const size = radius(trace);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x + size, y - size);
  context.lineTo(x - size, y + size);
  context.stroke();
  context.lineWidth = 1;
}
