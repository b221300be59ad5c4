import type { LogLevelName } from '../../../src/protocol/logs.ts';
import { escapeRegex } from './filter-text.ts';
import type { LogRow } from './log-rows.ts';

/** Lines that differ only in numbers, ids and quoted texts. */
export interface LogPattern {
  /** The line with placeholders. */
  readonly text: string;
  readonly count: number;
  /** Of all lines looked at, 0 … 1. */
  readonly share: number;
  /** The most severe level seen. */
  readonly level: LogLevelName;
  /** RE2 that finds the lines of this pattern. */
  readonly regex: string;
}

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"|\'[^\']*\'';
const HEX = '\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b|\\b(?:0x)?[0-9a-fA-F]{8,}\\b';
const NUMBER = '\\d+(?:\\.\\d+)*';
const VARIABLE = new RegExp(`(${QUOTED})|(${HEX})|(${NUMBER})`, 'g');

/** Only so much of a line decides its pattern. */
const LINE_LIMIT = 300;

const SEVERITY: Readonly<Record<LogLevelName, number>> = { unknown: 0, trace: 1, debug: 2, info: 3, warn: 4, error: 5, fatal: 6 };

/** The pattern of one line: quoted texts are `"…"`, ids of eight and more hex digits `<id>`, numbers `#`. */
export function patternOf(line: string): string {
  return line.slice(0, LINE_LIMIT).replace(VARIABLE, (_, quoted?: string, hex?: string) => (quoted !== undefined ? '"…"' : hex !== undefined && /\d/.test(hex) ? '<id>' : hex ?? '#'));
}

/** RE2 for the lines of a pattern. A placeholder matches more than what it stands for; that is for people to read. */
export function regexOf(pattern: string): string {
  return pattern
    .split(/("…"|<id>|#)/)
    .map((part) => (part === '"…"' ? '["\'].*["\']' : part === '<id>' ? '[0-9a-fA-Fx-]+' : part === '#' ? '[0-9.]+' : escapeRegex(part)))
    .join('');
}

/** Groups rows by pattern, most frequent first; at most `limit` groups. */
export function groupPatterns(rows: readonly LogRow[], limit: number): LogPattern[] {
  const groups = new Map<string, { count: number; level: LogLevelName }>();
  for (const { record } of rows) {
    const text = patternOf(record.line);
    const group = groups.get(text);
    if (!group) groups.set(text, { count: 1, level: record.level });
    else {
      group.count++;
      if (SEVERITY[record.level] > SEVERITY[group.level]) group.level = record.level;
    }
  }
  return [...groups]
    .sort((a, b) => b[1].count - a[1].count)
    .slice(0, limit)
    .map(([text, { count, level }]) => ({ text, count, level, share: count / rows.length, regex: regexOf(text) }));
}
