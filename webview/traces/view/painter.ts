import type { TraceDocument } from '../model/trace-document.ts';
import { forEachCovered } from '../model/self-time.ts';
import { timeToPx, durationTicks, type TimeRange } from '../model/time-scale.ts';
import { isFolded, type RowState, type Rows } from '../model/rows.ts';
import { cssColour, mixColours } from '../../shared/colour.ts';
import type { Theme } from '../../shared/theme.ts';
import { formatNumber, formatTicks } from '../../shared/format-number.ts';

export const ROW_PX = 22;
export const AXIS_PX = 22;
const INDENT_PX = 12;
const PAD_PX = 8;

/** All that one frame of the waterfall shows. */
export interface Frame {
  readonly document: TraceDocument;
  readonly rows: Rows;
  readonly rowState: RowState;
  readonly range: TimeRange;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly nameWidthPx: number;
  readonly scrollTopPx: number;
  readonly selectedRow: number;
  readonly hoverRow: number;
  readonly hasFocus: boolean;
  /** 1 for spans that the search found; undefined without a search. */
  readonly matches: Uint8Array | undefined;
  readonly isCriticalPathShown: boolean;
  /** Left and right edge of a drag, in pixels of the whole canvas. */
  readonly drag: { readonly fromPx: number; readonly toPx: number } | undefined;
  readonly theme: Theme;
  readonly locale: string | undefined;
  /** The colour of a service, by place in the theme's series. */
  readonly colourOf: (service: string) => number;
}

interface Paints {
  readonly full: string;
  readonly pale: string;
}

/** Paints one frame: only rows that can be seen cost anything. */
export function paintFrame(context: CanvasRenderingContext2D, frame: Frame): void {
  const { theme, widthPx, heightPx, nameWidthPx } = frame;
  context.clearRect(0, 0, widthPx, heightPx);
  context.textBaseline = 'middle';
  context.lineWidth = 1;
  const bars = widthPx - nameWidthPx;
  paintAxis(context, frame, bars);
  context.save();
  context.beginPath();
  context.rect(0, AXIS_PX, widthPx, heightPx - AXIS_PX);
  context.clip();
  const first = Math.max(0, Math.floor(frame.scrollTopPx / ROW_PX));
  const last = Math.min(frame.rows.count - 1, Math.ceil((frame.scrollTopPx + heightPx) / ROW_PX));
  for (let row = first; row <= last; row++) paintBackground(context, frame, row);
  context.save();
  context.beginPath();
  context.rect(nameWidthPx, AXIS_PX, bars, heightPx - AXIS_PX);
  context.clip();
  for (let row = first; row <= last; row++) paintBar(context, frame, row, bars);
  context.restore();
  context.beginPath();
  context.rect(0, AXIS_PX, nameWidthPx, heightPx - AXIS_PX);
  context.clip();
  for (let row = first; row <= last; row++) paintName(context, frame, row);
  context.restore();
  context.fillStyle = cssColour(theme.axis);
  context.fillRect(nameWidthPx - 1, 0, 1, heightPx);
  context.fillStyle = cssColour(theme.grid);
  context.fillRect(0, AXIS_PX - 1, widthPx, 1);
  if (frame.drag) {
    context.fillStyle = cssColour(theme.selection, 0.25);
    context.fillRect(Math.min(frame.drag.fromPx, frame.drag.toPx), 0, Math.abs(frame.drag.toPx - frame.drag.fromPx), heightPx);
  }
}

const rowTop = (frame: Frame, row: number): number => AXIS_PX + row * ROW_PX - frame.scrollTopPx;

function paintAxis(context: CanvasRenderingContext2D, frame: Frame, bars: number): void {
  const { theme, range, document, nameWidthPx } = frame;
  const ticks = durationTicks(range, document.whole, Math.max(1, Math.floor(bars / 110)));
  const labels = formatTicks(ticks.map((at) => (at - document.whole.fromNs) / 1e9), 'seconds', frame.locale);
  context.font = `${String(theme.fontSizePx)}px ${theme.fontFamily}`;
  context.textAlign = 'left';
  ticks.forEach((at, i) => {
    const x = Math.round(nameWidthPx + timeToPx(range, bars, at));
    context.fillStyle = cssColour(theme.grid);
    if (x > nameWidthPx) context.fillRect(x, 0, 1, frame.heightPx);
    context.fillStyle = cssColour(theme.muted);
    const label = labels[i]!;
    if (x + 4 + context.measureText(label).width < frame.widthPx) context.fillText(label, x + 4, AXIS_PX / 2);
  });
}

