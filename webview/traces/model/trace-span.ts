/** A span as the models need it: plain, with times relative to the trace's first span so that they fit a double. */
export interface TraceSpan {
  readonly spanId: string;
  /** '' for a root. */
  readonly parentSpanId: string;
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  /** Nanoseconds after the trace's first span, by the clock of the span's host. */
  readonly startNs: number;
  readonly durationNs: number;
  readonly isError: boolean;
  /** Whose clock measured it; '' when unknown, which counts as the parent's. */
  readonly host: string;
}
