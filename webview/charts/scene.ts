import type { ChartsMarker, ChartsState, ColourSlots } from '../../src/protocol/charts.ts';
import type { HealthSnapshot } from '../../src/protocol/health.ts';
import type { Rgba } from '../shared/colour.ts';
import { styleOfSlot } from '../shared/entity-colours.ts';
import { formatBound, formatNumber } from '../shared/format-number.ts';
import type { Theme } from '../shared/theme.ts';
import { formatMoment, type TimeFormat } from '../shared/time-axis.ts';
import type { CardView, KeyEntry } from './chart-card.ts';
import type { ChartData, ChartSeries } from './chart-data.ts';
import type { ChartDefinition, ChartId } from './chart-definitions.ts';
import { errorClassColours } from './error-colours.ts';
import { LEGEND_GROUPS, type LegendFigures, type LegendGroup, type LegendRow } from './legend.ts';
import type { SeriesStyle } from './line-view.ts';
import type { Readout, ReadoutRow } from './overlay.ts';
import { rangeLabel } from './panel-state.ts';
import { entitiesOf } from './snapshot-facts.ts';
import { completePoints, statisticsOf } from './statistics.ts';

/** All that the panel's parts draw from, at one instant. */
export interface Scene {
  readonly state: ChartsState;
  readonly theme: Theme;
  readonly time: TimeFormat;
  readonly data: ReadonlyMap<ChartId, ChartData>;
  readonly snapshot: HealthSnapshot | undefined;
  readonly slots: ColourSlots;
  readonly startMs: number;
  readonly endMs: number;
  /** When the data was asked for: what is later is partial. */
  readonly nowMs: number;
  readonly isFocused: boolean;
  readonly isLoading: boolean;
  readonly isStale: boolean;
  /** Why the last refresh failed; '' when it did not. */
  readonly error: string;
  readonly evictedBeforeMs: number | undefined;
  readonly markers: readonly ChartsMarker[];
}

/** Values older than this many steps are greyed. */
const STALE_STEPS = 3;
const QUANTILE_WIDTHS: Readonly<Record<string, number>> = { p50: 2.75, p95: 1.75, p99: 1 };
const LINE_WIDTH_PX = 1.75;
const INPUT_DASH: readonly number[] = [4, 3];

/** What a card shows of the scene. */
export function cardView(scene: Scene, definition: ChartDefinition): CardView {
  const data = scene.data.get(definition.id);
  const hasData = data !== undefined && (data.series.length > 0 || data.heat !== undefined);
  const error = data?.error ?? (data === undefined ? scene.error : '');
  const isLoading = scene.isLoading && !hasData;
  const title = definition.id === 'latency' ? (scene.isFocused ? 'Latency' : 'Latency p95') : definition.title;
  const styleOf = styler(scene, definition, data);
  const { startMs, endMs, nowMs, theme, time, evictedBeforeMs, markers } = scene;
  return {
    plot: { data, startMs, endMs, nowMs, theme, time, evictedBeforeMs, markers, isHidden: hider(scene, definition), styleOf },
    title,
    key: keyOf(scene, definition, data, styleOf),
    isTable: scene.state.tables.includes(definition.id),
    isLoading,
    isStale: scene.isStale && hasData,
    message: hasData || (isLoading && error === '') ? '' : error !== '' ? error : data ? definition.empty : '',
    isError: error !== '' && !hasData,
    warning: [...(data?.warnings ?? []), ...(hasData && scene.error !== '' ? [scene.error] : [])].join('\n'),
    summary: summaryOf(scene, title, definition, data),
  };
}

/** The legend's rows; the first figure is the last value, or the one at `atMs`. */
export function legendRows(scene: Scene, entities: readonly string[], atMs: number | undefined): LegendRow[] {
  const states = new Map(entitiesOf(scene.snapshot).map(({ name, state }) => [name, state]));
  return entities.map((name) => {
    const { colour, dash } = entityStyle(scene, name);
    const figures = Object.fromEntries(LEGEND_GROUPS.map(({ id, extreme }) => [id, figuresOf(scene, id, name, extreme, atMs)])) as Record<LegendGroup, LegendFigures>;
    return { name, colour, isDashed: dash.length > 0, state: states.get(name), isHidden: scene.state.hidden.includes(name), figures };
  });
}

