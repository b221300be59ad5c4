import type { SpanKind, SpanStatus } from '../../model/span.ts';

/** Span.SpanKind by number. */
export const SPAN_KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

/** Status.StatusCode by number. */
export const SPAN_STATUSES: readonly SpanStatus[] = ['unset', 'ok', 'error'];

/** Why a span cannot be stored, undefined when it can: both ids are needed and may not be zero. */
export function spanIdProblem(traceId: string, spanId: string, parentSpanId: string): string | undefined {
  if (traceId.length !== 32 || isZero(traceId)) return 'trace_id must be 16 bytes, not all zero';
  if (spanId.length !== 16 || isZero(spanId)) return 'span_id must be 8 bytes, not all zero';
  if (parentSpanId !== '' && parentSpanId.length !== 16) return 'parent_span_id must be empty or 8 bytes';
  return undefined;
}

/** An id of zeros means none. */
export const idOrNone = (id: string): string => (isZero(id) ? '' : id);

function isZero(id: string): boolean {
  return id.startsWith('0') && /^0*$/.test(id);
}