function paintBackground(context: CanvasRenderingContext2D, frame: Frame, row: number): void {
  const { theme, widthPx } = frame;
  const isSelected = row === frame.selectedRow;
  const isHighContrast = theme.kind.startsWith('high');
  if (isSelected && !isHighContrast) context.fillStyle = cssColour(theme.selection, frame.hasFocus ? 0.3 : 0.18);
  else if (row === frame.hoverRow && !isHighContrast) context.fillStyle = cssColour(theme.foreground, 0.06);
  else context.fillStyle = '';
  const top = rowTop(frame, row);
  if (!isHighContrast && (isSelected || row === frame.hoverRow)) context.fillRect(0, top, widthPx, ROW_PX);
  if (isHighContrast && (isSelected || row === frame.hoverRow)) {
    context.strokeStyle = cssColour(theme.selection);
    context.setLineDash(isSelected ? [] : [3, 3]);
    context.strokeRect(0.5, top + 0.5, widthPx - 1, ROW_PX - 1);
    context.setLineDash([]);
  }
  const item = frame.rows.items[row]!;
  if (item >= 0 && frame.matches?.[item] === 1) {
    context.fillStyle = cssColour(theme.warning, isHighContrast ? 1 : 0.9);
    context.fillRect(0, top, 3, ROW_PX);
  }
}

function paintName(context: CanvasRenderingContext2D, frame: Frame, row: number): void {
  const { theme, document, nameWidthPx } = frame;
  const { tree, folds } = document;
  const item = frame.rows.items[row]!;
  const middle = rowTop(frame, row) + ROW_PX / 2;
  const isMuted = item >= 0 && frame.matches !== undefined && frame.matches[item] !== 1;
  let x = PAD_PX + indentPx(frame, row);
  const isParent = item < 0 || tree.end[item]! > item + 1;
  if (isParent) {
    const isOpen = item < 0 ? !isFolded(folds, -1 - item, frame.rowState) : !frame.rowState.collapsed.has(item);
    paintChevron(context, x + 5, middle, isOpen, cssColour(theme.foreground));
  }
  x += 14;
  const service = item < 0 ? folds[-1 - item]!.service : tree.spans[item]!.service;
  context.fillStyle = paintsOf(frame, service).full;
  context.fillRect(x, middle - 6, 3, 12);
  x += 8;
  const foreground = cssColour(isMuted ? theme.muted : theme.foreground);
  if (item < 0) {
    const fold = folds[-1 - item]!;
    if (fold.errors > 0) x = paintErrorMark(context, x + 5, middle, cssColour(theme.error), theme) + 4;
    context.font = `italic 12px ${theme.fontFamily}`;
    context.fillStyle = foreground;
    context.textAlign = 'left';
    context.fillText(fitText(context, foldLabel(frame, -1 - item), nameWidthPx - x - 4), x, middle);
    return;
  }
  const span = tree.spans[item]!;
  const above = tree.parent[item]!;
  if (span.isError) x = paintErrorMark(context, x + 5, middle, cssColour(theme.error), theme) + 4;
  context.textAlign = 'left';
  context.fillStyle = foreground;
  if (above === -1 || tree.spans[above]!.service !== span.service) {
    context.font = `600 12px ${theme.fontFamily}`;
    const text = fitText(context, span.service, nameWidthPx - x - 4);
    context.fillText(text, x, middle);
    x += context.measureText(text).width + 6;
    context.fillStyle = cssColour(theme.muted);
  }
  context.font = `12px ${theme.fontFamily}`;
  context.fillText(fitText(context, span.name, nameWidthPx - x - 4), x, middle);
}

/** `plugin (24 folded)`; open, `plugin (24)`. */
export function foldLabel(frame: Pick<Frame, 'document' | 'rowState'>, fold: number): string {
  const { prefix, count, errors } = frame.document.folds[fold]!;
  const state = isFolded(frame.document.folds, fold, frame.rowState) ? `${String(count)} folded` : String(count);
  return `${prefix} … (${state}${errors > 0 ? `, ${String(errors)} failed` : ''})`;
}

/** How far the name of a row is pushed in; very deep traces keep a third of the column for the text. */
export function indentPx(frame: Pick<Frame, 'rows' | 'nameWidthPx'>, row: number): number {
  return Math.min(frame.rows.depths[row]! * INDENT_PX, Math.max(0, frame.nameWidthPx * 0.6 - 30));
}

