import { cssColour } from '../../shared/colour.ts';
import { element, listen } from '../../shared/dom.ts';
import type { Theme } from '../../shared/theme.ts';
import { isZoomed, panRange, pxToTime, rangeBetween, timeToPx, type TimeRange } from '../model/time-scale.ts';
import type { TraceDocument } from '../model/trace-document.ts';

/** What the minimap shows. */
export interface MinimapScene {
  readonly document: TraceDocument;
  readonly range: TimeRange;
  readonly theme: Theme;
  readonly colourOf: (service: string) => number;
}

/** More bars than this in one row of pixels cannot be told apart. */
const BARS_A_PIXEL = 4;

/** The whole trace, small: drag selects a stretch, dragging inside the stretch moves it, a double click shows all. */
export class Minimap {
  readonly root = element('canvas', { class: 'minimap', 'aria-hidden': 'true' });
  readonly #onRange: (range: TimeRange) => void;
  #scene: MinimapScene | undefined;
  #picture: { readonly key: readonly unknown[]; readonly bitmap: HTMLCanvasElement } | undefined;
  #drag: { readonly startPx: number; readonly range: TimeRange | undefined } | undefined;
  #dragPx = 0;

  constructor(onRange: (range: TimeRange) => void) {
    this.#onRange = onRange;
    listen(this.root, 'pointerdown', (event) => this.#down(event));
    listen(this.root, 'pointermove', (event) => this.#move(event));
    listen(this.root, 'pointerup', (event) => this.#up(event));
    listen(this.root, 'dblclick', () => this.#scene && this.#onRange(this.#scene.document.whole));
  }

  /** Paints; the bars only when trace, size or theme changed. */
  paint(scene: MinimapScene): void {
    this.#scene = scene;
    const { clientWidth: width, clientHeight: height } = this.root;
    if (width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio;
    const key = [scene.document, scene.theme, width, height, ratio];
    if (!this.#picture || key.some((part, i) => part !== this.#picture?.key[i])) {
      this.#picture = { key, bitmap: paintBars(scene, width, height, ratio) };
      this.root.width = Math.round(width * ratio);
      this.root.height = Math.round(height * ratio);
    }
    const context = this.root.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.root.width, this.root.height);
    context.drawImage(this.#picture.bitmap, 0, 0);
    context.scale(ratio, ratio);
    const { whole } = scene.document;
    if (this.#drag && !this.#drag.range) this.#shade(context, this.#drag.startPx, this.#dragPx, width, height);
    else if (isZoomed(scene.range, whole)) this.#shade(context, timeToPx(whole, width, scene.range.fromNs), timeToPx(whole, width, scene.range.toNs), width, height);
  }

  #shade(context: CanvasRenderingContext2D, a: number, b: number, width: number, height: number): void {
    const { theme } = this.#scene!;
    const [left, right] = [Math.min(a, b), Math.max(a, b)];
    context.fillStyle = cssColour(theme.background, 0.7);
    context.fillRect(0, 0, left, height);
    context.fillRect(right, 0, width - right, height);
    context.strokeStyle = cssColour(theme.selection);
    context.strokeRect(left + 0.5, 0.5, Math.max(2, right - left) - 1, height - 1);
  }

  #down(event: PointerEvent): void {
    if (!this.#scene || event.button !== 0) return;
    const { range, document } = this.#scene;
    const at = pxToTime(document.whole, this.root.clientWidth, event.offsetX);
    const isInside = isZoomed(range, document.whole) && at > range.fromNs && at < range.toNs;
    this.#drag = { startPx: event.offsetX, range: isInside ? range : undefined };
    this.#dragPx = event.offsetX;
    this.root.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    if (!this.#drag || !this.#scene) return;
    this.#dragPx = event.offsetX;
    const { whole } = this.#scene.document;
    if (this.#drag.range) this.#onRange(panRange(this.#drag.range, whole, pxToTime(whole, this.root.clientWidth, event.offsetX - this.#drag.startPx) - whole.fromNs));
    else this.paint(this.#scene);
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (!drag || !this.#scene || drag.range) return;
    const { whole } = this.#scene.document;
    const width = this.root.clientWidth;
    if (Math.abs(event.offsetX - drag.startPx) > 3) this.#onRange(rangeBetween(pxToTime(whole, width, drag.startPx), pxToTime(whole, width, event.offsetX), whole));
    else this.paint(this.#scene);
  }
}

function paintBars({ document: trace, theme, colourOf }: MinimapScene, width: number, height: number, ratio: number): HTMLCanvasElement {
  const bitmap = element('canvas', { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  const context = bitmap.getContext('2d')!;
  context.scale(ratio, ratio);
  const { tree, whole } = trace;
  const count = tree.spans.length;
  const rowPx = Math.min(4, height / Math.max(1, count));
  const stride = Math.max(1, Math.floor(count / (height * ratio * BARS_A_PIXEL)));
  const colours = theme.series.map((colour) => cssColour(colour));
  const places = new Map(trace.services.map((service) => [service, colourOf(service)]));
  const bar = (i: number, colour: string, least: number): void => {
    context.fillStyle = colour;
    const left = timeToPx(whole, width, tree.startNs[i]!);
    context.fillRect(left, i * rowPx, Math.max(least, (tree.durationNs[i]! / (whole.toNs - whole.fromNs)) * width), Math.max(1, rowPx * 0.8));
  };
  for (let i = 0; i < count; i += stride) bar(i, colours[(places.get(tree.spans[i]!.service) ?? 0) % colours.length]!, 1);
  const errorStride = Math.max(1, Math.floor(tree.errors.length / 1_000));
  for (let k = 0; k < tree.errors.length; k += errorStride) bar(tree.errors[k]!, cssColour(theme.error), 3);
  return bitmap;
}