/** What a chart reads at the crosshair, largest first; undefined without data there. */
export function readoutAt(
  scene: Scene,
  definition: ChartDefinition,
  { atMs, yShare }: { readonly atMs: number; readonly yShare: number | undefined },
  yOf: (value: number) => number,
): Readout | undefined {
  const data = scene.data.get(definition.id);
  if (!data) return undefined;
  const { grid } = data;
  // A bucket belongs to the point at its end; a line to the nearest point.
  const position = (atMs - grid.startMs) / grid.stepMs;
  const i = definition.kind === 'lines' ? Math.round(position) : Math.ceil(position);
  const isPartial = i >= completePoints(grid, scene.nowMs);
  const pointMs = grid.startMs + i * grid.stepMs;
  const locale = scene.time.locale;
  const title = `${formatMoment(pointMs, scene.nowMs, scene.time)}${isPartial && definition.kind !== 'lines' ? ' (partial)' : ''}`;
  const crosshairMs = definition.kind === 'lines' ? pointMs : pointMs - grid.stepMs / 2;
  const shownMs = Math.max(scene.startMs, Math.min(scene.endMs, crosshairMs));
  const marked = markerRows(scene, atMs);
  if (data.heat) return { atMs: shownMs, title, rows: [...heatRows(scene, data.heat, i, yShare), ...marked] };
  const isHidden = hider(scene, definition);
  const styleOf = styler(scene, definition, data);
  const rows = data.series
    .filter((series) => !isHidden(series))
    .map((series) => ({ series, value: definition.kind === 'lines' && isPartial ? null : (series.values[i] ?? null) }))
    .filter(({ value }) => value !== null)
    .sort((a, b) => b.value! - a.value!)
    .map(({ series, value }): ReadoutRow => {
      const { colour, dash } = styleOf(series);
      return { name: nameOf(scene, series), value: formatNumber(value, definition.unit, locale), colour, dash: dash.length > 0, y: definition.kind === 'lines' ? yOf(value!) : undefined };
    });
  return { atMs: shownMs, title, rows: [...rows, ...marked] };
}

function heatRows(scene: Scene, heat: NonNullable<ChartData['heat']>, at: number, yShare: number | undefined): ReadoutRow[] {
  const row = (index: number): ReadoutRow => ({
    name: bucketName(heat.bounds, index, scene.time.locale),
    value: formatNumber(heat.cells[index]![at] ?? null, 'requestsPerSecond', scene.time.locale),
    colour: scene.theme.series[0],
    dash: false,
    y: undefined,
  });
  const count = heat.bounds.length;
  if (yShare !== undefined) {
    const pointed = Math.floor(yShare * count);
    return pointed >= 0 && pointed < count ? [row(pointed)] : [];
  }
  const full = heat.cells.map((cells, index) => ({ index, value: cells[at] ?? 0 })).filter(({ value }) => value > 0);
  return full.sort((a, b) => b.value - a.value).slice(0, 3).map(({ index }) => row(index)); // prettier-ignore
}

/** The events within a hundredth of the range around the crosshair. */
function markerRows(scene: Scene, atMs: number): ReadoutRow[] {
  const near = (scene.endMs - scene.startMs) / 100;
  const marked = scene.markers.filter((marker) => Math.abs(marker.atMs - atMs) <= near);
  return marked.map(({ label, atMs: at }) => ({ name: label, value: formatMoment(at, scene.nowMs, scene.time), colour: undefined, dash: true, y: undefined }));
}

function bucketName(bounds: readonly number[], index: number, locale: string | undefined): string {
  const from = index === 0 ? 0 : bounds[index - 1]!;
  const to = bounds[index]!;
  if (to === Infinity) return `over ${formatBound(from, 'seconds', locale)}`;
  return from === 0 ? `up to ${formatBound(to, 'seconds', locale)}` : `${formatBound(from, 'seconds', locale)} – ${formatBound(to, 'seconds', locale)}`;
}

function entityStyle({ theme, slots }: Scene, entity: string): { colour: Rgba; dash: readonly number[] } {
  const { colour, dash } = styleOfSlot(slots[entity] ?? 0);
  return { colour: theme.series[colour]!, dash };
}

