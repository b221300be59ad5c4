import type { TraceSpan } from './trace-span.ts';

/** Who is whose child, by position in the input. Invariant: following `parent` ends at -1 for every span. */
export interface SpanLinks {
  /** The input without exact repetitions; all positions below are positions in it. */
  readonly spans: readonly TraceSpan[];
  /** -1 for a root. */
  readonly parent: Int32Array;
  /** 1 where a parent is named but was never received. */
  readonly isOrphan: Uint8Array;
  /** Spans that were received twice and left out. */
  readonly repeated: number;
  /** Rings of parents that were cut at their earliest span. */
  readonly cycles: number;
}

/**
 * Connects spans by their ids. A missing parent makes an orphan, which is a root too; a ring of parents is cut.
 * Of several spans with one id, exact repetitions are dropped; a client and a server that share an id (Zipkin) become
 * parent and child; of any others the first one has the children.
 */
export function linkSpans(input: readonly TraceSpan[]): SpanLinks {
  const spans: TraceSpan[] = [];
  const first = new Map<string, number>();
  const shared = new Map<string, number[]>();
  let repeated = 0;
  for (const span of input) {
    const known = first.get(span.spanId);
    if (known === undefined) {
      first.set(span.spanId, spans.length);
      spans.push(span);
      continue;
    }
    const twins = shared.get(span.spanId) ?? [known];
    if (twins.some((twin) => isSame(spans[twin]!, span))) {
      repeated++;
      continue;
    }
    twins.push(spans.length);
    shared.set(span.spanId, twins);
    spans.push(span);
  }
  const parent = new Int32Array(spans.length).fill(-1);
  const isOrphan = new Uint8Array(spans.length);
  const holder = new Map(first);
  for (const [id, twins] of shared) {
    // The server's side of a shared span is where the work, so the children, are.
    const server = twins.find((twin) => spans[twin]!.kind === 'server');
    if (server !== undefined && twins.some((twin) => spans[twin]!.kind === 'client')) holder.set(id, server);
  }
  for (let i = 0; i < spans.length; i++) {
    const span = spans[i]!;
    const twins = shared.get(span.spanId);
    const client = twins && span.kind === 'server' ? twins.find((twin) => spans[twin]!.kind === 'client') : undefined;
    if (client !== undefined && holder.get(span.spanId) === i) {
      parent[i] = client;
      continue;
    }
    if (span.parentSpanId === '') continue;
    const found = holder.get(span.parentSpanId);
    if (found === undefined) isOrphan[i] = 1;
    else if (found !== i) parent[i] = found;
  }
  return { spans, parent, isOrphan, repeated, cycles: cutCycles(spans, parent) };
}

const isSame = (a: TraceSpan, b: TraceSpan): boolean =>
  a.startNs === b.startNs && a.durationNs === b.durationNs && a.name === b.name && a.service === b.service && a.kind === b.kind && a.parentSpanId === b.parentSpanId;

/** Makes the earliest span of each ring a root; returns how many rings there were. */
function cutCycles(spans: readonly TraceSpan[], parent: Int32Array): number {
  // 0: not seen; otherwise the number of the walk that saw it.
  const seenBy = new Int32Array(spans.length);
  let cycles = 0;
  for (let i = 0; i < spans.length; i++) {
    const walk = i + 1;
    let at = i;
    while (at !== -1 && seenBy[at] === 0) {
      seenBy[at] = walk;
      at = parent[at]!;
    }
    if (at === -1 || seenBy[at] !== walk) continue;
    let earliest = at;
    for (let next = parent[at]!; next !== at; next = parent[next]!) {
      if (spans[next]!.startNs < spans[earliest]!.startNs) earliest = next;
    }
    parent[earliest] = -1;
    cycles++;
  }
  return cycles;
}
