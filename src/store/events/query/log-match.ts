import { LOG_LEVELS } from '../encoding/log-level.ts';
import type { LogView } from '../encoding/log-view.ts';
import type { NameCatalogue } from '../blocks/name-catalogue.ts';
import { mayContain } from '../filter/trigrams.ts';
import { applyAnyCondition, applyCondition } from './attribute-match.ts';
import { createBlockTest, type BlockTest } from './block-filter.ts';
import type { LineFilter, LogFilter } from './query-types.ts';
import { keepNumbers, traceNumber } from './span-match.ts';
import { keepTimeWindow } from './time-window.ts';

/** Rules out blocks that hold no record the filter wants. */
export function createLogBlockTest(filter: LogFilter, catalogue: NameCatalogue): BlockTest {
  const levels = filter.levels && filter.levels.length > 0 ? new Set<string>(filter.levels) : undefined;
  const common = createBlockTest(filter, catalogue, levels && ((name) => levels.has(name)));
  const needles = (filter.lines ?? []).flatMap((line) => (line.op === 'contains' ? [line.text] : []));
  return (block) => {
    if (!common(block)) return false;
    const grams = needles.length > 0 && block.meta !== undefined ? block.filter('grams') : undefined;
    return grams === undefined || needles.every((needle) => mayContain(grams, needle));
  };
}

/** One byte a row: 1 where the record meets the filter. The cheapest conditions come first. May throw a CorruptBlockError. */
export function matchLogs(view: LogView, filter: LogFilter): Uint8Array {
  const rows = new Uint8Array(view.count).fill(1);
  if (filter.services && filter.services.length > 0) {
    const services = new Set(filter.services);
    keepNumbers(view.origins(), view.services(), (service) => services.has(service), rows);
  }
  keepLevels(view, filter, rows);
  keepTimeWindow(view.times(), filter, rows);
  if (filter.traceId !== undefined) keepTrace(view, filter.traceId, rows);
  if (filter.spanId !== undefined) keep(rows, (row) => view.spanId(row) === filter.spanId);
  for (const condition of filter.attributes ?? []) {
    if (!rows.includes(1)) return rows;
    applyCondition(view, condition, rows);
  }
  applyAnyCondition(view, filter.anyAttribute, rows);
  for (const line of filter.lines ?? []) {
    if (line.op === 'contains' && !view.mayHaveText(line.text, line.ignoreCase === true)) return rows.fill(0);
    const test = lineTest(line);
    keep(rows, (row) => test(view.bodyText(row)));
  }
  const { where } = filter;
  if (where) keep(rows, (row) => where(view.record(row)));
  return rows;
}

function keepLevels(view: LogView, { levels, minSeverity }: LogFilter, rows: Uint8Array): void {
  if (levels && levels.length > 0) {
    const numbers = view.levels();
    const allowed = LOG_LEVELS.map((level) => levels.includes(level));
    keep(rows, (row) => allowed[numbers[row]!] === true);
  }
  if (minSeverity !== undefined) {
    const severities = view.severities();
    keep(rows, (row) => severities[row]! >= minSeverity);
  }
}

function keepTrace(view: LogView, traceId: string, rows: Uint8Array): void {
  const wanted = traceNumber(view, traceId);
  const traces = view.traces();
  keep(rows, (row) => traces[row] === wanted);
}

function lineTest(line: LineFilter): (text: string) => boolean {
  switch (line.op) {
    case 'contains':
      return containsTest(line.text, line.ignoreCase === true);
    case 'excludes': {
      const contains = containsTest(line.text, line.ignoreCase === true);
      return (text) => !contains(text);
    }
    case 'matches':
      return (text) => line.pattern.matches(text);
    case 'mismatches':
      return (text) => !line.pattern.matches(text);
  }
}

function containsTest(needle: string, ignoreCase: boolean): (text: string) => boolean {
  if (!ignoreCase) return (text) => text.includes(needle);
  const folded = needle.toLowerCase();
  return (text) => text.toLowerCase().includes(folded);
}

function keep(rows: Uint8Array, test: (row: number) => boolean): void {
  for (let row = 0; row < rows.length; row++) if (rows[row] === 1 && !test(row)) rows[row] = 0;
}
