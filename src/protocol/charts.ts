import type { HealthSnapshot } from './health.ts';
import type { RangeQueryAnswer, RangeQueryParams } from './rpc.ts';

/**
 * The messages between the Charts panel (a webview) and its host (the extension).
 * The panel asks (`ChartsRequest`); the host answers and tells (`ChartsEvent`). Every event is a full snapshot, never
 * a delta, so a panel that was hidden needs only the newest of each type.
 */

/** The place of each entity in the order of chart colours, so that a provider has one colour in all panels and windows. */
export type ColourSlots = Readonly<Record<string, number>>;

/** What the panel can ask the editor to run; never a free command name. */
export type ChartsAction = 'startDemo' | 'newTerminal' | 'openWalkthrough' | 'restartCollector' | 'showOutput' | 'showSources';

/** The time a panel shows: the last `durationMs` up to now, or a fixed range. Milliseconds since the epoch. */
export type ChartsRange =
  | { readonly kind: 'last'; readonly durationMs: number }
  | { readonly kind: 'fixed'; readonly startMs: number; readonly endMs: number };

/** What survives a reload of the window (`vscode.setState`, and the host's panel serializer). */
export interface ChartsState {
  readonly version: 1;
  readonly range: ChartsRange;
  readonly isLive: boolean;
  /** Providers the panel is limited to; empty means all. */
  readonly providers: readonly string[];
  /** Entities switched off in the legend. */
  readonly hidden: readonly string[];
  /** Ids of the charts that are shown as tables. */
  readonly tables: readonly string[];
}

/** Panel to host. */
export type ChartsRequest =
  /** The panel's script runs and listens; the host answers with `init`, `status` and `health`. */
  | { readonly type: 'ready' }
  /** Answered by `queryRangeAnswer` with the same id. */
  | { readonly type: 'queryRange'; readonly id: number; readonly params: RangeQueryParams }
  /** The panel no longer wants the answer to `id`. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Puts `text` on the clipboard; `what` names it for the status message ("CSV", "PromQL"). */
  | { readonly type: 'copyText'; readonly text: string; readonly what: string }
  /** Asks for a place and writes a file there. */
  | { readonly type: 'saveText'; readonly fileName: string; readonly text: string }
  | { readonly type: 'openTraces'; readonly startMs: number; readonly endMs: number; readonly provider?: string }
  | { readonly type: 'createAlertRule'; readonly expr: string; readonly title: string }
  | { readonly type: 'runAction'; readonly action: ChartsAction }
  /** The panel's state changed; for context keys and the panel's title. The webview keeps it by `setState` too. */
  | { readonly type: 'setState'; readonly state: ChartsState }
  /** New entities got colours; the host keeps the map for all windows. */
  | { readonly type: 'setColourSlots'; readonly slots: ColourSlots };

/** A point in time worth a mark on the time axis. */
export interface ChartsMarker {
  readonly atMs: number;
  readonly kind: 'debug' | 'commit' | 'alert' | 'profile';
  readonly label: string;
}

/** Host to panel. */
export type ChartsEvent =
  /**
   * First answer to `ready`. `state` only when the host wants another view than the panel remembers (the command
   * "Open Charts for groq"); `locale` is a BCP 47 tag for numbers and times.
   */
  | { readonly type: 'init'; readonly locale: string; readonly colourSlots: ColourSlots; readonly state?: Partial<ChartsState> }
  | { readonly type: 'queryRangeAnswer'; readonly id: number; readonly ok: true; readonly answer: RangeQueryAnswer }
  | { readonly type: 'queryRangeAnswer'; readonly id: number; readonly ok: false; readonly error: string }
  | { readonly type: 'health'; readonly snapshot: HealthSnapshot }
  | {
      readonly type: 'status';
      /** `connecting` for the first seconds and after a crash; `offline` when it did not come back. */
      readonly connection: 'connected' | 'connecting' | 'offline';
      /** Collection (not the panel) is paused. */
      readonly isPaused: boolean;
      /** Why it is offline, for the user; '' when connected. */
      readonly detail: string;
      /** Samples before this were evicted, ms since the epoch. */
      readonly evictedBeforeMs?: number;
    }
  | { readonly type: 'colourSlots'; readonly slots: ColourSlots }
  | { readonly type: 'markers'; readonly markers: readonly ChartsMarker[] }
  /** A command of the editor that acts on the active panel. */
  | { readonly type: 'command'; readonly command: ChartsCommand }
  /** Limits the panel to these providers; empty means all. */
  | { readonly type: 'focusProviders'; readonly providers: readonly string[] }
  | { readonly type: 'setRange'; readonly range: ChartsRange };

/** Commands of the editor that act on the active Charts panel. */
export type ChartsCommand = 'toggleLive' | 'refresh' | 'resetZoom' | 'toggleTables' | 'pickRange' | 'copyCsv' | 'copyPromQl';

