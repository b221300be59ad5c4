import { cssColour, type Rgba } from '../shared/colour.ts';
import { element, listen, setText } from '../shared/dom.ts';
import type { PlotArea } from './line-view.ts';
import { swatch } from './swatch.ts';

/** One line of a read-out. */
export interface ReadoutRow {
  readonly name: string;
  readonly value: string;
  readonly colour: Rgba | undefined;
  readonly dash: boolean;
  /** Where the dot stands on the value axis; undefined draws none. */
  readonly y: number | undefined;
}

/** What the crosshair shows at a moment. */
export interface Readout {
  readonly atMs: number;
  readonly title: string;
  readonly rows: readonly ReadoutRow[];
}

/** What the pointer or the keys want. Times are ms since the epoch. */
export interface OverlayActions {
  /** `yShare` is 0 at the bottom and 1 at the top; undefined when moved by keys. */
  onPoint(atMs: number | undefined, yShare: number | undefined): void;
  onZoom(startMs: number, endMs: number): void;
  /** `factor` below 1 zooms in around `atMs`. */
  onZoomBy(factor: number, atMs: number): void;
  onResetZoom(): void;
}

/** The crosshair, the read-out and the zoom selection above one chart. */
export interface Overlay {
  show(readout: Readout | undefined, isSource: boolean): void;
  setRange(startMs: number, endMs: number): void;
  dispose(): void;
}

const DRAG_THRESHOLD_PX = 4;

/** Lays the overlay over `plotElement`, which must be positioned. Drawing is DOM, so that moving repaints no chart. */
export function createOverlay(plotElement: HTMLElement, areaOf: () => PlotArea | undefined, actions: OverlayActions): Overlay {
  const line = element('div', { class: 'crosshair', hidden: true });
  const selection = element('div', { class: 'selection', hidden: true });
  const dots = element('div', { class: 'dots', 'aria-hidden': 'true' });
  const title = element('div', { class: 'readout-title' });
  const list = element('div', { class: 'readout-rows' });
  const readout = element('div', { class: 'readout', hidden: true, 'aria-hidden': 'true' }, title, list);
  plotElement.append(line, selection, dots, readout);
  let start = 0;
  let end = 1;
  let dragFrom: number | undefined;

  const timeAt = (x: number): number | undefined => {
    const area = areaOf();
    if (!area || area.right <= area.left) return undefined;
    const share = (x - area.left) / (area.right - area.left);
    return share < -0.02 || share > 1.02 ? undefined : start + Math.max(0, Math.min(1, share)) * (end - start);
  };
  const xOf = (atMs: number): number | undefined => {
    const area = areaOf();
    return area && atMs >= start && atMs <= end ? area.left + ((atMs - start) / (end - start)) * (area.right - area.left) : undefined;
  };
  const local = (event: MouseEvent): { x: number; y: number } => {
    const box = plotElement.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const endDrag = (): void => {
    dragFrom = undefined;
    selection.hidden = true;
  };

  const stops = [
    listen(plotElement, 'pointermove', (event) => {
      const { x, y } = local(event);
      const area = areaOf();
      if (dragFrom !== undefined && area && Math.abs(x - dragFrom) > DRAG_THRESHOLD_PX) {
        const to = Math.max(area.left, Math.min(area.right, x));
        const left = Math.min(dragFrom, to);
        selection.hidden = false;
        setBox(selection, left, area.top, Math.abs(to - dragFrom), area.bottom - area.top);
      }
      actions.onPoint(timeAt(x), area ? (area.bottom - y) / (area.bottom - area.top) : undefined);
    }),
    listen(plotElement, 'pointerleave', () => {
      if (dragFrom === undefined) actions.onPoint(undefined, undefined);
    }),
    listen(plotElement, 'pointerdown', (event) => {
      if (event.button !== 0) return;
      const { x } = local(event);
      if (timeAt(x) === undefined) return;
      dragFrom = x;
      plotElement.setPointerCapture(event.pointerId);
    }),
    listen(plotElement, 'pointerup', (event) => {
      const from = dragFrom;
      const wasDrag = !selection.hidden;
      endDrag();
      const area = areaOf();
      if (from === undefined || !wasDrag || !area) return;
      const [a, b] = [timeAt(from), timeAt(Math.max(area.left, Math.min(area.right, local(event).x)))];
      if (a !== undefined && b !== undefined) actions.onZoom(Math.min(a, b), Math.max(a, b));
    }),
    listen(plotElement, 'pointercancel', endDrag),
    listen(plotElement, 'dblclick', () => actions.onResetZoom()),
    listen(
      plotElement,
      'wheel',
      (event) => {
        // Without a modifier the wheel belongs to the page.
        if (!event.ctrlKey && !event.metaKey && !event.altKey) return;
        event.preventDefault();
        const atMs = timeAt(local(event).x);
        if (atMs !== undefined) actions.onZoomBy(event.deltaY < 0 ? 0.8 : 1.25, atMs);
      },
      { passive: false },
    ),
    listen(plotElement, 'keydown', (event) => {
      if (event.key !== 'Escape' || dragFrom === undefined) return;
      endDrag();
      event.stopPropagation();
    }),
  ];

  function show(next: Readout | undefined, isSource: boolean): void {
    const x = next === undefined ? undefined : xOf(next.atMs);
    const area = areaOf();
    line.hidden = x === undefined;
    readout.hidden = x === undefined || !isSource || next?.rows.length === 0;
    if (next === undefined || x === undefined || !area) {
      dots.replaceChildren();
      return;
    }
    setBox(line, x, area.top, 1, area.bottom - area.top);
    showDots(next, x, area.top, area.bottom);
    if (readout.hidden) return;
    setText(title, next.title);
    list.replaceChildren(...next.rows.flatMap(readoutRow));
    const width = readout.offsetWidth;
    const isRight = x + 12 + width <= plotElement.clientWidth;
    readout.style.transform = `translate(${String(Math.max(0, isRight ? x + 12 : x - 12 - width))}px, ${String(area.top)}px)`;
  }

  function showDots(next: Readout, x: number, top: number, bottom: number): void {
    const wanted = next.rows.filter((row) => row.y !== undefined && row.y >= top - 1 && row.y <= bottom + 1);
    while (dots.children.length > wanted.length) dots.lastElementChild!.remove();
    wanted.forEach((row, i) => {
      const dot = dots.children[i] ?? dots.appendChild(element('div', { class: 'dot' }));
      if (!(dot instanceof HTMLElement)) return;
      dot.style.transform = `translate(${String(x)}px, ${String(row.y!)}px)`;
      dot.style.backgroundColor = row.colour ? cssColour(row.colour) : '';
    });
  }

  return {
    show,
    setRange(startMs, endMs) {
      start = startMs;
      end = endMs;
    },
    dispose: () => stops.forEach((stop) => stop()),
  };
}

function readoutRow(row: ReadoutRow): HTMLElement[] {
  return [swatch(row.colour, row.dash ? 'dashed' : 'solid'), element('span', { class: 'readout-name' }, row.name), element('span', { class: 'readout-value' }, row.value)];
}

function setBox(node: HTMLElement, left: number, top: number, width: number, height: number): void {
  node.style.transform = `translate(${String(left)}px, ${String(top)}px)`;
  node.style.width = `${String(width)}px`;
  node.style.height = `${String(height)}px`;
}
