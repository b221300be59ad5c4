import { isColourSlots, type ColourSlots } from './charts.ts';
import type { EventRequests } from './rpc.ts';

/**
 * The messages between the Traces panel (a webview) and its host (the extension). The panel asks, the host answers with
 * the same id; the rest are full snapshots.
 */

/** What the panel asks the collector, by the collector's own names. */
const QUESTIONS = ['searchTraces', 'getTrace', 'tailTraces', 'operations', 'setPinned', 'searchLogs'] as const;
type QuestionName = (typeof QUESTIONS)[number];

/** A question to the collector. */
export type TracesQuestion = { [K in QuestionName]: { readonly name: K; readonly params: EventRequests[K]['params'] } }[QuestionName];

/** The collector's answer to it. */
export type TracesResult = { [K in QuestionName]: { readonly name: K; readonly result: EventRequests[K]['result'] } }[QuestionName];

/** What the panel can ask the editor to run; never a free command name. */
export type TracesAction = 'startDemo' | 'newTerminal' | 'restartCollector' | 'showOutput';

/** What the search page is limited to, as typed; see webview/traces/model/search-filter.ts for the meaning of the texts. */
export interface TracesFilter {
  /** '' is every service. */
  readonly service: string;
  /** '' is every operation. */
  readonly operation: string;
  /** `250ms`, `1.5s`; '' for no limit. */
  readonly minDuration: string;
  readonly maxDuration: string;
  readonly onlyErrors: boolean;
  /** Attribute conditions, ids and free text. */
  readonly query: string;
  /** The last so many milliseconds; 0 is all that is stored. */
  readonly lastMs: number;
}

/** A filter with a name. */
export interface SavedSearch {
  readonly name: string;
  readonly filter: TracesFilter;
}

/** What survives a reload of the window. */
export interface TracesState {
  readonly version: 1;
  readonly filter: TracesFilter;
  readonly isLive: boolean;
  /** The opened trace; '' on the search page. */
  readonly traceId: string;
  readonly spanId: string;
  readonly isTable: boolean;
  readonly isCriticalPathShown: boolean;
  readonly isSkewCorrected: boolean;
  /** 0: as wide as fits. */
  readonly nameWidthPx: number;
  readonly savedSearches: readonly SavedSearch[];
}

/** Panel to host. */
export type TracesRequest =
  /** The panel's script runs and listens; the host answers with `init` and `status`. */
  | { readonly type: 'ready' }
  /** Answered by `answer` with the same id. */
  | { readonly type: 'ask'; readonly id: number; readonly question: TracesQuestion }
  /** The panel no longer wants the answer to `id`. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Puts `text` on the clipboard; `what` names it for the status message. */
  | { readonly type: 'copyText'; readonly text: string; readonly what: string }
  /** Shows a source line; the host opens it only inside the folders of a trusted workspace. `line` begins at 1; 0 is unknown. */
  | { readonly type: 'openFile'; readonly path: string; readonly line: number }
  /** Shows the log lines of a trace that lie in [startMs, endMs). */
  | { readonly type: 'openLogs'; readonly traceId: string; readonly startMs: number; readonly endMs: number }
  /** Shows the charts of one entity (a provider or a service) in [startMs, endMs). */
  | { readonly type: 'openCharts'; readonly entity: string; readonly startMs: number; readonly endMs: number }
  | { readonly type: 'runAction'; readonly action: TracesAction }
  | { readonly type: 'setState'; readonly state: TracesState }
  | { readonly type: 'setColourSlots'; readonly slots: ColourSlots };

/** Host to panel. */
export type TracesEvent =
  /** First answer to `ready`; `locale` is a BCP 47 tag. */
  | { readonly type: 'init'; readonly locale: string; readonly colourSlots: ColourSlots }
  | { readonly type: 'answer'; readonly id: number; readonly ok: true; readonly answer: TracesResult }
  | { readonly type: 'answer'; readonly id: number; readonly ok: false; readonly error: string }
  | {
      readonly type: 'status';
      readonly connection: 'connected' | 'connecting' | 'offline';
      readonly isPaused: boolean;
      /** Why it is offline; '' when connected. */
      readonly detail: string;
    }
  | { readonly type: 'colourSlots'; readonly slots: ColourSlots }
  /** Shows a trace, with a span of it when that is given. */
  | { readonly type: 'openTrace'; readonly traceId: string; readonly spanId?: string }
  /** Shows the search page, limited to `filter`. */
  | { readonly type: 'search'; readonly filter: Partial<TracesFilter> };

