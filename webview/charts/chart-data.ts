import type { GridSeries, RangeQueryAnswer } from '../../src/protocol/rpc.ts';
import { CHARTS, entityOf, errorClassOf, SIGNALS, type ChartId, type MetricFamily, type Signal } from './chart-definitions.ts';
import type { Grid, PlannedQuery } from './query-plan.ts';

/** One line or one stack of bars. `values[i]` belongs to `grid.startMs + i * grid.stepMs`; null is a gap. */
export interface ChartSeries {
  /** Unique in its chart. */
  readonly key: string;
  /** What has the colour: a provider, or an error class. */
  readonly entity: string;
  /** `p95`, `in` …; '' where the chart has one line an entity. */
  readonly variant: string;
  readonly values: readonly (number | null)[];
}

/** Buckets of a latency histogram: `cells[row][i]` is the rate of calls above `bounds[row - 1]` and up to `bounds[row]`. */
export interface HeatData {
  /** Upper bounds in seconds, ascending; the last can be Infinity. */
  readonly bounds: readonly number[];
  readonly cells: readonly (readonly (number | null)[])[];
  readonly max: number;
}

/** All a chart draws, and what its table and CSV show. */
export interface ChartData {
  readonly id: ChartId;
  readonly grid: Grid;
  readonly series: readonly ChartSeries[];
  readonly heat?: HeatData;
  /** Set when no query of the chart succeeded. */
  readonly error?: string;
  readonly warnings: readonly string[];
  /** What was asked, for "copy PromQL". */
  readonly expressions: readonly string[];
}

/** Sorts the answers into charts. Of two families that both know an entity the first that has it wins. */
export function buildCharts(queries: readonly PlannedQuery[], answer: RangeQueryAnswer): Map<ChartId, ChartData> {
  const grid: Grid = { startMs: answer.startMs, endMs: answer.endMs, stepMs: answer.stepMs };
  const results = new Map(answer.results.map((result) => [result.id, result]));
  const found = new Map<Signal, Found[]>();
  const problems = new Map<ChartId, { errors: string[]; warnings: string[]; expressions: string[]; isAnswered: boolean }>();
  for (const { id } of CHARTS) problems.set(id, { errors: [], warnings: [], expressions: [], isAnswered: false });
  const present = presentFamilies(queries, answer);
  for (const query of queries) {
    const result = results.get(query.id);
    const problem = problems.get(SIGNALS[query.signal].chart)!;
    if (!result) continue;
    if (!result.ok) {
      problem.errors.push(result.error);
      continue;
    }
    problem.isAnswered = true;
    if (present.size > 0 && !present.has(query.family)) continue;
    problem.expressions.push(query.expr);
    problem.warnings.push(...result.warnings);
    const list = found.get(query.signal) ?? [];
    list.push({ query, series: result.series });
    found.set(query.signal, list);
  }
  const charts = new Map<ChartId, ChartData>();
  for (const { id } of CHARTS) {
    const { errors, warnings, expressions, isAnswered } = problems.get(id)!;
    const heat = id === 'heat' ? heatOf(found.get('heat') ?? []) : undefined;
    charts.set(id, {
      id,
      grid,
      series: id === 'heat' ? [] : seriesOf(id, found, grid),
      ...(heat ? { heat } : {}),
      ...(errors.length > 0 && !isAnswered ? { error: errors[0]! } : {}),
      warnings: [...new Set([...warnings, ...(isAnswered ? errors : [])])],
      expressions,
    });
  }
  return charts;
}

/**
 * The families that have requests of an entity no family before them has: a gateway that is scraped and pushes as well
 * counts once. Generic families count only where there is no other.
 */
