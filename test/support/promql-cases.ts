import { CUSTOM_BUCKETS_SCHEMA, type CounterResetHint, type FloatHistogram } from '../../src/model/histogram.ts';
import { labelsFromRecord, type Labels } from '../../src/model/labels.ts';
import type { MemorySeries, MemoryValue } from './memory-series.ts';

/**
 * The language of test/promql/*.txt, line by line; `#` begins a comment, indentation means nothing.
 *
 *   series every 30s            begins new data; the lines up to the next query are series, a value for each interval
 *   name{a="b"} 1 2 _ stale     `_` no sample, `stale` the end of the series
 *   name 0..10x5                 0 and then five more, each 10 larger;  `7x3` is 7 four times
 *   name h(schema=0 count=4 sum=5 zero=1 width=0.001 pos=0:1,2 neg=1:1 bounds=1,2 hint=gauge)
 *   at 5m: EXPR                 an instant query; each result line is `{labels} = value`
 *   from 0 to 5m by 1m: EXPR    a range query; each result line has a value or `_` for each step
 *   at 5m ordered: EXPR         results must come in the order written
 *   = 5                         a scalar;  `= "text"` a string
 *   error TEXT / warning TEXT / info TEXT      what else the query says; warnings and infos not written must not come
 */
export interface PromqlCase {
  readonly line: number;
  readonly expr: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 for an instant query. */
  readonly stepMs: number;
  readonly isOrdered: boolean;
  readonly series: readonly MemorySeries[];
  readonly results: readonly { readonly labels: Labels; readonly values: readonly (MemoryValue | undefined)[] }[];
  readonly scalar: number | string | undefined;
  readonly error: string | undefined;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

type Building = { -readonly [Key in keyof PromqlCase]: PromqlCase[Key] } & {
  results: { labels: Labels; values: (MemoryValue | undefined)[] }[];
  warnings: string[];
  infos: string[];
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function durationMs(text: string): number {
  if (text === '0') return 0;
  let total = 0;
  const rest = text.replace(/^-/, '').replace(/(\d+)(ms|s|m|h)/g, (_, count: string, unit: string) => {
    total += Number(count) * UNITS[unit]!;
    return '';
  });
  if (rest !== '') throw new Error(`not a duration: ${text}`);
  return text.startsWith('-') ? -total : total;
}

/** Reads a file of cases. Throws for a line that it does not understand. */
export function readCases(text: string): PromqlCase[] {
  const cases: Building[] = [];
  let series: MemorySeries[] = [];
  let everyMs: number | undefined;
  let current: Building | undefined;
  text.split('\n').forEach((raw, index) => {
    const line = raw.replace(/^\s*#.*$/, '').trim();
    if (line === '') return;
    const data = /^series every (\S+)$/.exec(line);
    const instant = /^at (\S+?)( ordered)?: (.+)$/.exec(line);
    const range = /^from (\S+) to (\S+) by (\S+?): (.+)$/.exec(line);
    const note = /^(error|warning|info) (.+)$/.exec(line);
    if (data) {
      everyMs = durationMs(data[1]!);
      series = [];
      current = undefined;
    } else if (instant) current = begin(cases, series, index + 1, instant[3]!, instant[1]!, instant[1]!, undefined, instant[2] !== undefined);
    else if (range) current = begin(cases, series, index + 1, range[4]!, range[1]!, range[2]!, range[3], false);
    else if (current === undefined && everyMs !== undefined) series.push(readSeries(line, everyMs));
    else if (current !== undefined && note) addNote(current, note[1]!, note[2]!);
    else if (current !== undefined) addResult(current, line);
    else throw new Error(`line ${index + 1}: ${line}`);
  });
  return cases;
}

function begin(
  cases: Building[], series: readonly MemorySeries[], line: number, expr: string, start: string, end: string, step: string | undefined, isOrdered: boolean,
): Building {
  const built: Building = {
    line, expr, startMs: durationMs(start), endMs: durationMs(end), stepMs: step === undefined ? 0 : durationMs(step), isOrdered,
    series, results: [], scalar: undefined, error: undefined, warnings: [], infos: [],
  };
  cases.push(built);
  return built;
}

function addNote(current: Building, kind: string, text: string): void {
  if (kind === 'error') current.error = text;
  else (kind === 'warning' ? current.warnings : current.infos).push(text);
}

function addResult(current: Building, line: string): void {
  const text = /^= "(.*)"$/.exec(line);
  const scalar = /^= (\S+)$/.exec(line);
  const row = /^(.*?)\s*= (.+)$/.exec(line);
  if (text) current.scalar = text[1]!;
  else if (scalar) current.scalar = readNumber(scalar[1]!);
  else if (row) current.results.push({ labels: readLabels(row[1]!), values: readValues(row[2]!) });
  else throw new Error(`line after ${current.line}: ${line}`);
}

function readSeries(line: string, everyMs: number): MemorySeries {
  const head = /^[^\s{]*(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?/.exec(line)?.[0] ?? '';
  const samples: [number, MemoryValue][] = [];
  readValues(line.slice(head.length)).forEach((value, i) => {
    if (value !== undefined) samples.push([i * everyMs, value]);
  });
  return { labels: readLabels(head), samples };
}

function readLabels(text: string): Labels {
  const record: Record<string, string> = {};
  const name = /^[^{\s]+/.exec(text)?.[0];
  if (name !== undefined) record['__name__'] = name;
  for (const [, label, value] of text.matchAll(/([a-zA-Z_][\w.]*|"[^"]+")="((?:[^"\\]|\\.)*)"/g)) {
    record[label!.replaceAll('"', '')] = value!.replace(/\\(.)/g, '$1');
  }
  return labelsFromRecord(record);
}

function readNumber(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const value = Number(text);
  if (Number.isNaN(value) && text !== 'NaN') throw new Error(`not a number: ${text}`);
  return value;
}

/** Values apart by spaces; a histogram's parentheses hold spaces of their own. */
function readValues(text: string): (MemoryValue | undefined)[] {
  const values: (MemoryValue | undefined)[] = [];
  for (const [token] of text.trim().matchAll(/h\([^)]*\)(?:x\d+)?|\S+/g)) {
    const progression = /^(-?[\d.]+)\.\.(-?[\d.e]+)x(\d+)$/.exec(token);
    const repeated = /^(h\([^)]*\)|[^x]+)x(\d+)$/.exec(token);
    if (progression) {
      const [, first, step, count] = progression.map(Number);
      for (let i = 0; i <= count!; i++) values.push(first! + i * step!);
    } else if (repeated) for (let i = 0; i <= Number(repeated[2]); i++) values.push(readValue(repeated[1]!));
    else values.push(readValue(token));
  }
  return values;
}

function readValue(token: string): MemoryValue | undefined {
  if (token === '_') return undefined;
  if (token === 'stale') return 'stale';
  return token.startsWith('h(') ? readHistogram(token.slice(2, -1)) : readNumber(token);
}

function readHistogram(text: string): FloatHistogram {
  const fields = new Map(text.split(' ').map((field) => field.split('=') as [string, string]));
  const number = (key: string): number => readNumber(fields.get(key) ?? '0');
  const side = (key: string): { indexes: number[]; counts: number[] } => {
    const [offset = '0', counts = ''] = (fields.get(key) ?? '').split(':');
    const indexes: number[] = [];
    const kept: number[] = [];
    counts.split(',').forEach((count, i) => {
      if (count === '' || count === '0') return;
      indexes.push(Number(offset) + i);
      kept.push(readNumber(count));
    });
    return { indexes, counts: kept };
  };
  const bounds = fields.get('bounds');
  return {
    schema: bounds === undefined ? number('schema') : CUSTOM_BUCKETS_SCHEMA,
    count: number('count'), sum: number('sum'), zeroThreshold: number('width'), zeroCount: number('zero'),
    positive: side('pos'), negative: side('neg'), counterReset: (fields.get('hint') ?? 'unknown') as CounterResetHint,
    ...(bounds === undefined ? {} : { customValues: bounds.split(',').map(Number) }),
  };
}
