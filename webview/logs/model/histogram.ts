import type { LogHistogramAnswer, LogLevelName } from '../../../src/protocol/logs.ts';
import { LOG_LEVEL_NAMES } from '../../../src/protocol/logs-panel.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Widths of buckets that people read as round. */
const WIDTHS_MS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
  MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR,
]; // prettier-ignore

/** Buckets of equal width from `startMs` (a multiple of the width). */
export interface BucketPlan {
  readonly startMs: number;
  readonly bucketMs: number;
  readonly bucketCount: number;
}

/** Round buckets that cover the range, about `wantedCount` of them. */
export function planBuckets(startMs: number, endMs: number, wantedCount: number): BucketPlan {
  const span = Math.max(1, endMs - startMs);
  const bucketMs = WIDTHS_MS.find((width) => span / width <= wantedCount) ?? Math.ceil(span / wantedCount / (24 * HOUR)) * 24 * HOUR;
  const first = Math.floor(startMs / bucketMs) * bucketMs;
  return { startMs: first, bucketMs, bucketCount: Math.min(2_000, Math.max(1, Math.ceil((endMs - first) / bucketMs))) };
}

/** Counts on a plan, levels from the most severe on; a level that does not occur is left out. */
export interface LogHistogram {
  readonly plan: BucketPlan;
  readonly levels: readonly { readonly level: LogLevelName; readonly counts: readonly number[]; readonly total: number }[];
  /** The highest bucket, all levels together. */
  readonly peak: number;
  readonly total: number;
}

/** The answer in drawing order, limited to `shown` levels (empty: all). */
export function histogramOf(plan: BucketPlan, { counts }: LogHistogramAnswer, shown: readonly LogLevelName[]): LogHistogram {
  const levels = LOG_LEVEL_NAMES.filter((level) => shown.length === 0 || shown.includes(level)).flatMap((level) => {
    const row = counts[level];
    return row ? [{ level, counts: row, total: row.reduce((sum, count) => sum + count, 0) }] : [];
  });
  let peak = 0;
  for (let at = 0; at < plan.bucketCount; at++) peak = Math.max(peak, bucketTotal(levels, at));
  return { plan, levels, peak, total: levels.reduce((sum, { total }) => sum + total, 0) };
}

/** Records in bucket `at`, all levels together. */
export function bucketTotal(levels: LogHistogram['levels'], at: number): number {
  return levels.reduce((sum, { counts }) => sum + (counts[at] ?? 0), 0);
}

/** Totals by level of an answer, for the facets. */
export function levelTotals({ counts }: LogHistogramAnswer): ReadonlyMap<LogLevelName, number> {
  return new Map(LOG_LEVEL_NAMES.map((level) => [level, (counts[level] ?? []).reduce((sum, count) => sum + count, 0)]));
}

/** The largest round number of the axis: 1, 2 or 5 times a power of ten, at least the peak. */
export function axisTop(peak: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, peak)));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= peak) ?? 10 * power;
}

/** The bucket at `x` in a plot of `widthPx`, clamped. */
export function bucketAt({ bucketCount }: BucketPlan, x: number, widthPx: number): number {
  return Math.max(0, Math.min(bucketCount - 1, Math.floor((x / Math.max(1, widthPx)) * bucketCount)));
}