/** Where the arrow that opens a row is, in pixels. */
export const chevronPx = (frame: Pick<Frame, 'rows' | 'nameWidthPx'>, row: number): { readonly from: number; readonly to: number } => {
  const from = PAD_PX + indentPx(frame, row) - 4;
  return { from, to: from + 18 };
};

function paintBar(context: CanvasRenderingContext2D, frame: Frame, row: number, bars: number): void {
  const { theme, range, document, nameWidthPx } = frame;
  const { tree, folds } = document;
  const item = frame.rows.items[row]!;
  const top = rowTop(frame, row) + 5;
  const height = ROW_PX - 10;
  const fold = item < 0 ? folds[-1 - item]! : undefined;
  const start = fold ? fold.startNs : tree.startNs[item]!;
  const end = fold ? fold.endNs : start + tree.durationNs[item]!;
  const left = nameWidthPx + clampPx(timeToPx(range, bars, start), bars);
  const right = nameWidthPx + clampPx(timeToPx(range, bars, end), bars);
  const width = Math.max(2, right - left);
  const paints = paintsOf(frame, fold ? fold.service : tree.spans[item]!.service);
  if (fold) {
    context.fillStyle = paints.pale;
    context.fillRect(left, top + 3, width, height - 6);
  } else if (tree.end[item] === item + 1) {
    context.fillStyle = paints.full;
    context.fillRect(left, top, width, height);
  } else {
    context.fillStyle = paints.full;
    context.fillRect(left, top, width, height);
    // Where a child runs the bar is pale, so what is dark is the span's own time.
    const pale = new Path2D();
    let from = NaN;
    let to = NaN;
    forEachCovered(tree, item, (coverFrom, coverTo) => {
      const a = nameWidthPx + clampPx(timeToPx(range, bars, coverFrom), bars);
      const b = nameWidthPx + clampPx(timeToPx(range, bars, coverTo), bars);
      // Stretches nearer than half a pixel become one, so that a row of 50,000 children is not 50,000 rectangles.
      if (a - to < 0.5) to = b;
      else {
        if (to > from) pale.rect(from, top, to - from, height);
        [from, to] = [a, b];
      }
    });
    if (to > from) pale.rect(from, top, to - from, height);
    context.fillStyle = cssColour(theme.background);
    context.fill(pale);
    context.fillStyle = paints.pale;
    context.fill(pale);
  }
  if (!fold && frame.isCriticalPathShown) paintCritical(context, frame, item, top, height, bars);
  if (!fold) paintEvents(context, frame, item, top + height, bars);
  const isFailed = fold ? fold.errors > 0 : tree.spans[item]!.isError;
  if (isFailed) paintErrorMark(context, Math.min(frame.widthPx - 8, Math.max(nameWidthPx + 6, left + width)), top + height / 2, cssColour(theme.error), theme);
  paintLabel(context, frame, item, left, left + width + (isFailed ? 8 : 0), top + height / 2);
}

function paintLabel(context: CanvasRenderingContext2D, frame: Frame, item: number, left: number, right: number, middle: number): void {
  const { theme, document, nameWidthPx, widthPx } = frame;
  const fold = item < 0 ? document.folds[-1 - item]! : undefined;
  const duration = formatNumber((fold ? fold.totalNs : document.tree.durationNs[item]!) / 1e9, 'seconds', frame.locale);
  const message = fold ? '' : document.details[item]!.statusMessage;
  context.font = `${String(theme.fontSizePx)}px ${theme.fontFamily}`;
  const width = context.measureText(duration).width;
  context.fillStyle = cssColour(theme.foreground);
  if (right + 6 + width <= widthPx - 4) {
    context.textAlign = 'left';
    context.fillText(duration, right + 6, middle);
    if (message !== '') {
      context.fillStyle = cssColour(theme.error);
      context.fillText(fitText(context, message, widthPx - right - width - 22), right + 14 + width, middle);
    }
  } else if (left - 6 - width >= nameWidthPx) {
    context.textAlign = 'right';
    context.fillText(duration, left - 6, middle);
  } else {
    // Over the bar: on a patch of the background, so that it can be read on any colour.
    const edge = widthPx - (item >= 0 && document.tree.spans[item]!.isError ? 16 : 4);
    context.textAlign = 'right';
    context.fillStyle = cssColour(theme.background, 0.85);
    context.fillRect(edge - width - 6, middle - 7, width + 6, 14);
    context.fillStyle = cssColour(theme.foreground);
    context.fillText(duration, edge - 3, middle);
  }
}

