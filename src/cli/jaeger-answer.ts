import * as v from 'valibot';

const Tag = v.object({ key: v.string(), value: v.union([v.string(), v.number(), v.boolean()]) });
const Span = v.object({
  spanID: v.string(),
  operationName: v.string(),
  references: v.array(v.object({ refType: v.string(), spanID: v.string() })),
  /** Microseconds since the Unix epoch. */
  startTime: v.number(),
  /** Microseconds. */
  duration: v.number(),
  processID: v.string(),
  tags: v.array(Tag),
});
const Trace = v.object({ traceID: v.string(), spans: v.array(Span), processes: v.record(v.string(), v.object({ serviceName: v.string() })) });

/** What the CLI reads of Jaeger's answers. */
export const JaegerTraces = v.object({ data: v.array(Trace) });
export const JaegerServices = v.object({ data: v.array(v.string()) });

export type JaegerSpan = v.InferOutput<typeof Span>;
export type JaegerTrace = v.InferOutput<typeof Trace>;

/** Whether a span says that it failed. */
export const isFailed = ({ tags }: JaegerSpan): boolean => tags.some(({ key, value }) => key === 'error' && (value === true || value === 'true'));

/** The span above, within its trace. */
export const parentOf = ({ references }: JaegerSpan): string | undefined => references.find(({ refType }) => refType === 'CHILD_OF')?.spanID;
