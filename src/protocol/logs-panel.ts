import type { AttributeConditionText } from './attribute-condition.ts';
import { isChartsRange, type ChartsRange } from './charts.ts';
import type { LogLevelName } from './logs.ts';
import type { EventRequests } from './rpc.ts';

/**
 * The messages between the Logs panel (a webview) and its host (the extension). The panel asks, the host answers with
 * the same id; the rest are full snapshots.
 */

/** What the panel asks the collector, by the collector's own names. */
const QUESTIONS = ['searchLogs', 'logHistogram', 'tailLogs', 'operations'] as const;
type QuestionName = (typeof QUESTIONS)[number];

/** A question to the collector. */
export type LogsQuestion = { [K in QuestionName]: { readonly name: K; readonly params: EventRequests[K]['params'] } }[QuestionName];

/** The collector's answer to it. */
export type LogsResult = { [K in QuestionName]: { readonly name: K; readonly result: EventRequests[K]['result'] } }[QuestionName];

/** What the panel can ask the editor to run; never a free command name. */
export type LogsAction = 'startDemo' | 'newTerminal' | 'restartCollector' | 'showOutput';

/** What survives a reload of the window (`vscode.setState`, and the host's panel serializer). */
export interface LogsState {
  readonly version: 1;
  readonly range: ChartsRange;
  /** New records come in by themselves. */
  readonly isLive: boolean;
  /** What stands in the filter bar: LogQL, or plain text that lines must contain. */
  readonly query: string;
  /** Empty means all. */
  readonly levels: readonly LogLevelName[];
  /** Empty means all. */
  readonly services: readonly string[];
  readonly attributes: readonly AttributeConditionText[];
  /** '' when not limited to one. */
  readonly traceId: string;
  /** '' when not limited to one. */
  readonly requestId: string;
  /** Undefined: as the width allows. */
  readonly areFacetsShown?: boolean;
  readonly arePatternsShown: boolean;
  readonly isHistogramTable: boolean;
  /** Width of the service column in CSS pixels. */
  readonly serviceWidthPx: number;
}

/** Panel to host. */
export type LogsRequest =
  /** The panel's script runs and listens; the host answers with `init` and `status`. */
  | { readonly type: 'ready' }
  /** Answered by `answer` with the same id. */
  | { readonly type: 'ask'; readonly id: number; readonly question: LogsQuestion }
  /** The panel no longer wants the answer to `id`. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Puts `text` on the clipboard; `what` names it for the status message ("JSON", "Line"). */
  | { readonly type: 'copyText'; readonly text: string; readonly what: string }
  | { readonly type: 'openTrace'; readonly traceId: string; readonly spanId: string }
  | { readonly type: 'runAction'; readonly action: LogsAction }
  /** The panel's state changed; for the panel's title. The webview keeps it by `setState` too. */
  | { readonly type: 'setState'; readonly state: LogsState };

/** Host to panel. */
export type LogsEvent =
  /** First answer to `ready`. `state` only when the host wants another view than the panel remembers; `locale` is a BCP 47 tag. */
  | { readonly type: 'init'; readonly locale: string; readonly state?: Partial<LogsState> }
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly answer: LogsResult }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly error: string }
  | {
      readonly type: 'status';
      /** `connecting` for the first seconds and after a crash; `offline` when it did not come back. */
      readonly connection: 'connected' | 'connecting' | 'offline';
      /** Why it is offline, for the user; '' when connected. */
      readonly detail: string;
    }
  /** A command of the editor that acts on the active panel. */
  | { readonly type: 'command'; readonly command: LogsCommand }
  /** Shows something else, as "Open Logs" of a trace does. */
  | { readonly type: 'show'; readonly state: Partial<LogsState> };

/** Commands of the editor that act on the active Logs panel. */
export type LogsCommand = 'toggleLive' | 'refresh' | 'resetZoom' | 'toggleTable' | 'togglePatterns' | 'toggleFacets' | 'pickRange' | 'focusFilter';

