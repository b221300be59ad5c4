import { parseGoDurationNano } from '../base/go-duration.ts';
import { parsePrometheusDuration } from '../base/prometheus-duration.ts';
import { unquotePromqlString } from '../promql/go-unquote.ts';
import type { LogqlProblem } from './ast.ts';
import { parseByteSize } from './byte-size.ts';

/** A token. `value` is the text of a string without its quotes, or the quantity of a number. */
export type Token = { readonly text: string; readonly startOffset: number; readonly endOffset: number } & (
  | { readonly kind: 'symbol' | 'name' | 'end' }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number' | 'duration' | 'bytes'; readonly value: number }
);

const SPACE = /(?:\s+|#[^\n]*)+/y;
const STRING = /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y;
const NAME = /[A-Za-z_][\w:]*/y;
const QUANTITY = /(?:\d|\.\d)[\w.µμ]*(?:(?<=[eE])[+-]\d+)?/y;
const SYMBOL = /\|=|\|~|\|>|!=|!~|!>|=~|==|>=|<=|--[a-z-]+|[{}()[\],|=><+\-*/%^]/y;

/** Cuts a query into tokens; the last one is `end`. Stops at the first problem. */
export function lexLogql(query: string): { readonly tokens: readonly Token[]; readonly problem: LogqlProblem | undefined } {
  const tokens: Token[] = [];
  let offset = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset;
    return pattern.exec(query)?.[0];
  };
  for (;;) {
    offset += take(SPACE)?.length ?? 0;
    if (offset >= query.length) break;
    const text = take(STRING) ?? take(NAME) ?? take(QUANTITY) ?? take(SYMBOL);
    const range = { startOffset: offset, endOffset: offset + (text?.length ?? 1) };
    const token = text === undefined ? undefined : tokenOf(text, range);
    if (token === undefined || typeof token === 'string') {
      return { tokens: [...tokens, endToken(query)], problem: { message: token ?? strayText(query.slice(offset)), ...range } };
    }
    tokens.push(token);
    offset = range.endOffset;
  }
  return { tokens: [...tokens, endToken(query)], problem: undefined };
}

// A text is what is wrong.
function tokenOf(text: string, range: { readonly startOffset: number; readonly endOffset: number }): Token | string {
  const first = text[0]!;
  if (first === '"' || first === '`') {
    const { value, problem } = unquotePromqlString(text);
    return problem === undefined ? { kind: 'string', text, value, ...range } : `not a text: ${problem}`;
  }
  if (/[A-Za-z_]/.test(first)) return { kind: 'name', text, ...range };
  if (!/^\.?\d/.test(text)) return { kind: 'symbol', text, ...range };
  if (/^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return { kind: 'number', text, value: Number(text), ...range };
  const durationNano = parseDurationNano(text);
  if (durationNano !== undefined) return { kind: 'duration', text, value: durationNano, ...range };
  const sizeBytes = parseByteSize(text);
  return sizeBytes === undefined ? `${JSON.stringify(text)} is neither a number, nor a duration, nor a size` : { kind: 'bytes', text, value: sizeBytes, ...range };
}

/** Go's durations, and Prometheus's for days, weeks and years, as Loki reads them. */
function parseDurationNano(text: string): number | undefined {
  const nano = parseGoDurationNano(text);
  if (nano !== undefined) return nano;
  const ms = parsePrometheusDuration(text);
  return ms.ok ? ms.value * 1e6 : undefined;
}

function strayText(rest: string): string {
  return /^["`]/.test(rest) ? 'the text does not end: a quote is missing' : `unexpected ${JSON.stringify(rest[0])}`;
}

const endToken = (query: string): Token => ({ kind: 'end', text: '', startOffset: query.length, endOffset: query.length });
