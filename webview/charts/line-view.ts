import { BarController, BarElement, Chart, LinearScale, LineController, LineElement, PointElement, type ChartDataset, type Plugin } from 'chart.js';
import type { ChartsMarker } from '../../src/protocol/charts.ts';
import { cssColour, type Rgba } from '../shared/colour.ts';
import { formatBound, formatTicks } from '../shared/format-number.ts';
import type { Theme } from '../shared/theme.ts';
import { timeTicks, type TimeFormat } from '../shared/time-axis.ts';
import type { ChartDefinition } from './chart-definitions.ts';
import type { ChartData, ChartSeries } from './chart-data.ts';
import { drawHeat, heatTicks } from './heat-map.ts';
import { completePoints } from './statistics.ts';

Chart.register(BarController, BarElement, LineController, LineElement, PointElement, LinearScale);

/** The room for the labels of the value axis, the same in all charts, so that their time axes stand above each other. */
const VALUE_AXIS_WIDTH_PX = 68;
const RIGHT_PADDING_PX = 8;
/** What of a chart's width is not its drawn area. */
export const AXES_WIDTH_PX = VALUE_AXIS_WIDTH_PX + RIGHT_PADDING_PX;
const PIXELS_PER_TIME_LABEL = 72;

/** How a series looks. */
export interface SeriesStyle {
  readonly colour: Rgba;
  readonly dash: readonly number[];
  readonly widthPx: number;
}

/** Everything one painting needs. */
export interface PlotInput {
  readonly data: ChartData | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly nowMs: number;
  readonly theme: Theme;
  readonly time: TimeFormat;
  readonly isHidden: (series: ChartSeries) => boolean;
  readonly styleOf: (series: ChartSeries) => SeriesStyle;
  readonly markers: readonly ChartsMarker[];
  /** Samples before this are gone; drawn as a hatched area. */
  readonly evictedBeforeMs: number | undefined;
}

/** The drawn area inside the canvas, in CSS pixels. */
export interface PlotArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A chart on a canvas. */
export interface Plot {
  update(input: PlotInput): void;
  area(): PlotArea | undefined;
  /** The y pixel of a value, for the dots of the crosshair. */
  yOf(value: number): number;
  resize(): void;
  dispose(): void;
}

interface Point {
  readonly x: number;
  readonly y: number | null;
}

