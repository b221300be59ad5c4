import type { GridSeries, RangeQueryAnswer, RangeQueryResult } from '../../src/protocol/rpc.ts';
import type { Grid } from './query-plan.ts';

/** The part of `wanted` that must be asked when `have` is there, or undefined when all of it must. */
export function missingTail(have: Grid | undefined, wanted: Grid, overlapMs: number): Grid | undefined {
  if (!have || have.stepMs !== wanted.stepMs || wanted.startMs < have.startMs || wanted.endMs < have.endMs) return undefined;
  // The newest points may still change: their last samples arrived after we asked.
  const from = Math.floor((have.endMs - overlapMs) / have.stepMs) * have.stepMs;
  if (from <= wanted.startMs) return undefined;
  return { startMs: from, endMs: wanted.endMs, stepMs: wanted.stepMs };
}

/** Joins what is there with a newer tail, on the grid `wanted`. A query that failed in the tail has failed. */
export function mergeTail(have: RangeQueryAnswer, tail: RangeQueryAnswer, wanted: Grid): RangeQueryAnswer {
  const newer = new Map(tail.results.map((result) => [result.id, result]));
  const results = have.results.map((result): RangeQueryResult => {
    const next = newer.get(result.id);
    if (!next) return result;
    if (!next.ok || !result.ok) return next;
    return { id: result.id, ok: true, warnings: next.warnings, series: mergeSeries(result.series, have, next.series, tail, wanted) };
  });
  return { ...wanted, results };
}

function mergeSeries(old: readonly GridSeries[], oldGrid: Grid, tail: readonly GridSeries[], tailGrid: Grid, wanted: Grid): GridSeries[] {
  const count = Math.round((wanted.endMs - wanted.startMs) / wanted.stepMs) + 1;
  const tailAt = Math.round((tailGrid.startMs - wanted.startMs) / wanted.stepMs);
  const oldShift = Math.round((wanted.startMs - oldGrid.startMs) / wanted.stepMs);
  const merged = new Map<string, { labels: GridSeries['labels']; values: (number | null)[] }>();
  const target = (labels: GridSeries['labels']): (number | null)[] => {
    const key = seriesKey(labels);
    let entry = merged.get(key);
    if (!entry) merged.set(key, (entry = { labels, values: new Array<number | null>(count).fill(null) }));
    return entry.values;
  };
  for (const series of old) {
    const values = target(series.labels);
    for (let i = 0; i < tailAt; i++) values[i] = series.values[i + oldShift] ?? null;
  }
  for (const series of tail) {
    const values = target(series.labels);
    for (let i = tailAt; i < count; i++) values[i] = series.values[i - tailAt] ?? null;
  }
  // A series whose last point left the range is gone.
  return [...merged.values()].filter((series) => series.values.some((value) => value !== null));
}

function seriesKey(labels: GridSeries['labels']): string {
  return JSON.stringify(Object.keys(labels).sort().map((name) => [name, labels[name]])); // prettier-ignore
}
