import type { ChartsRange } from '../../src/protocol/charts.ts';
import type { RangeQueryParams } from '../../src/protocol/rpc.ts';
import { expressionFor, SIGNALS, type MetricFamily, type Signal } from './chart-definitions.ts';

const SECOND = 1_000;

/** Distances between points that divide minutes, hours and days evenly, so that bucket borders are round times. */
const STEPS_MS: readonly number[] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400].map((seconds) => seconds * SECOND);

/** Points nearer than this cannot be told apart, and each costs the collector an evaluation. */
const PIXELS_PER_POINT = 3;
const MAX_POINTS = 400;

/** What one refresh asks for. Times are multiples of the step, so that the next refresh falls on the same grid. */
export interface Grid {
  readonly startMs: number;
  /** May lie up to one step in the future: the last bucket is then partial. */
  readonly endMs: number;
  readonly stepMs: number;
}

/** The grid for a chart of `widthPx` that shows `range`; never finer than `minStepMs` (the scrape interval). */
export function planGrid(range: ChartsRange, nowMs: number, widthPx: number, minStepMs: number): Grid {
  const { startMs, endMs } = resolveRange(range, nowMs);
  const points = Math.max(20, Math.min(MAX_POINTS, Math.floor(widthPx / PIXELS_PER_POINT)));
  const wanted = Math.max((endMs - startMs) / points, minStepMs);
  const stepMs = STEPS_MS.find((step) => step >= wanted) ?? Math.ceil(wanted / 86_400_000) * 86_400_000;
  return { startMs: Math.floor(startMs / stepMs) * stepMs, endMs: Math.ceil(endMs / stepMs) * stepMs, stepMs };
}

/** The range in absolute time. */
export function resolveRange(range: ChartsRange, nowMs: number): { readonly startMs: number; readonly endMs: number } {
  return range.kind === 'fixed' ? range : { startMs: nowMs - range.durationMs, endMs: nowMs };
}

/** The point `points` away from `fromMs` (the end of the range when nothing is pointed at); the ends by ±Infinity. */
export function stepMoment(grid: Grid, fromMs: number | undefined, points: number, endMs: number): number {
  const index = (atMs: number): number => (atMs - grid.startMs) / grid.stepMs;
  const last = Math.floor(index(endMs));
  const from = fromMs === undefined ? last + (points < 0 ? 1 : 0) : Math.round(index(fromMs));
  return grid.startMs + Math.max(1, Math.min(last, from + points)) * grid.stepMs;
}

/** The range of `rate`: at least four scrapes, so that one late scrape makes no gap, and no less than a step. */
export function rateWindowSeconds(stepMs: number, scrapeIntervalMs: number): number {
  return Math.max(1, Math.ceil(Math.max(stepMs, 4 * scrapeIntervalMs) / SECOND));
}

/** One expression to ask, and where its answer goes. `id` is unique in a batch. */
export interface PlannedQuery {
  readonly id: string;
  readonly family: MetricFamily;
  readonly signal: Signal;
  readonly expr: string;
}

/** What the panel shows, as far as the queries depend on it. */
export interface PlanScope {
  readonly families: readonly MetricFamily[];
  readonly entities: readonly string[];
  readonly windowSeconds: number;
  /** One entity is in focus: then its three latency quantiles are shown, else the 95th of each. */
  readonly isFocused: boolean;
}

/** All queries of one refresh. */
export function planQueries(scope: PlanScope): PlannedQuery[] {
  const signals = Object.keys(SIGNALS).filter((signal): signal is Signal => scope.isFocused || (signal !== 'p50' && signal !== 'p99'));
  const queries: PlannedQuery[] = [];
  for (const family of scope.families) {
    for (const signal of signals) {
      const expr = expressionFor(family, signal, scope);
      if (expr !== undefined) queries.push({ id: `${family.id}.${signal}`, family, signal, expr });
    }
  }
  return queries;
}

/** The request for `queries` on `grid`. */
export function toParams(queries: readonly PlannedQuery[], grid: Grid): RangeQueryParams {
  return { ...grid, queries: queries.map(({ id, expr }) => ({ id, expr })) };
}