/** Creates the chart; its parent must be positioned and sized by CSS. Interaction is not Chart.js's: see `overlay.ts`. */
export function createPlot(canvas: HTMLCanvasElement, definition: ChartDefinition): Plot {
  let input: PlotInput | undefined;
  let timeLabels: readonly string[] = [];
  const isBars = definition.kind === 'bars';
  const isHeat = definition.kind === 'heat';

  const marks: Plugin = {
    id: 'sightline',
    beforeDatasetsDraw(chart) {
      if (!input) return;
      const heat = input.data?.heat;
      if (heat && input.data) drawHeat(chart.ctx, chart.chartArea, chart.scales['x']!, heat, input.data.grid, input.theme, input.nowMs);
      drawEvicted(chart, input);
      drawMarkers(chart, input);
    },
    afterDatasetsDraw(chart) {
      if (!input) return;
      if (isBars) fadePartial(chart, input);
      drawZeroLine(chart, input.theme);
    },
  };

  const chart = new Chart<'line' | 'bar', Point[]>(canvas, {
    type: isBars ? 'bar' : 'line',
    data: { datasets: [] },
    plugins: [marks],
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      events: [],
      layout: { padding: { top: 6, right: RIGHT_PADDING_PX } },
      elements: { line: { tension: 0, borderJoinStyle: 'round' }, point: { hitRadius: 0, hoverRadius: 0 } },
      scales: {
        x: {
          type: 'linear',
          offset: false,
          stacked: isBars,
          border: { display: false },
          grid: { display: false, offset: false },
          ticks: { autoSkip: false, maxRotation: 0, minRotation: 0, includeBounds: false, callback: (_, index) => timeLabels[index] ?? '' },
          afterBuildTicks(scale) {
            if (!input) return;
            const ticks = timeTicks(input.startMs, input.endMs, Math.max(2, Math.floor(scale.width / PIXELS_PER_TIME_LABEL)), input.time);
            timeLabels = ticks.map((tick) => tick.label);
            scale.ticks = ticks.map((tick) => ({ value: tick.atMs }));
          },
        },
        y: {
          type: 'linear',
          beginAtZero: !isHeat,
          stacked: isBars,
          border: { display: false },
          ticks: { maxTicksLimit: 5, includeBounds: false },
          afterFit(scale) {
            scale.width = VALUE_AXIS_WIDTH_PX;
          },
          afterBuildTicks(scale) {
            const heat = input?.data?.heat;
            if (isHeat) scale.ticks = heat ? heatTicks(heat, scale.height) : [];
          },
          afterTickToLabelConversion(scale) {
            const heat = input?.data?.heat;
            const values = scale.ticks.map((tick) => (heat ? (heat.bounds[tick.value - 1] ?? 0) : tick.value));
            const locale = input?.time.locale;
            const labels = heat ? values.map((value) => formatBound(value, 'seconds', locale)) : formatTicks(values, definition.unit, locale);
            // Before there is data the axis has its room, but says nothing.
            scale.ticks.forEach((tick, i) => (tick.label = input?.data ? labels[i]! : ''));
          },
        },
      },
    },
  });

  function update(next: PlotInput): void {
    input = next;
    const { theme, data } = next;
    const options = chart.options;
    const x = options.scales!['x']!;
    const y = options.scales!['y']!;
    x.min = next.startMs;
    x.max = next.endMs;
    for (const axis of [x, y]) {
      // Chart.js's options are proxies: they take assignments, but break when they are copied.
      Object.assign(axis.ticks!, { color: cssColour(theme.muted), font: { family: theme.fontFamily, size: theme.fontSizePx } });
    }
    y.grid = { color: cssColour(theme.grid), tickLength: 0, drawTicks: false };
    const visible = (data?.series ?? []).filter((series) => !next.isHidden(series));
    if (definition.unit === 'ratio') {
      y.min = percentFloor(visible);
      y.max = 1;
      Object.assign(y.ticks!, { stepSize: y.min >= 0.9 ? 0.05 : 0.25 });
    } else if (isHeat) {
      y.min = 0;
      y.max = data?.heat?.bounds.length ?? 1;
    } else y.suggestedMax = visible.length === 0 ? 1 : 0;
    chart.data.datasets = data ? visible.map((series) => (isBars ? barDataset(series, data, next) : lineDataset(series, data, next))) : [];
    chart.update('none');
  }

  function barDataset(series: ChartSeries, data: ChartData, { styleOf, startMs, endMs }: PlotInput): ChartDataset<'bar', Point[]> {
    const { grid } = data;
    const { colour } = styleOf(series);
    const width = chart.chartArea.right - chart.chartArea.left;
    return {
      type: 'bar',
      label: series.key,
      // A bucket ends at its grid point; its bar stands over the time it covers.
      data: series.values.map((value, i) => ({ x: grid.startMs + (i - 0.5) * grid.stepMs, y: value })),
      backgroundColor: cssColour(colour, 0.9),
      barThickness: Math.max(1, Math.floor((width * grid.stepMs) / (endMs - startMs)) - 1),
      borderWidth: 0,
      grouped: false,
      stack: 'errors',
    };
  }

  return {
    update,
    area: () => chart.chartArea,
    yOf: (value) => chart.scales['y']!.getPixelForValue(value),
    resize: () => chart.resize(),
    dispose: () => chart.destroy(),
  };
}