/** The commands in the order of the menu. */
export const LOGS_COMMANDS: readonly LogsCommand[] = ['toggleLive', 'refresh', 'focusFilter', 'pickRange', 'resetZoom', 'toggleFacets', 'togglePatterns', 'toggleTable'];

/** The levels, most severe first. */
export const LOG_LEVEL_NAMES: readonly LogLevelName[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unknown'];

const ACTIONS: readonly LogsAction[] = ['startDemo', 'newTerminal', 'restartCollector', 'showOutput'];
const LIMITS = { names: 1_000, nameLength: 1_000, queryLength: 100_000, textLength: 16 * 1024 * 1024, conditions: 100 } as const;

/** Whether `value` is a well-formed message of the panel. The collector itself checks the parameters of a question. */
export function isLogsRequest(value: unknown): value is LogsRequest {
  if (!isObject(value)) return false;
  switch (value['type']) {
    case 'ready':
      return true;
    case 'ask':
      return isId(value['id']) && isQuestion(value['question']);
    case 'cancel':
      return isId(value['id']);
    case 'copyText':
      return isText(value['text'], LIMITS.textLength) && isText(value['what'], 100);
    case 'openTrace':
      return isHex(value['traceId'], 32) && isHex(value['spanId'], 16);
    case 'runAction':
      return ACTIONS.some((action) => action === value['action']);
    case 'setState':
      return isLogsState(value['state']);
    default:
      return false;
  }
}

/** Whether `value` is a message of the host. Answers come from our own extension: their insides are trusted. */
export function isLogsEvent(value: unknown): value is LogsEvent {
  if (!isObject(value)) return false;
  switch (value['type']) {
    case 'init':
      return typeof value['locale'] === 'string' && (value['state'] === undefined || isObject(value['state']));
    case 'answer':
      return isId(value['id']) && (value['ok'] === true ? isObject(value['answer']) : value['ok'] === false && typeof value['error'] === 'string');
    case 'status':
      return typeof value['connection'] === 'string' && typeof value['detail'] === 'string';
    case 'command':
      return LOGS_COMMANDS.some((command) => command === value['command']);
    case 'show':
      return isObject(value['state']);
    default:
      return false;
  }
}

/** Whether `value` may hold parts of a state: what a command was given. The panel checks what comes out of it. */
export function isPartialLogsState(value: unknown): value is Partial<LogsState> {
  return isObject(value);
}

/** Whether `value` is a complete panel state, as kept by the editor between sessions. */
export function isLogsState(value: unknown): value is LogsState {
  if (!isObject(value)) return false;
  const state: { readonly [K in keyof LogsState]?: unknown } = value;
  return (
    state.version === 1 &&
    isChartsRange(state.range) &&
    typeof state.isLive === 'boolean' &&
    isText(state.query, LIMITS.queryLength) &&
    isLevels(state.levels) &&
    isNames(state.services) &&
    isConditions(state.attributes) &&
    isHex(state.traceId, 32) &&
    isText(state.requestId, LIMITS.nameLength) &&
    (state.areFacetsShown === undefined || typeof state.areFacetsShown === 'boolean') &&
    typeof state.arePatternsShown === 'boolean' &&
    typeof state.isHistogramTable === 'boolean' &&
    isCount(state.serviceWidthPx, 2_000)
  );
}

function isQuestion(value: unknown): boolean {
  return isObject(value) && QUESTIONS.some((name) => name === value['name']) && isObject(value['params']);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, maxLength: number): value is string => typeof value === 'string' && value.length <= maxLength;
const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const isCount = (value: unknown, most: number): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= most;
const isHex = (value: unknown, maxLength: number): boolean => isText(value, maxLength) && /^[0-9a-f]*$/i.test(value);
const isNames = (value: unknown): value is readonly string[] => Array.isArray(value) && value.length <= LIMITS.names && value.every((name) => isText(name, LIMITS.nameLength));
const isLevels = (value: unknown): boolean => Array.isArray(value) && value.every((level) => LOG_LEVEL_NAMES.some((known) => known === level));
const isConditions = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= LIMITS.conditions && value.every((one) => isObject(one) && isText(one['key'], 1_000) && typeof one['op'] === 'string' && isText(one['value'], 10_000));
