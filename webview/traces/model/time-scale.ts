/** A window on the trace's time, in nanoseconds after its first span. */
export interface TimeRange {
  readonly fromNs: number;
  readonly toNs: number;
}

/** The smallest window: a microsecond, below which clocks say nothing. */
const MIN_WIDTH_NS = 1_000;

/** Pixels from the left edge; beyond it, and beyond `widthPx`, for times outside the window. */
export const timeToPx = (range: TimeRange, widthPx: number, timeNs: number): number => ((timeNs - range.fromNs) / Math.max(1, range.toNs - range.fromNs)) * widthPx;

/** The time at a pixel. */
export const pxToTime = (range: TimeRange, widthPx: number, px: number): number => range.fromNs + (px / Math.max(1, widthPx)) * (range.toNs - range.fromNs);

/** The window `factor` times as wide, with `anchorNs` in the same place; stays inside `whole`. */
export function zoomRange(range: TimeRange, whole: TimeRange, factor: number, anchorNs: number): TimeRange {
  const width = Math.min(Math.max((range.toNs - range.fromNs) * factor, MIN_WIDTH_NS), Math.max(whole.toNs - whole.fromNs, MIN_WIDTH_NS));
  const share = (anchorNs - range.fromNs) / Math.max(1, range.toNs - range.fromNs);
  return placeRange(anchorNs - share * width, width, whole);
}

/** The window moved by `byNs`, stopping at the ends of `whole`. */
export const panRange = (range: TimeRange, whole: TimeRange, byNs: number): TimeRange => placeRange(range.fromNs + byNs, range.toNs - range.fromNs, whole);

/** The window between two times in either order, at least the smallest one, inside `whole`. */
export function rangeBetween(aNs: number, bNs: number, whole: TimeRange): TimeRange {
  const width = Math.min(Math.max(Math.abs(bNs - aNs), MIN_WIDTH_NS), Math.max(whole.toNs - whole.fromNs, MIN_WIDTH_NS));
  return placeRange(Math.min(aNs, bNs), width, whole);
}

/** Whether anything of `whole` is outside the window. */
export const isZoomed = (range: TimeRange, whole: TimeRange): boolean => range.fromNs > whole.fromNs || range.toNs < whole.toNs;

/** Round times inside the window, at most `maxCount`, counted from the trace's begin. */
export function durationTicks(range: TimeRange, whole: TimeRange, maxCount: number): number[] {
  const width = range.toNs - range.fromNs;
  if (!(width > 0) || maxCount < 1) return [];
  const rough = width / maxCount;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => power * times >= rough * 0.999_999) ?? 10);
  const ticks: number[] = [];
  const origin = whole.fromNs;
  for (let k = Math.ceil((range.fromNs - origin) / step); ticks.length <= maxCount; k++) {
    const at = origin + k * step;
    if (at > range.toNs) break;
    ticks.push(at);
  }
  return ticks;
}

function placeRange(fromNs: number, width: number, whole: TimeRange): TimeRange {
  const from = Math.max(whole.fromNs, Math.min(fromNs, Math.max(whole.fromNs, whole.toNs - width)));
  return { fromNs: from, toNs: from + width };
}
