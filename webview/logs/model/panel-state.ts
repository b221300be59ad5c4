import { formatAttributeCondition, type AttributeConditionText } from '../../../src/protocol/attribute-condition.ts';
import type { ChartsRange } from '../../../src/protocol/charts.ts';
import type { LogFilterParams } from '../../../src/protocol/logs.ts';
import { isLogsState, type LogsState } from '../../../src/protocol/logs-panel.ts';
import { logqlOf } from './filter-text.ts';

/** What a panel shows that was never used. */
export const DEFAULT_STATE: LogsState = {
  version: 1,
  range: { kind: 'last', durationMs: 3_600_000 },
  isLive: true,
  query: '',
  levels: [],
  services: [],
  attributes: [],
  traceId: '',
  requestId: '',
  arePatternsShown: false,
  isHistogramTable: false,
  serviceWidthPx: 120,
};

/** The saved state, or the default where it is of another version or broken. */
export function restoreState(saved: unknown): LogsState {
  return isLogsState(saved) ? saved : DEFAULT_STATE;
}

/** `state` with what the host wants changed; unchanged when that makes no legal state. */
export function applyPartial(state: LogsState, wanted: Partial<LogsState> | undefined): LogsState {
  if (!wanted) return state;
  const next = { ...state, ...wanted };
  return isLogsState(next) ? next : state;
}

/** Everything but the time range back to "all". */
export function clearFilter(state: LogsState): LogsState {
  return { ...state, query: '', levels: [], services: [], attributes: [], traceId: '', requestId: '' };
}

/** Whether something other than time limits what is shown. */
export function isFiltered(state: LogsState): boolean {
  return state.query.trim() !== '' || state.levels.length + state.services.length + state.attributes.length > 0 || state.traceId !== '' || state.requestId !== '';
}

/** What limits the panel, as the header's chips show it. */
export interface Chip {
  readonly label: string;
  readonly title: string;
  /** The state without it. */
  readonly without: LogsState;
}

/** The chips of a state, in reading order. */
export function chipsOf(state: LogsState): Chip[] {
  const chips: Chip[] = state.services.map((name) => ({ label: name, title: `Service ${name}`, without: { ...state, services: state.services.filter((other) => other !== name) } }));
  if (state.traceId !== '') chips.push({ label: `trace ${state.traceId.slice(0, 8)}`, title: `Trace ${state.traceId}`, without: { ...state, traceId: '' } });
  if (state.requestId !== '') chips.push({ label: `request ${state.requestId}`, title: `Request id ${state.requestId}`, without: { ...state, requestId: '' } });
  state.attributes.forEach((condition, at) => {
    const text = formatAttributeCondition(condition);
    chips.push({ label: text, title: `Attribute ${text}`, without: { ...state, attributes: state.attributes.filter((_, other) => other !== at) } });
  });
  return chips;
}

/** Adds a condition; the same key and operator with another value is replaced when both cannot hold. */
export function addCondition(state: LogsState, condition: AttributeConditionText): LogsState {
  const rest = state.attributes.filter(({ key, op, value }) => key !== condition.key || (condition.op !== '=' && op !== '=' && value !== condition.value));
  return { ...state, attributes: [...rest, condition] };
}

/** The range in absolute milliseconds. */
export function resolveRange(range: ChartsRange, nowMs: number): { readonly startMs: number; readonly endMs: number } {
  return range.kind === 'last' ? { startMs: nowMs - range.durationMs, endMs: nowMs } : range;
}

/** What the collector is asked, without the window of time. */
export function filterOf(state: LogsState): LogFilterParams {
  const { query, levels, services, attributes, traceId, requestId } = state;
  const text = query.trim();
  const logql = logqlOf(query);
  return {
    ...(levels.length > 0 ? { levels } : {}),
    ...(services.length > 0 ? { services } : {}),
    ...(attributes.length > 0 ? { attributes } : {}),
    ...(traceId !== '' ? { traceId } : {}),
    ...(requestId !== '' ? { requestId } : {}),
    ...(logql !== undefined ? { logql: logql.text } : text !== '' ? { text } : {}),
  };
}

/** Milliseconds since the epoch as the collector wants it. */
export const nanoText = (atMs: number): string => (BigInt(Math.floor(atMs)) * 1_000_000n).toString();
