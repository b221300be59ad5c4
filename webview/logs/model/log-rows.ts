import type { LogRecordDetail, LogRecords } from '../../../src/protocol/logs.ts';
import type { JsonResource, JsonScope } from '../../../src/protocol/telemetry.ts';

/** A record in the table, with what it shares with others. */
export interface LogRow {
  /** Unique in this panel; grows with arrival. */
  readonly key: number;
  /** Milliseconds since the epoch, with fractions; exact time is in the record. */
  readonly atMs: number;
  readonly record: LogRecordDetail;
  readonly resource: JsonResource;
  readonly scope: JsonScope;
}

const NO_RESOURCE: JsonResource = { service: 'unknown_service', attributes: {} };
const NO_SCOPE: JsonScope = { name: '', version: '', attributes: {} };

/** Makes rows of a page or a tail; `nextKey` gives each its key. */
export function rowsOf({ records, resources, scopes }: LogRecords, nextKey: () => number): LogRow[] {
  return records.map((record) => ({
    key: nextKey(),
    atMs: Number(record.timeUnixNano) / 1e6,
    record,
    resource: resources[record.resource] ?? NO_RESOURCE,
    scope: scopes[record.scope] ?? NO_SCOPE,
  }));
}

/** Newest first: negative when `a` stands above `b`. Times are compared exactly. */
export function compareRows(a: LogRow, b: LogRow): number {
  const [left, right] = [a.record.timeUnixNano, b.record.timeUnixNano];
  if (left.length !== right.length) return right.length - left.length;
  return left < right ? 1 : left > right ? -1 : b.key - a.key;
}

/**
 * Merges rows that have just arrived into `rows` (newest first). Those that are there already are left out: the first
 * tail after a search tells again what came between the two. Equal records are counted, so two alike stay two.
 */
export function mergeArrivals(rows: readonly LogRow[], arrivals: readonly LogRow[], isOverlapPossible: boolean): { readonly rows: readonly LogRow[]; readonly added: readonly LogRow[] } {
  const fresh = isOverlapPossible ? withoutKnown(rows, arrivals) : arrivals;
  if (fresh.length === 0) return { rows, added: [] };
  const added = [...fresh].sort(compareRows);
  const first = rows[0];
  if (first === undefined || compareRows(added.at(-1)!, first) < 0) return { rows: [...added, ...rows], added };
  const merged: LogRow[] = [];
  let at = 0;
  for (const row of added) {
    while (at < rows.length && compareRows(rows[at]!, row) < 0) merged.push(rows[at++]!);
    merged.push(row);
  }
  // Not by spread arguments: there may be a hundred thousand.
  return { rows: merged.concat(rows.slice(at)), added };
}

/** Appends an older page. */
export function appendOlder(rows: readonly LogRow[], older: readonly LogRow[]): readonly LogRow[] {
  return rows.concat(older);
}

function withoutKnown(rows: readonly LogRow[], arrivals: readonly LogRow[]): readonly LogRow[] {
  const oldest = arrivals.reduce((low, row) => Math.min(low, row.atMs), Infinity);
  const known = new Map<string, number>();
  for (const row of rows) {
    if (row.atMs < oldest - 1) break;
    const print = fingerprint(row);
    known.set(print, (known.get(print) ?? 0) + 1);
  }
  return arrivals.filter((row) => {
    const print = fingerprint(row);
    const count = known.get(print) ?? 0;
    if (count > 0) known.set(print, count - 1);
    return count === 0;
  });
}

const fingerprint = ({ record, resource }: LogRow): string => `${record.timeUnixNano}|${record.level}|${record.spanId}|${resource.service}|${record.line}`;