function paintCritical(context: CanvasRenderingContext2D, frame: Frame, item: number, top: number, height: number, bars: number): void {
  const sections = frame.document.critical.get(item);
  if (!sections) return;
  context.strokeStyle = cssColour(frame.theme.foreground);
  context.lineWidth = 1.5;
  context.beginPath();
  let lastLeft = Infinity;
  for (const { fromNs, toNs } of sections) {
    if (toNs < frame.range.fromNs || fromNs > frame.range.toNs) continue;
    const left = frame.nameWidthPx + clampPx(timeToPx(frame.range, bars, fromNs), bars);
    const right = frame.nameWidthPx + clampPx(timeToPx(frame.range, bars, toNs), bars);
    // Sections go from the latest to the earliest; those that fall on one pixel are drawn once.
    if (lastLeft - left < 1 && right - left < 1) continue;
    lastLeft = left;
    // Too small to outline: a stroke below says the same.
    if (right - left < 4) context.rect(left, top + height + 1, Math.max(1, right - left), 0.5);
    else context.rect(left, top - 1.5, right - left, height + 3);
  }
  context.stroke();
  context.lineWidth = 1;
}

function paintEvents(context: CanvasRenderingContext2D, frame: Frame, item: number, bottom: number, bars: number): void {
  const { events, offsetNano } = frame.document.details[item]!;
  if (events.length === 0) return;
  const shift = frame.document.tree.startNs[item]! - offsetNano;
  context.fillStyle = cssColour(frame.theme.foreground);
  for (const event of events.slice(0, 200)) {
    const x = frame.nameWidthPx + timeToPx(frame.range, bars, event.offsetNano + shift);
    if (x < frame.nameWidthPx || x > frame.widthPx) continue;
    context.beginPath();
    context.moveTo(x, bottom - 3);
    context.lineTo(x + 3, bottom + 2);
    context.lineTo(x - 3, bottom + 2);
    context.fill();
  }
}

/** A disc with a cross: told by its shape, not by its colour alone. Returns its right edge. */
function paintErrorMark(context: CanvasRenderingContext2D, x: number, y: number, colour: string, theme: Theme): number {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, 6, 0, 2 * Math.PI);
  context.fill();
  context.strokeStyle = cssColour(theme.background);
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x - 2.5, y - 2.5);
  context.lineTo(x + 2.5, y + 2.5);
  context.moveTo(x + 2.5, y - 2.5);
  context.lineTo(x - 2.5, y + 2.5);
  context.stroke();
  context.lineWidth = 1;
  return x + 6;
}

function paintChevron(context: CanvasRenderingContext2D, x: number, y: number, isOpen: boolean, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.2;
  context.beginPath();
  if (isOpen) {
    context.moveTo(x - 4, y - 2);
    context.lineTo(x, y + 2);
    context.lineTo(x + 4, y - 2);
  } else {
    context.moveTo(x - 2, y - 4);
    context.lineTo(x + 2, y);
    context.lineTo(x - 2, y + 4);
  }
  context.stroke();
  context.lineWidth = 1;
}

let paintCache: { readonly theme: Theme; readonly paints: Map<number, Paints> } | undefined;

function paintsOf(frame: Frame, service: string): Paints {
  if (paintCache?.theme !== frame.theme) paintCache = { theme: frame.theme, paints: new Map() };
  const place = frame.colourOf(service);
  let paints = paintCache.paints.get(place);
  if (!paints) {
    const colour = frame.theme.series[place % frame.theme.series.length]!;
    paints = { full: cssColour(colour), pale: cssColour(mixColours(frame.theme.background, colour, 0.4)) };
    paintCache.paints.set(place, paints);
  }
  return paints;
}

const fitted = new Map<string, string>();

/** The text, cut with an ellipsis where it would not fit. */
function fitText(context: CanvasRenderingContext2D, text: string, widthPx: number): string {
  if (widthPx < 8) return '';
  const key = `${context.font}|${String(Math.round(widthPx))}|${text}`;
  const known = fitted.get(key);
  if (known !== undefined) return known;
  if (fitted.size > 5_000) fitted.clear();
  let result = text;
  if (context.measureText(text).width > widthPx) {
    let [low, high] = [0, Math.min(text.length, 400)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (context.measureText(`${text.slice(0, middle)}…`).width <= widthPx) low = middle;
      else high = middle - 1;
    }
    result = `${text.slice(0, low)}…`;
  }
  fitted.set(key, result);
  return result;
}

/** Canvas loses precision far outside; a little beyond the edges is enough. */
const clampPx = (px: number, widthPx: number): number => Math.max(-10, Math.min(widthPx + 10, px));
