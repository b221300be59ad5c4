import type { ChartData, ChartSeries } from './chart-data.ts';
import type { Grid } from './query-plan.ts';

/** What the legend tells of a series over the range shown; null where it has no value. */
export interface Statistics {
  /** The newest value of a complete bucket. */
  readonly last: number | null;
  readonly lastAtMs: number | null;
  readonly max: number | null;
  readonly min: number | null;
  readonly mean: number | null;
}

/** The number of leading points whose bucket had ended at `nowMs`; the rest is partial. */
export function completePoints(grid: Grid, nowMs: number): number {
  return Math.max(0, Math.min(Math.floor((nowMs - grid.startMs) / grid.stepMs) + 1, Math.round((grid.endMs - grid.startMs) / grid.stepMs) + 1));
}

/** Statistics over the complete points of a series. */
export function statisticsOf(series: ChartSeries, grid: Grid, nowMs: number): Statistics {
  let last: number | null = null;
  let lastAtMs: number | null = null;
  let max: number | null = null;
  let min: number | null = null;
  let sum = 0;
  let count = 0;
  const end = completePoints(grid, nowMs);
  for (let i = 0; i < end; i++) {
    const value = series.values[i];
    if (value === null || value === undefined) continue;
    last = value;
    lastAtMs = grid.startMs + i * grid.stepMs;
    if (max === null || value > max) max = value;
    if (min === null || value < min) min = value;
    sum += value;
    count++;
  }
  return { last, lastAtMs, max, min, mean: count === 0 ? null : sum / count };
}

/** A chart as a table: a column of times and one of values for each series (or bucket), oldest first. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly atMs: number; readonly isPartial: boolean; readonly values: readonly (number | null)[] }[];
}

/** The table twin of a chart. Rows without any value are kept: a gap is a fact. */
export function tableOf(data: ChartData, nowMs: number): ChartTable {
  const { grid } = data;
  const complete = completePoints(grid, nowMs);
  const columns = data.heat
    ? data.heat.bounds.map((bound) => (bound === Infinity ? '+Inf' : `≤ ${String(bound)} s`))
    : data.series.map((series) => series.key);
  const values = data.heat ? data.heat.cells : data.series.map((series) => series.values);
  const count = Math.round((grid.endMs - grid.startMs) / grid.stepMs) + 1;
  const rows = Array.from({ length: count }, (_, i) => ({
    atMs: grid.startMs + i * grid.stepMs,
    isPartial: i >= complete,
    values: values.map((column) => column[i] ?? null),
  }));
  return { columns, rows };
}

/** RFC 4180 with full precision and ISO times. Text that a spreadsheet would run as a formula is defused. */
export function csvOf(table: ChartTable): string {
  const lines = [['time', ...table.columns].map(csvField).join(',')];
  for (const row of table.rows) {
    lines.push([new Date(row.atMs).toISOString(), ...row.values.map((value) => (value === null ? '' : String(value)))].join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
