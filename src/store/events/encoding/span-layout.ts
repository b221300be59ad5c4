import type { SpanKind, SpanStatus } from '../../../model/span.ts';
import type { ColumnLayout } from './block-parts.ts';

/** The byte columns of a block of spans, in the order in which they are stored. */
export const SPAN_COLUMNS = {
  // core
  services: 0,
  names: 1,
  heads: 2,
  flags: 3,
  origins: 4,
  nameIds: 5,
  traceRefs: 6,
  spanRefs: 7,
  parentRefs: 8,
  starts: 9,
  durations: 10,
  // ids
  traceIds: 11,
  spanIds: 12,
  // detail
  texts: 13,
  pairs: 14,
  originDefinitions: 15,
  attributes: 16,
  extras: 17,
} as const;

/** How many of the columns belong to each part. */
export const SPAN_LAYOUT: ColumnLayout = { rowBytes: SPAN_COLUMNS.heads, core: 11, ids: 2, detail: 5 };

/** Span kinds by their number in opentelemetry-proto, which is bits 0-2 of a head. */
export const SPAN_KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

/** Statuses by their number in opentelemetry-proto, which is bits 3-4 of a head. */
export const SPAN_STATUSES: readonly SpanStatus[] = ['unset', 'ok', 'error'];

/** Bit 5 of a head: the row has an entry in the column of extras. */
export const HEAD_HAS_EXTRAS = 32;

/** Bits 3-4 of a head when the status is "error". */
export const HEAD_ERROR = 2 << 3;

/** What an entry of the extras holds, as bits of its first number, in the order in which it is written. */
export const SPAN_EXTRA = { traceState: 1, statusMessage: 2, dropped: 4, events: 8, links: 16 } as const;