function styler(scene: Scene, definition: ChartDefinition, data: ChartData | undefined): (series: ChartSeries) => SeriesStyle {
  const classColours = definition.id === 'errors' ? errorClassColours((data?.series ?? []).map((series) => series.entity), scene.theme) : undefined;
  return (series) => {
    const classColour = classColours?.get(series.entity);
    if (classColour) return { colour: classColour, dash: [], widthPx: LINE_WIDTH_PX };
    const { colour, dash } = entityStyle(scene, series.entity);
    return { colour, dash: series.variant === 'in' ? INPUT_DASH : dash, widthPx: QUANTILE_WIDTHS[scene.isFocused ? series.variant : ''] ?? LINE_WIDTH_PX };
  };
}

function hider(scene: Scene, definition: ChartDefinition): (series: ChartSeries) => boolean {
  const hidden = new Set(scene.state.hidden);
  return (series) => definition.id !== 'errors' && hidden.has(series.entity);
}

function keyOf(scene: Scene, definition: ChartDefinition, data: ChartData | undefined, styleOf: (series: ChartSeries) => SeriesStyle): KeyEntry[] {
  if (definition.id === 'errors') {
    const names = shortNames((data?.series ?? []).map((series) => series.entity));
    return (data?.series ?? []).map((series) => ({ name: names.get(series.entity)!, detail: series.entity, colour: styleOf(series).colour, kind: 'solid' }));
  }
  if (data?.heat) return [{ name: `0 – ${formatNumber(data.heat.max, definition.unit, scene.time.locale)}`, colour: scene.theme.series[0], kind: 'ramp' }];
  if (definition.id === 'tokens' && data && data.series.length > 0) {
    return [
      { name: 'in', colour: undefined, kind: 'dashed' },
      { name: 'out', colour: undefined, kind: 'solid' },
    ];
  }
  if (definition.id === 'latency' && scene.isFocused && data && data.series.length > 0) {
    return (['p50', 'p95', 'p99'] as const).map((name) => ({ name, colour: undefined, kind: name }));
  }
  return [];
}

/** The first word of each name (its status code) where that tells them apart. */
function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const short = names.map((name) => name.split(' ', 1)[0]!);
  const isUnique = new Set(short).size === short.length;
  return new Map(names.map((name, i) => [name, isUnique ? short[i]! : name]));
}

function nameOf(scene: Scene, series: ChartSeries): string {
  if (series.variant === '' || (series.variant === 'p95' && !scene.isFocused)) return series.entity;
  return `${series.entity} ${series.variant}`;
}

function summaryOf(scene: Scene, title: string, definition: ChartDefinition, data: ChartData | undefined): string {
  const range = rangeLabel(scene.state.range, scene.nowMs, scene.time);
  if (!data || (data.series.length === 0 && !data.heat)) return `${title}, ${range}: no data`;
  if (data.heat) return `${title}, ${range}: heat map of ${String(data.heat.bounds.length)} buckets`;
  const isHidden = hider(scene, definition);
  const values = data.series
    .filter((series) => !isHidden(series))
    .map((series) => `${nameOf(scene, series)} ${formatNumber(statisticsOf(series, data.grid, scene.nowMs).last, definition.unit, scene.time.locale)}`);
  return `${title}, ${range}: ${values.join(', ')}`;
}

function figuresOf(scene: Scene, group: LegendGroup, entity: string, extreme: 'max' | 'min', atMs: number | undefined): LegendFigures {
  const data = scene.data.get(group === 'p95' ? 'latency' : group);
  const series = data?.series.find((one) => one.entity === entity && (group !== 'p95' || one.variant === 'p95'));
  if (!data || !series) return { last: null, extreme: null, mean: null, isStale: false };
  const statistics = statisticsOf(series, data.grid, scene.nowMs);
  const i = atMs === undefined ? -1 : Math.round((atMs - data.grid.startMs) / data.grid.stepMs);
  const isStale = atMs === undefined && statistics.lastAtMs !== null && scene.nowMs - statistics.lastAtMs > STALE_STEPS * data.grid.stepMs;
  return { last: atMs === undefined ? statistics.last : (series.values[i] ?? null), extreme: statistics[extreme], mean: statistics.mean, isStale };
}
