import { HEAD_ERROR, SPAN_KINDS, SPAN_STATUSES } from '../encoding/span-layout.ts';
import type { SpanView } from '../encoding/span-view.ts';
import { attributeText } from '../encoding/attribute-text.ts';
import type { BlockMeta, NameRow } from '../blocks/block-meta.ts';
import type { NameCatalogue } from '../blocks/name-catalogue.ts';
import { applyAnyCondition, applyCondition } from './attribute-match.ts';
import { createBlockTest, type BlockTest } from './block-filter.ts';
import type { SpanFilter } from './query-types.ts';
import { keepTimeWindow } from './time-window.ts';

/** Rules out blocks that hold no span the filter wants. */
export function createSpanBlockTest(filter: SpanFilter, catalogue: NameCatalogue): BlockTest {
  const operations = nonEmpty(filter.operations);
  const { operationPattern } = filter;
  const hasName =
    operations === undefined && operationPattern === undefined
      ? undefined
      : (name: NameRow['name']) => (operations?.has(name) ?? true) && (operationPattern?.matches(name) ?? true);
  const common = createBlockTest(filter, catalogue, hasName);
  return (block) => (block.meta === undefined || rangeAllows(filter, block.meta)) && common(block);
}

/** One byte a row: 1 where the span meets the filter. The cheapest conditions come first. May throw a CorruptBlockError. */
export function matchSpans(view: SpanView, filter: SpanFilter): Uint8Array {
  const rows = new Uint8Array(view.count).fill(1);
  keepHeads(view, filter, rows);
  keepNames(view, filter, rows);
  keepTimeWindow(view.starts(), filter, rows);
  keepDurations(view, filter, rows);
  if (filter.traceId !== undefined) keepTrace(view, filter.traceId, rows);
  for (const condition of filter.attributes ?? []) {
    if (!rows.includes(1)) return rows;
    applyCondition(view, condition, rows);
  }
  applyAnyCondition(view, filter.anyAttribute, rows);
  if (filter.text !== undefined && filter.text !== '') keep(rows, textTest(view, filter.text.toLowerCase()));
  const { where } = filter;
  if (where) keep(rows, (row) => where(view.record(row)));
  return rows;
}

function rangeAllows(filter: SpanFilter, meta: BlockMeta): boolean {
  if (filter.status === 'error' && meta.errors === 0) return false;
  if (filter.minDurationNano !== undefined && meta.maxDurationNano < filter.minDurationNano) return false;
  return filter.maxDurationNano === undefined || meta.minDurationNano <= filter.maxDurationNano;
}

function keepHeads(view: SpanView, filter: SpanFilter, rows: Uint8Array): void {
  const kinds = nonEmpty(filter.kinds);
  if (kinds === undefined && filter.status === undefined && filter.isRoot !== true) return;
  const heads = view.heads();
  const parents = filter.isRoot === true ? view.parents() : undefined;
  keep(
    rows,
    (row) =>
      (filter.status === undefined || SPAN_STATUSES[(heads[row]! & (HEAD_ERROR | 8)) >> 3] === filter.status) &&
      (kinds?.has(SPAN_KINDS[heads[row]! & 7]!) ?? true) &&
      (parents === undefined || parents[row] === -1),
  );
}

function keepNames(view: SpanView, filter: SpanFilter, rows: Uint8Array): void {
  const services = nonEmpty(filter.services);
  if (services) keepNumbers(view.origins(), view.services(), (service) => services.has(service), rows);
  const operations = nonEmpty(filter.operations);
  if (operations) keepNumbers(view.nameIds(), view.names(), (name) => operations.has(name), rows);
  const { operationPattern } = filter;
  if (operationPattern) keepNumbers(view.nameIds(), view.names(), (name) => operationPattern.matches(name), rows);
}

/** Keeps rows whose text (one of a few distinct ones) passes. */
export function keepNumbers(
  numbers: Uint32Array,
  texts: { readonly count: number; text(id: number): string },
  test: (text: string) => boolean,
  rows: Uint8Array,
): void {
  const allowed = Array.from({ length: texts.count }, (_, id) => test(texts.text(id)));
  for (let row = 0; row < rows.length; row++) if (allowed[numbers[row]!] !== true) rows[row] = 0;
}

function keepDurations(view: SpanView, { minDurationNano, maxDurationNano }: SpanFilter, rows: Uint8Array): void {
  if (minDurationNano === undefined && maxDurationNano === undefined) return;
  const durations = view.durations();
  const min = minDurationNano ?? -Infinity;
  const max = maxDurationNano ?? Infinity;
  for (let row = 0; row < rows.length; row++) if (durations[row]! < min || durations[row]! > max) rows[row] = 0;
}

function keepTrace(view: SpanView, traceId: string, rows: Uint8Array): void {
  const wanted = traceNumber(view, traceId);
  const traces = view.traces();
  for (let row = 0; row < rows.length; row++) if (traces[row] !== wanted) rows[row] = 0;
}

/** The number a trace has within a block, -1 when it is not there. */
export function traceNumber(view: { traceIdBytes(): Uint8Array }, traceId: string): number {
  const ids = view.traceIdBytes();
  const wanted = Buffer.from(traceId, 'hex');
  if (wanted.length !== 16) return -2;
  const haystack = Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength);
  for (let at = haystack.indexOf(wanted); at >= 0; at = haystack.indexOf(wanted, at + 1)) if (at % 16 === 0) return at / 16;
  return -2;
}

function textTest(view: SpanView, needle: string): (row: number) => boolean {
  const dictionary = view.dictionary();
  const pairHits = new Map<number, boolean>();
  const has = (text: string): boolean => text.toLowerCase().includes(needle);
  const pairHas = (pair: number): boolean => {
    let hit = pairHits.get(pair);
    if (hit === undefined) pairHits.set(pair, (hit = has(attributeText(dictionary.pairValue(pair)))));
    return hit;
  };
  return (row) => {
    if (has(view.name(row)) || has(view.service(row)) || view.attributePairs().of(row).some(pairHas)) return true;
    if (!view.hasExtras(row)) return false;
    const { statusMessage, eventNames } = view.extraTexts(row);
    return has(statusMessage) || eventNames.some(has) || view.eventPairs(row).some(pairHas);
  };
}

function keep(rows: Uint8Array, test: (row: number) => boolean): void {
  for (let row = 0; row < rows.length; row++) if (rows[row] === 1 && !test(row)) rows[row] = 0;
}

function nonEmpty<T>(list: readonly T[] | undefined): ReadonlySet<T> | undefined {
  return list !== undefined && list.length > 0 ? new Set(list) : undefined;
}
