import { isFailed, parentOf, type JaegerSpan, type JaegerTrace } from './jaeger-answer.ts';

/** One line of a list: start, id, duration, spans, errors, and what the trace was about. */
export function renderTraceLine({ traceID, spans, processes }: JaegerTrace): string {
  const start = startOf(spans);
  const duration = Math.max(0, ...spans.map((span) => span.startTime + span.duration - start));
  const root = spans.find((span) => parentOf(span) === undefined) ?? spans[0];
  const errors = spans.filter(isFailed).length;
  const title = root ? `${serviceOf(processes, root)}: ${root.operationName}` : '';
  return `${new Date(start / 1000).toISOString()}  ${traceID}  ${formatMicroseconds(duration).padStart(8)}  ${String(spans.length).padStart(5)} spans  ${errors > 0 ? `${errors} failed` : 'ok'}  ${title}`;
}

/** A trace as a tree; a span whose parent is missing stands at the top. Spans below others are by start time. */
export function renderTraceTree({ traceID, spans, processes }: JaegerTrace): string {
  const start = startOf(spans);
  const ids = new Set(spans.map(({ spanID }) => spanID));
  const children = new Map<string, JaegerSpan[]>();
  for (const span of [...spans].sort((a, b) => a.startTime - b.startTime)) {
    const parent = parentOf(span);
    const key = parent !== undefined && ids.has(parent) && parent !== span.spanID ? parent : '';
    const siblings = children.get(key);
    if (siblings) siblings.push(span);
    else children.set(key, [span]);
  }
  const lines = [`trace ${traceID}  ${new Date(start / 1000).toISOString()}  ${spans.length} spans`];
  // A stack, not recursion: traces may be deeper than the stack allows.
  const waiting = (children.get('') ?? []).map((span) => ({ span, depth: 0 })).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { span, depth } = next;
    lines.push(`${`+${formatMicroseconds(span.startTime - start)}`.padStart(10)} ${formatMicroseconds(span.duration).padStart(9)} ${isFailed(span) ? '!' : ' '} ${'  '.repeat(depth)}${serviceOf(processes, span)}: ${span.operationName}`);
    for (const child of (children.get(span.spanID) ?? []).reverse()) waiting.push({ span: child, depth: depth + 1 });
  }
  return lines.join('\n');
}

/** `850us`, `12.3ms`, `1.5s`. */
function formatMicroseconds(microseconds: number): string {
  if (microseconds < 1000) return `${microseconds}us`;
  if (microseconds < 1_000_000) return `${Number((microseconds / 1000).toPrecision(3))}ms`;
  return `${Number((microseconds / 1e6).toPrecision(3))}s`;
}

const startOf = (spans: readonly JaegerSpan[]): number => spans.reduce((earliest, { startTime }) => Math.min(earliest, startTime), Infinity);

const serviceOf = (processes: JaegerTrace['processes'], { processID }: JaegerSpan): string => processes[processID]?.serviceName ?? '';