export function presentFamilies(queries: readonly PlannedQuery[], answer: RangeQueryAnswer): ReadonlySet<MetricFamily> {
  const results = new Map(answer.results.map((result) => [result.id, result]));
  const present = new Set<MetricFamily>();
  const known = new Set<string>();
  for (const { id, signal, family } of queries) {
    const result = results.get(id);
    if (signal !== 'rate' || !result?.ok || (family.isGeneric && [...present].some((other) => !other.isGeneric))) continue;
    const names = result.series.filter((series) => series.values.some(isValue)).map((series) => entityOf(family, series.labels));
    if (names.every((name) => known.has(name))) continue;
    for (const name of names) known.add(name);
    present.add(family);
  }
  return present;
}

interface Found {
  readonly query: PlannedQuery;
  readonly series: readonly GridSeries[];
}

function seriesOf(id: ChartId, found: ReadonlyMap<Signal, Found[]>, grid: Grid): ChartSeries[] {
  const merged = new Map<string, ChartSeries>();
  for (const [signal, list] of found) {
    const { chart, variant } = SIGNALS[signal];
    if (chart !== id) continue;
    for (const { query, series } of list) {
      for (const one of series) {
        const entity = signal === 'errors' ? errorClassOf(query.family, one.labels) : entityOf(query.family, one.labels);
        if (entity === undefined) continue;
        const key = variant === '' ? entity : `${entity} ${variant}`;
        const values = clean(one.values, grid);
        const isZeroError = signal === 'errors' && values.every((value) => value === null || value === 0);
        if (!isZeroError && !merged.has(key) && values.some((value) => value !== null)) merged.set(key, { key, entity, variant, values });
      }
    }
  }
  if (id === 'success') addMissingSuccess(merged, found, grid);
  return [...merged.values()].sort((a, b) => compare(a.entity, b.entity) || compare(a.variant, b.variant));
}

/** A provider whose every call failed has no counter of successes: its ratio is 0, not unknown. */
function addMissingSuccess(merged: Map<string, ChartSeries>, found: ReadonlyMap<Signal, Found[]>, grid: Grid): void {
  for (const { query, series } of found.get('rate') ?? []) {
    for (const one of series) {
      const entity = entityOf(query.family, one.labels);
      if (merged.has(entity)) continue;
      const values = clean(one.values, grid).map((rate) => (rate !== null && rate > 0 ? 0 : null));
      if (values.some((value) => value !== null)) merged.set(entity, { key: entity, entity, variant: '', values });
    }
  }
}

function heatOf(found: readonly Found[]): HeatData | undefined {
  for (const { series } of found) {
    const rows = series
      .map((one) => ({ bound: parseBound(one.labels['le']), values: one.values }))
      .filter((row) => !Number.isNaN(row.bound))
      .sort((a, b) => a.bound - b.bound);
    if (rows.length < 2) continue;
    let max = 0;
    const cells = rows.map((row, i) =>
      row.values.map((value, at) => {
        if (value === null || !Number.isFinite(value)) return null;
        const below = i === 0 ? 0 : (rows[i - 1]!.values[at] ?? 0);
        const own = Math.max(0, value - below);
        if (own > max) max = own;
        return own;
      }),
    );
    if (max === 0) continue;
    // Empty buckets at both ends would squeeze the ones that matter.
    const isUsed = cells.map((row) => row.some((value) => value !== null && value > 0));
    const first = Math.max(0, isUsed.indexOf(true) - 1);
    const last = Math.min(rows.length - 1, isUsed.lastIndexOf(true));
    return { bounds: rows.slice(first, last + 1).map((row) => row.bound), cells: cells.slice(first, last + 1), max };
  }
  return undefined;
}

const parseBound = (le: string | undefined): number => (le === '+Inf' || le === 'Inf' ? Infinity : Number(le ?? NaN));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function clean(values: readonly (number | null)[], grid: Grid): (number | null)[] {
  const count = Math.round((grid.endMs - grid.startMs) / grid.stepMs) + 1;
  return Array.from({ length: count }, (_, i) => {
    const value = values[i];
    return isValue(value) ? value : null;
  });
}

const isValue = (value: number | null | undefined): value is number => value !== null && value !== undefined && Number.isFinite(value);