function lineDataset(series: ChartSeries, data: ChartData, { styleOf, nowMs }: PlotInput): ChartDataset<'line', Point[]> {
  const { grid } = data;
  const { colour, dash, widthPx } = styleOf(series);
  // The last, partial point would show a drop that did not happen.
  const values = series.values.slice(0, completePoints(grid, nowMs));
  const isAlone = (value: number | null, i: number): boolean => value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null;
  return {
    type: 'line',
    label: series.key,
    data: values.map((value, i) => ({ x: grid.startMs + i * grid.stepMs, y: value })),
    borderColor: cssColour(colour),
    backgroundColor: cssColour(colour),
    borderWidth: widthPx,
    borderDash: [...dash],
    // A value between two gaps has no line; it gets a dot. One number for all points is much cheaper than an array.
    pointRadius: values.some(isAlone) ? values.map((value, i) => (isAlone(value, i) ? 1.75 : 0)) : 0,
    pointBorderWidth: 0,
    spanGaps: false,
  };
}

/** Where the percent axis begins: the round mark below the worst value, so that 99 % and 99.9 % can be told apart. */
function percentFloor(visible: readonly ChartSeries[]): number {
  let min = 1;
  for (const series of visible) for (const value of series.values) if (value !== null && value < min) min = value;
  return [0.9, 0.5].find((mark) => min >= mark) ?? 0;
}

/** Fades what stands over the time that has not ended. */
function fadePartial({ ctx, chartArea, scales }: Chart, { data, nowMs, theme }: PlotInput): void {
  if (!data) return;
  const from = data.grid.startMs + (completePoints(data.grid, nowMs) - 1) * data.grid.stepMs;
  const left = Math.max(chartArea.left, scales['x']!.getPixelForValue(from));
  if (left >= chartArea.right) return;
  ctx.save();
  ctx.fillStyle = cssColour(theme.background, 0.6);
  ctx.fillRect(left, chartArea.top, chartArea.right - left, chartArea.bottom - chartArea.top);
  ctx.restore();
}

function drawZeroLine({ ctx, chartArea, scales }: Chart, theme: Theme): void {
  const y = scales['y']!;
  if (y.min > 0) return;
  const at = Math.round(y.getPixelForValue(0)) - 0.5;
  ctx.save();
  ctx.strokeStyle = cssColour(theme.axis);
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(chartArea.left, at);
  ctx.lineTo(chartArea.right, at);
  ctx.stroke();
  ctx.restore();
}

/** A thin dashed line with a flag at the foot of the plot for each event; what it was stands in the read-out. */
function drawMarkers({ ctx, chartArea, scales }: Chart, { markers, startMs, endMs, theme }: PlotInput): void {
  ctx.save();
  ctx.lineWidth = 1;
  for (const { atMs, kind } of markers) {
    if (atMs < startMs || atMs > endMs) continue;
    const x = Math.round(scales['x']!.getPixelForValue(atMs)) + 0.5;
    ctx.strokeStyle = ctx.fillStyle = cssColour(kind === 'alert' ? theme.error : theme.muted);
    ctx.setLineDash([2, 3]);
    ctx.beginPath();
    ctx.moveTo(x, chartArea.top);
    ctx.lineTo(x, chartArea.bottom);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x, chartArea.bottom - 7);
    ctx.lineTo(x + 4, chartArea.bottom - 3.5);
    ctx.lineTo(x, chartArea.bottom);
    ctx.lineTo(x - 4, chartArea.bottom - 3.5);
    ctx.fill();
  }
  ctx.restore();
}

function drawEvicted({ ctx, chartArea, scales }: Chart, { evictedBeforeMs, startMs, theme }: PlotInput): void {
  if (evictedBeforeMs === undefined || evictedBeforeMs <= startMs) return;
  const right = Math.min(chartArea.right, scales['x']!.getPixelForValue(evictedBeforeMs));
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left, chartArea.top, right - chartArea.left, chartArea.bottom - chartArea.top);
  ctx.clip();
  ctx.strokeStyle = cssColour(theme.axis);
  ctx.globalAlpha = 0.4;
  const height = chartArea.bottom - chartArea.top;
  ctx.beginPath();
  for (let x = chartArea.left - height; x < right; x += 8) {
    ctx.moveTo(x, chartArea.bottom);
    ctx.lineTo(x + height, chartArea.top);
  }
  ctx.stroke();
  ctx.restore();
}
