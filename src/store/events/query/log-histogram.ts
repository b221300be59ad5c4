import type { BlockMeta } from '../blocks/block-meta.ts';
import type { NameCatalogue } from '../blocks/name-catalogue.ts';
import { LOG_LEVELS, type LogLevel } from '../encoding/log-level.ts';
import { createLogBlockTest, matchLogs } from './log-match.ts';
import type { LogFilter } from './query-types.ts';
import type { LogSource } from './span-source.ts';

/** Which records to count, in buckets of equal width; bucket `i` is [from + i * width, from + (i + 1) * width). */
export interface LogHistogramRequest {
  readonly filter: LogFilter;
  readonly fromUnixNano: bigint;
  readonly bucketNano: bigint;
  readonly bucketCount: number;
}

/** Counts by level; `counts[level][i]` is bucket `i`. Levels that do not occur are left out. */
export interface LogHistogram {
  readonly counts: Partial<Record<LogLevel, readonly number[]>>;
  readonly total: number;
}

/** Counts records over time. A block that lies within one bucket is counted without being read when the filter allows. */
export function countLogs(source: LogSource, request: LogHistogramRequest): LogHistogram {
  const { fromUnixNano, bucketNano, bucketCount } = request;
  const toUnixNano = fromUnixNano + bucketNano * BigInt(bucketCount);
  const filter: LogFilter = { ...request.filter, fromUnixNano, toUnixNano };
  const mayMatch = createLogBlockTest(filter, source.names);
  const isNameOnly = !needsRows(request.filter);
  const counts = new Map<LogLevel, number[]>();
  const add = (level: LogLevel, bucket: number, count: number): void => {
    let row = counts.get(level);
    if (row === undefined) counts.set(level, (row = new Array<number>(bucketCount).fill(0)));
    row[bucket]! += count;
  };
  for (const block of source.blocksNewestFirst()) {
    if (!mayMatch(block)) continue;
    const bucket = block.meta && isNameOnly ? onlyBucket(block.meta, request) : undefined;
    if (block.meta && bucket !== undefined) {
      countByNames(block.meta, source.names, filter, (level, count) => add(level, bucket, count));
      continue;
    }
    try {
      const view = block.view();
      if (view === undefined) continue;
      const rows = matchLogs(view, filter);
      const { values } = view.times();
      for (let row = rows.indexOf(1); row >= 0; row = rows.indexOf(1, row + 1)) {
        add(view.level(row), Number((values[row]! - fromUnixNano) / bucketNano), 1);
      }
    } catch (error) {
      source.onUnreadable(block.id, error);
    }
  }
  let total = 0;
  for (const row of counts.values()) for (const count of row) total += count;
  return { counts: Object.fromEntries(counts), total };
}

function needsRows(filter: LogFilter): boolean {
  return (
    filter.traceId !== undefined ||
    filter.spanId !== undefined ||
    filter.fromUnixNano !== undefined ||
    filter.toUnixNano !== undefined ||
    filter.minSeverity !== undefined ||
    filter.where !== undefined ||
    (filter.attributes?.length ?? 0) > 0 ||
    (filter.anyAttribute?.length ?? 0) > 0 ||
    (filter.lines?.length ?? 0) > 0
  );
}

// Undefined when the block reaches into two buckets or out of the window.
function onlyBucket(meta: BlockMeta, { fromUnixNano, bucketNano, bucketCount }: LogHistogramRequest): number | undefined {
  const first = BigInt(meta.minMs) * 1_000_000n - fromUnixNano;
  const last = BigInt(meta.maxMs + 1) * 1_000_000n - fromUnixNano;
  if (first < 0n || last >= bucketNano * BigInt(bucketCount) || first / bucketNano !== last / bucketNano) return undefined;
  return Number(first / bucketNano);
}

function countByNames(
  meta: BlockMeta,
  catalogue: NameCatalogue,
  { services, levels }: LogFilter,
  add: (level: LogLevel, count: number) => void,
): void {
  for (const { nameId, count } of meta.names) {
    const row = catalogue.row(nameId);
    if (row === undefined || (services && services.length > 0 && !services.includes(row.service))) continue;
    const level = LOG_LEVELS.find((known) => known === row.name) ?? 'unknown';
    if (!levels || levels.length === 0 || levels.includes(level)) add(level, count);
  }
}
