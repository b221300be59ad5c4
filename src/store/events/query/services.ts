import type { BlockMeta, BlockSummary } from '../blocks/block-meta.ts';
import type { NameCatalogue } from '../blocks/name-catalogue.ts';
import { overlaps } from './block-filter.ts';

/** A service with one of its operations (spans) or levels (logs), and how many records of it are stored. */
export interface NameTotal {
  readonly service: string;
  readonly name: string;
  readonly count: number;
  readonly errorCount: number;
}

/**
 * Counts records by service and name, without reading blocks. With a window, blocks that overlap it count whole.
 * Repeated spans count as often as they were sent.
 */
export function countNames(
  metas: Iterable<BlockMeta>,
  open: BlockSummary['names'],
  catalogue: NameCatalogue,
  window: { readonly fromUnixNano?: bigint | undefined; readonly toUnixNano?: bigint | undefined },
): NameTotal[] {
  const totals = new Map<string, { service: string; name: string; count: number; errorCount: number }>();
  const add = (service: string, name: string, count: number, errors: number): void => {
    const key = JSON.stringify([service, name]);
    let total = totals.get(key);
    if (total === undefined) totals.set(key, (total = { service, name, count: 0, errorCount: 0 }));
    total.count += count;
    total.errorCount += errors;
  };
  const counts = new Map<number, { count: number; errors: number }>();
  for (const meta of metas) {
    if (!overlaps(meta, window.fromUnixNano, window.toUnixNano)) continue;
    for (const { nameId, count, errors } of meta.names) {
      const entry = counts.get(nameId);
      if (entry === undefined) {
        counts.set(nameId, { count, errors });
      } else {
        entry.count += count;
        entry.errors += errors;
      }
    }
  }
  for (const [nameId, { count, errors }] of counts) {
    const row = catalogue.row(nameId);
    if (row) add(row.service, row.name, count, errors);
  }
  for (const { service, name, count, errors } of open) add(service, name, count, errors);
  return [...totals.values()].sort((a, b) => compareText(a.service, b.service) || compareText(a.name, b.name));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