/** The first state of a panel. */
export const INITIAL_TRACES_STATE: TracesState = {
  version: 1,
  filter: { service: '', operation: '', minDuration: '', maxDuration: '', onlyErrors: false, query: '', lastMs: 0 },
  isLive: true,
  traceId: '',
  spanId: '',
  isTable: false,
  isCriticalPathShown: true,
  isSkewCorrected: true,
  nameWidthPx: 0,
  savedSearches: [],
};

const ACTIONS: readonly TracesAction[] = ['startDemo', 'newTerminal', 'restartCollector', 'showOutput'];
const LIMITS = { text: 16 * 1024 * 1024, name: 10_000, saved: 100 } as const;

/** Whether `value` is a well-formed message of the panel. The collector itself checks the parameters of a question. */
export function isTracesRequest(value: unknown): value is TracesRequest {
  if (!isObject(value)) return false;
  switch (value['type']) {
    case 'ready':
      return true;
    case 'ask':
      return Number.isSafeInteger(value['id']) && isQuestion(value['question']);
    case 'cancel':
      return Number.isSafeInteger(value['id']);
    case 'copyText':
      return isText(value['text'], LIMITS.text) && isText(value['what'], 200);
    case 'openFile':
      return isText(value['path'], LIMITS.name) && value['path'] !== '' && Number.isSafeInteger(value['line']);
    case 'openLogs':
      return isText(value['traceId'], 32) && isWindow(value['startMs'], value['endMs']);
    case 'openCharts':
      return isText(value['entity'], 1_000) && isWindow(value['startMs'], value['endMs']);
    case 'runAction':
      return ACTIONS.some((action) => action === value['action']);
    case 'setState':
      return isTracesState(value['state']);
    case 'setColourSlots':
      return isColourSlots(value['slots']);
    default:
      return false;
  }
}

/** Whether `value` is a message of the host; answers come from our own collector: their insides are trusted. */
export function isTracesEvent(value: unknown): value is TracesEvent {
  if (!isObject(value)) return false;
  switch (value['type']) {
    case 'init':
      return typeof value['locale'] === 'string' && isColourSlots(value['colourSlots']);
    case 'answer':
      return Number.isSafeInteger(value['id']) && (value['ok'] === true ? isObject(value['answer']) : value['ok'] === false && typeof value['error'] === 'string');
    case 'status':
      return typeof value['connection'] === 'string' && typeof value['isPaused'] === 'boolean' && typeof value['detail'] === 'string';
    case 'colourSlots':
      return isColourSlots(value['slots']);
    case 'openTrace':
      return isText(value['traceId'], 64) && (value['spanId'] === undefined || isText(value['spanId'], 64));
    case 'search':
      return isObject(value['filter']);
    default:
      return false;
  }
}

/** Whether `value` is a complete panel state, as the editor kept it. */
export function isTracesState(value: unknown): value is TracesState {
  if (!isObject(value)) return false;
  const state: { readonly [K in keyof TracesState]?: unknown } = value;
  return (
    state.version === 1 &&
    isTracesFilter(state.filter) &&
    [state.isLive, state.isTable, state.isCriticalPathShown, state.isSkewCorrected].every((flag) => typeof flag === 'boolean') &&
    isText(state.traceId, 64) &&
    isText(state.spanId, 64) &&
    isAmount(state.nameWidthPx) &&
    Array.isArray(state.savedSearches) &&
    state.savedSearches.length <= LIMITS.saved &&
    state.savedSearches.every((saved: unknown) => isObject(saved) && isText(saved['name'], LIMITS.name) && isTracesFilter(saved['filter']))
  );
}

function isQuestion(value: unknown): boolean {
  return isObject(value) && QUESTIONS.some((name) => name === value['name']) && isObject(value['params']);
}

function isTracesFilter(value: unknown): value is TracesFilter {
  if (!isObject(value)) return false;
  const filter: { readonly [K in keyof TracesFilter]?: unknown } = value;
  const texts = [filter.service, filter.operation, filter.minDuration, filter.maxDuration, filter.query];
  return texts.every((text) => isText(text, LIMITS.name)) && typeof filter.onlyErrors === 'boolean' && isAmount(filter.lastMs);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, maxLength: number): value is string => typeof value === 'string' && value.length <= maxLength;
const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isWindow = (startMs: unknown, endMs: unknown): boolean => isAmount(startMs) && isAmount(endMs) && startMs < endMs;
