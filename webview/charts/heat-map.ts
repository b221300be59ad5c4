import { cssColour, mixColours } from '../shared/colour.ts';
import type { Theme } from '../shared/theme.ts';
import type { HeatData } from './chart-data.ts';
import type { PlotArea } from './line-view.ts';
import type { Grid } from './query-plan.ts';
import { completePoints } from './statistics.ts';

/** Levels of intensity. More cannot be told apart, and the colours are made once. */
const LEVELS = 24;

/** The scale of a time axis, as far as it is needed here. */
interface TimeScale {
  getPixelForValue(value: number): number;
}

/** Paints the cells of a heat map; one column a grid step, one row a bucket, the lowest bucket at the bottom. */
export function drawHeat(ctx: CanvasRenderingContext2D, area: PlotArea, x: TimeScale, heat: HeatData, grid: Grid, theme: Theme, nowMs: number): void {
  const ramp = heatRamp(theme);
  const rows = heat.cells.length;
  const rowHeight = (area.bottom - area.top) / rows;
  const count = heat.cells[0]?.length ?? 0;
  const complete = completePoints(grid, nowMs);
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
  ctx.clip();
  for (let i = 0; i < count; i++) {
    const left = Math.round(x.getPixelForValue(grid.startMs + (i - 1) * grid.stepMs));
    const right = Math.round(x.getPixelForValue(grid.startMs + i * grid.stepMs));
    if (right <= area.left || left >= area.right) continue;
    ctx.globalAlpha = i < complete ? 1 : 0.45;
    for (let row = 0; row < rows; row++) {
      const value = heat.cells[row]![i];
      if (value === null || value === undefined || value <= 0) continue;
      const top = Math.round(area.bottom - (row + 1) * rowHeight);
      const bottom = Math.round(area.bottom - row * rowHeight);
      ctx.fillStyle = ramp[heatLevel(value, heat.max)]!;
      // A pixel of air between rows, none between columns: time flows, buckets are steps.
      ctx.fillRect(left, top + 1, Math.max(1, right - left), Math.max(1, bottom - top - 1));
    }
  }
  ctx.restore();
}

/** Square root, so that a few slow calls among many fast ones still show. */
export function heatLevel(value: number, max: number): number {
  return Math.min(LEVELS - 1, Math.floor(Math.sqrt(value / max) * LEVELS));
}

/** The colours of the levels, from nearly the background to full. */
export function heatRamp(theme: Theme): readonly string[] {
  const hot = theme.series[0]!;
  return Array.from({ length: LEVELS }, (_, i) => cssColour(mixColours(theme.background, hot, 0.08 + (0.92 * i) / (LEVELS - 1))));
}

/** Bucket borders that get a label: about one each 28 pixels; the value is the number of rows below. */
export function heatTicks(heat: HeatData, heightPx: number): { value: number }[] {
  const rows = heat.bounds.length;
  const every = Math.max(1, Math.ceil((rows * 28) / Math.max(28, heightPx)));
  const ticks: { value: number }[] = [];
  for (let row = rows; row > 0; row -= every) ticks.unshift({ value: row });
  return ticks;
}
