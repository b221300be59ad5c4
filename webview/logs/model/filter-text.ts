import type { QueryProblem } from '../../../src/protocol/telemetry.ts';

/** A query of LogQL as it is sent. */
export interface LogqlText {
  readonly text: string;
  /** How many characters of `text` stand before what was typed; problems are moved back by them. */
  readonly prefixLength: number;
}

/** Stands before a pipeline that was typed without a selector. */
const ANY_STREAM = '{} ';

/**
 * What was typed as LogQL: it begins with a selector, or with a line filter or stage, which then applies to all streams.
 * Undefined for plain text, which lines must contain.
 */
export function logqlOf(typed: string): LogqlText | undefined {
  const start = typed.trimStart();
  if (start.startsWith('{')) return { text: typed, prefixLength: 0 };
  if (/^(\||!=|!~)/.test(start)) return { text: ANY_STREAM + typed, prefixLength: ANY_STREAM.length };
  return undefined;
}

/** Where in the typed text a problem is: UTF-16 offsets, at least one character unless it is at the end. */
export function problemSpan(typed: string, problem: QueryProblem): { readonly start: number; readonly end: number } | undefined {
  if (problem.field !== 'logql' || problem.startOffset === undefined) return undefined;
  const prefix = logqlOf(typed)?.prefixLength ?? 0;
  const start = Math.max(0, Math.min(typed.length, problem.startOffset - prefix));
  const end = Math.max(start, Math.min(typed.length, (problem.endOffset ?? problem.startOffset + 1) - prefix));
  return { start, end: end === start ? Math.min(typed.length, start + 1) : end };
}

/** The problem as a sentence with its place: columns begin at 1. */
export function problemText(typed: string, problem: QueryProblem): string {
  const span = problemSpan(typed, problem);
  return span ? `${problem.message} (column ${String(span.start + 1)})` : problem.message;
}

/** `typed` with one more line filter at its end; plain text becomes the first one. */
export function withLineFilter(typed: string, operator: '|=' | '!=' | '|~' | '!~', value: string): string {
  const added = `${operator} ${quoteLogql(value)}`;
  const text = typed.trim();
  if (text === '') return added;
  // In any case, as plain text is searched.
  return logqlOf(text) ? `${text} ${added}` : `|~ ${quoteLogql(`(?i)${escapeRegex(text)}`)} ${added}`;
}

/** A text in RE2 that matches itself only. */
export const escapeRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A string of LogQL: in backquotes, where nothing needs escaping, unless it has one. */
export function quoteLogql(text: string): string {
  return text.includes('`') || text.includes('\n') ? JSON.stringify(text) : `\`${text}\``;
}

/** A word offered for what is being typed. */
export interface Completion {
  readonly label: string;
  readonly detail: string;
  /** The whole text once it is taken, and where the caret goes. */
  readonly text: string;
  readonly caret: number;
}

const STAGES: readonly (readonly [string, string])[] = [
  ['|= `', 'line contains'],
  ['!= `', 'line does not contain'],
  ['|~ `', 'line matches (RE2)'],
  ['!~ `', 'line does not match (RE2)'],
  ['| json', 'parse as JSON'],
  ['| logfmt', 'parse as logfmt'],
];

/** What fits at the caret: services in the selector's value, labels in the selector, stages after it. At most ten. */
export function completionsAt(typed: string, caret: number, services: readonly string[]): Completion[] {
  const before = typed.slice(0, caret);
  const after = typed.slice(caret);
  const take = (from: number, label: string, detail: string, insert = label): Completion => ({
    label,
    detail,
    text: before.slice(0, from) + insert + after,
    caret: from + insert.length,
  });
  const value = /\{[^}]*service_name\s*=~?\s*"([^"{}]*)$/.exec(before);
  if (value) {
    const word = value[1]!.toLowerCase();
    return services.filter((name) => name.toLowerCase().includes(word)).slice(0, 10).map((name) => take(caret - word.length, name, 'service', after.startsWith('"') ? name : `${name}"`));
  }
  const label = /^\s*\{\s*(?:[^{}"]*"[^"]*"\s*,\s*)*(\w*)$/.exec(before);
  if (label) {
    const word = label[1]!;
    return ['service_name', 'level'].filter((name) => name.startsWith(word) && name !== word).map((name) => take(caret - word.length, name, 'label', `${name}="`));
  }
  const stage = /(?:^|[}`"\w]\s+|\}\s*)([|!][=~]?|\|\s*[a-z]*)$/.exec(before);
  if (!stage) return [];
  const word = stage[1]!;
  return STAGES.filter(([text]) => text.startsWith(word) && text !== word).map(([text, detail]) => take(caret - word.length, text.replace(' `', ''), detail, text));
}
