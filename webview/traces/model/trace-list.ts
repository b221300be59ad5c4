import type { TraceSummary } from '../../../src/protocol/traces.ts';

/** More are not kept on the page: the oldest go first. */
export const MAX_LISTED = 2_000;

/** A list with newer traces put in; one that is known already is replaced by its newer self. Newest first. */
export function mergeNewer(list: readonly TraceSummary[], newer: readonly TraceSummary[]): readonly TraceSummary[] {
  if (newer.length === 0) return list;
  const ids = new Set(newer.map(({ traceId }) => traceId));
  return [...newer, ...list.filter(({ traceId }) => !ids.has(traceId))].sort(byStart).slice(0, MAX_LISTED);
}

/** A list with an older page put behind it, without repetitions. */
export function mergeOlder(list: readonly TraceSummary[], older: readonly TraceSummary[]): readonly TraceSummary[] {
  const ids = new Set(list.map(({ traceId }) => traceId));
  return [...list, ...older.filter(({ traceId }) => !ids.has(traceId))];
}

/** Milliseconds since the epoch. */
export const startMs = ({ startUnixNano }: TraceSummary): number => Number(BigInt(startUnixNano) / 1_000n) / 1_000;

// Texts of nanoseconds have equal lengths from 2001 to 2286.
const byStart = (a: TraceSummary, b: TraceSummary): number => (a.startUnixNano < b.startUnixNano ? 1 : a.startUnixNano > b.startUnixNano ? -1 : 0);
