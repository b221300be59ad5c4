import type { Attributes, AttributeValue, Resource, Scope } from './attributes.ts';

/** One log line or event (opentelemetry-proto LogRecord). Times are nanoseconds since the Unix epoch. */
export interface LogRecord {
  readonly timeUnixNano: bigint;
  readonly observedUnixNano: bigint;
  /** 1 … 24 as OpenTelemetry numbers them, 0 when not given. */
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AttributeValue;
  readonly attributes: Attributes;
  /** 32 hex digits, '' when the record belongs to no trace. */
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: number;
  readonly eventName: string;
  readonly droppedAttributes: number;
  readonly resource: Resource;
  readonly scope: Scope;
}
