import type { ChartData } from './chart-data.ts';
import { CHARTS, type ChartId } from './chart-definitions.ts';
import { csvOf, tableOf } from './statistics.ts';

const ALL: readonly ChartId[] = CHARTS.map(({ id }) => id);

/** One chart as CSV, or several with a title line each. */
export function csvText(data: ReadonlyMap<ChartId, ChartData>, nowMs: number, ids: readonly ChartId[] = ALL): string {
  const parts = ids.flatMap((id) => {
    const one = data.get(id);
    if (!one) return [];
    const csv = csvOf(tableOf(one, nowMs));
    return ids.length === 1 ? [csv] : [`# ${CHARTS.find((chart) => chart.id === id)!.title}\r\n${csv}`];
  });
  return parts.join('\r\n');
}

/** The expressions behind the charts, one a line. */
export function promQlText(data: ReadonlyMap<ChartId, ChartData>, ids: readonly ChartId[] = ALL): string {
  return ids.flatMap((id) => data.get(id)?.expressions ?? []).join('\n');
}
