import { isChartsRange, isChartsState, type ChartsRange, type ChartsState } from '../../src/protocol/charts.ts';
import { formatDuration, formatMoment, type TimeFormat } from '../shared/time-axis.ts';

const MINUTE = 60_000;

/** The ranges of the picker. */
export const RANGES_MS: readonly number[] = [5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 180 * MINUTE, 720 * MINUTE, 1_440 * MINUTE];

/** What a panel shows that was never used. */
export const DEFAULT_STATE: ChartsState = {
  version: 1,
  range: { kind: 'last', durationMs: 15 * MINUTE },
  isLive: true,
  providers: [],
  hidden: [],
  tables: [],
};

/** The saved state, or the default where it is of another version or broken. */
export function restoreState(saved: unknown): ChartsState {
  return isChartsState(saved) ? saved : DEFAULT_STATE;
}

/** `state` with what the host wants changed. */
export function applyPartial(state: ChartsState, wanted: Partial<ChartsState> | undefined): ChartsState {
  if (!wanted) return state;
  const next = { ...state, ...wanted };
  return isChartsState(next) ? next : state;
}

/** After a zoom: a fixed range stands still. Ranges under ten seconds are widened; nothing can be seen in them. */
export function zoomTo(state: ChartsState, startMs: number, endMs: number): ChartsState {
  const missing = Math.max(0, 10_000 - (endMs - startMs));
  const range: ChartsRange = { kind: 'fixed', startMs: Math.floor(startMs - missing / 2), endMs: Math.ceil(endMs + missing / 2) };
  return isChartsRange(range) ? { ...state, range, isLive: false } : state;
}

/** Adds `name` to `names` or takes it out. */
export function toggleName(names: readonly string[], name: string): string[] {
  return names.includes(name) ? names.filter((other) => other !== name) : [...names, name];
}

/** Hides all but `name`; when it is alone already, shows all. */
export function isolateName(hidden: readonly string[], name: string, all: readonly string[]): string[] {
  const others = all.filter((other) => other !== name);
  const isAlone = !hidden.includes(name) && others.every((other) => hidden.includes(other));
  return isAlone ? hidden.filter((other) => !all.includes(other)) : [...new Set([...hidden.filter((other) => !all.includes(other)), ...others])];
}

/** The range as its button says it. */
export function rangeLabel(range: ChartsRange, nowMs: number, format: TimeFormat): string {
  if (range.kind === 'last') return `Last ${formatDuration(range.durationMs)}`;
  return `${formatMoment(range.startMs, nowMs, format)} – ${formatMoment(range.endMs, nowMs, format)}`;
}
