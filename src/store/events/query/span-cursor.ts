/** The place of a span in the order of a search. Made of its content, so it outlives blocks and restarts. */
export interface SpanCursor {
  readonly startUnixNano: bigint;
  readonly traceId: string;
  readonly spanId: string;
}

/** The cursor as text; opaque to those who pass it on. */
export function encodeSpanCursor(cursor: SpanCursor): string {
  return `${cursor.startUnixNano}.${cursor.traceId}.${cursor.spanId}`;
}

/** Reads a cursor; undefined for a text that is none, which then counts as the start. */
export function decodeSpanCursor(text: string): SpanCursor | undefined {
  const match = /^(\d{1,20})\.([0-9a-f]{0,32})\.([0-9a-f]{0,16})$/.exec(text);
  return match ? { startUnixNano: BigInt(match[1]!), traceId: match[2]!, spanId: match[3]! } : undefined;
}