const ACTIONS: readonly ChartsAction[] = ['startDemo', 'newTerminal', 'openWalkthrough', 'restartCollector', 'showOutput', 'showSources'];
const COMMANDS: readonly ChartsCommand[] = ['toggleLive', 'refresh', 'resetZoom', 'toggleTables', 'pickRange', 'copyCsv', 'copyPromQl'];

/** The most queries one request may carry, the longest expression, and the most points per series (as in Prometheus). */
export const CHARTS_LIMITS = { queries: 128, exprLength: 10_000, points: 11_000, textLength: 16 * 1024 * 1024, names: 1_000 } as const;

type Unknown<T> = { readonly [K in keyof T]?: unknown };

/** Whether `value` is a well-formed message of the panel; the host drops and logs what is not. */
export function isChartsRequest(value: unknown): value is ChartsRequest {
  if (!isObject(value)) return false;
  switch (value['type']) {
    case 'ready':
      return true;
    case 'queryRange':
      return isId(value['id']) && isRangeQueryParams(value['params']);
    case 'cancel':
      return isId(value['id']);
    case 'copyText':
      return isText(value['text'], CHARTS_LIMITS.textLength) && isText(value['what'], 200);
    case 'saveText':
      return isText(value['fileName'], 200) && isText(value['text'], CHARTS_LIMITS.textLength);
    case 'openTraces':
      return isSpan(value['startMs'], value['endMs']) && (value['provider'] === undefined || isText(value['provider'], 1_000));
    case 'createAlertRule':
      return isText(value['expr'], CHARTS_LIMITS.exprLength) && isText(value['title'], 1_000);
    case 'runAction':
      return ACTIONS.some((action) => action === value['action']);
    case 'setState':
      return isChartsState(value['state']);
    case 'setColourSlots':
      return isColourSlots(value['slots']);
    default:
      return false;
  }
}

/** Whether `value` is a message of the host. Snapshots and answers come from our own extension: their insides are trusted. */
export function isChartsEvent(value: unknown): value is ChartsEvent {
  if (!isObject(value)) return false;
  switch (value['type']) {
    case 'init':
      return typeof value['locale'] === 'string' && isColourSlots(value['colourSlots']) && (value['state'] === undefined || isObject(value['state']));
    case 'queryRangeAnswer':
      return isId(value['id']) && (value['ok'] === true ? isObject(value['answer']) : value['ok'] === false && typeof value['error'] === 'string');
    case 'health':
      return isObject(value['snapshot']);
    case 'status':
      return typeof value['connection'] === 'string' && typeof value['isPaused'] === 'boolean' && typeof value['detail'] === 'string';
    case 'colourSlots':
      return isColourSlots(value['slots']);
    case 'markers':
      return Array.isArray(value['markers']);
    case 'command':
      return COMMANDS.some((command) => command === value['command']);
    case 'focusProviders':
      return isNames(value['providers']);
    case 'setRange':
      return isChartsRange(value['range']);
    default:
      return false;
  }
}

/** Whether `value` is a complete panel state, as kept by the editor between sessions. */
export function isChartsState(value: unknown): value is ChartsState {
  if (!isObject(value)) return false;
  const state: Unknown<ChartsState> = value;
  return (
    state.version === 1 &&
    isChartsRange(state.range) &&
    typeof state.isLive === 'boolean' &&
    isNames(state.providers) &&
    isNames(state.hidden) &&
    isNames(state.tables)
  );
}

/** Whether `value` is a time range that is neither empty nor backwards. */
export function isChartsRange(value: unknown): value is ChartsRange {
  if (!isObject(value)) return false;
  if (value['kind'] === 'last') return isFinite(value['durationMs']) && value['durationMs'] > 0;
  return value['kind'] === 'fixed' && isSpan(value['startMs'], value['endMs']);
}

/** Whether `value` maps names to places in the colour order. */
export function isColourSlots(value: unknown): value is ColourSlots {
  if (!isObject(value)) return false;
  const slots = Object.values(value);
  return slots.length <= CHARTS_LIMITS.names && slots.every((slot) => Number.isInteger(slot));
}

function isRangeQueryParams(value: unknown): value is RangeQueryParams {
  if (!isObject(value)) return false;
  const params: Unknown<RangeQueryParams> = value;
  const { startMs, endMs, stepMs } = params;
  if (!isFinite(startMs) || !isFinite(endMs) || !isFinite(stepMs)) return false;
  // One instant (start equal to end) is a legal grid.
  if (endMs < startMs || stepMs <= 0 || (endMs - startMs) / stepMs > CHARTS_LIMITS.points) return false;
  return (
    Array.isArray(params.queries) &&
    params.queries.length <= CHARTS_LIMITS.queries &&
    params.queries.every((query: unknown) => isObject(query) && isText(query['id'], 200) && isText(query['expr'], CHARTS_LIMITS.exprLength))
  );
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, maxLength: number): value is string => typeof value === 'string' && value.length <= maxLength;
const isFinite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= CHARTS_LIMITS.names && value.every((name) => isText(name, 1_000));

function isSpan(startMs: unknown, endMs: unknown): boolean {
  return isFinite(startMs) && isFinite(endMs) && startMs < endMs;
}
