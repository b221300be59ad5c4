import * as v from 'valibot';
import type { LogHistogramParams, LogSearchParams, LogTailParams } from '../protocol/logs.ts';
import type { TimeWindowParams } from '../protocol/telemetry.ts';
import type { PinParams, TraceSearchParams, TraceTailParams } from '../protocol/traces.ts';

const text = (limit: number) => v.pipe(v.string(), v.maxLength(limit));
const names = v.pipe(v.array(text(1000)), v.maxLength(1000));
const unixNano = v.pipe(v.string(), v.regex(/^\d{1,19}$/, 'a time is a decimal text of nanoseconds'));
const durationNano = v.pipe(v.number(), v.finite(), v.minValue(0));
const traceId = v.pipe(v.string(), v.regex(/^[0-9a-fA-F]{1,32}$/, 'a trace id has up to 32 hex digits'));
const count = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

const window = { from: v.exactOptional(unixNano), to: v.exactOptional(unixNano) };

const Condition = v.object({
  key: v.pipe(text(1000), v.minLength(1)),
  op: v.picklist(['=', '!=', '=~', '!~', '<', '<=', '>', '>=', 'exists', 'missing']),
  value: text(10_000),
  scope: v.exactOptional(v.picklist(['any', 'own', 'resource', 'event'])),
});
const conditions = v.pipe(v.array(Condition), v.maxLength(100));

const common = {
  ...window,
  services: v.exactOptional(names),
  attributes: v.exactOptional(conditions),
  requestId: v.exactOptional(text(1000)),
  traceId: v.exactOptional(traceId),
  text: v.exactOptional(text(10_000)),
};

const traceFilter = {
  ...common,
  operations: v.exactOptional(names),
  operationPattern: v.exactOptional(text(10_000)),
  kinds: v.exactOptional(v.array(v.picklist(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']))),
  status: v.exactOptional(v.picklist(['unset', 'ok', 'error'])),
  minDurationNano: v.exactOptional(durationNano),
  maxDurationNano: v.exactOptional(durationNano),
  isRoot: v.exactOptional(v.boolean()),
};

const logFilter = {
  ...common,
  levels: v.exactOptional(v.array(v.picklist(['unknown', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']))),
  spanId: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'a span id has 16 hex digits'))),
  logql: v.exactOptional(text(100_000)),
};

const position = v.exactOptional(text(100));

const TraceSearch = v.object({ ...traceFilter, limit: count(1000), cursor: position });
const TraceTail = v.object({ ...traceFilter, limit: count(1000), after: position });
const LogSearch = v.object({ ...logFilter, limit: count(5000), cursor: position });
const LogTail = v.object({ ...logFilter, limit: count(5000), after: position });
const LogHistogram = v.object({ ...logFilter, from: unixNano, bucketNano: v.pipe(v.number(), v.safeInteger(), v.minValue(1)), bucketCount: count(2000) });

/** Checks of what a window asks about traces and logs; each throws a ValiError that names the field. */
export const eventGuards = {
  searchTraces: (value: unknown): TraceSearchParams => v.parse(TraceSearch, value),
  getTrace: (value: unknown): { readonly traceId: string } => v.parse(v.object({ traceId }), value),
  tailTraces: (value: unknown): TraceTailParams => v.parse(TraceTail, value),
  searchLogs: (value: unknown): LogSearchParams => v.parse(LogSearch, value),
  logHistogram: (value: unknown): LogHistogramParams => v.parse(LogHistogram, value),
  tailLogs: (value: unknown): LogTailParams => v.parse(LogTail, value),
  services: (value: unknown): TimeWindowParams => v.parse(v.object(window), value),
  operations: (value: unknown): TimeWindowParams => v.parse(v.object(window), value),
  dependencies: (value: unknown): Required<TimeWindowParams> => v.parse(v.object({ from: unixNano, to: unixNano }), value),
  setPinned: (value: unknown): PinParams => v.parse(v.object({ traceId, isPinned: v.boolean() }), value),
};
