import type { ColumnLayout } from './block-parts.ts';

/** The byte columns of a block of log records, in the order in which they are stored. */
export const LOG_COLUMNS = {
  // core
  services: 0,
  levels: 1,
  severities: 2,
  origins: 3,
  times: 4,
  traceRefs: 5,
  spanRefs: 6,
  flags: 7,
  // ids
  traceIds: 8,
  spanIds: 9,
  // detail
  texts: 10,
  pairs: 11,
  originDefinitions: 12,
  attributes: 13,
  bodies: 14,
  extras: 15,
} as const;

/** How many of the columns belong to each part. */
export const LOG_LAYOUT: ColumnLayout = { rowBytes: LOG_COLUMNS.levels, core: 8, ids: 2, detail: 6 };

/** What the extras of a record hold, as bits of their first number, in the order in which they are written. */
export const LOG_EXTRA = { severityText: 1, eventName: 2, dropped: 4, time: 8, observed: 16 } as const;
