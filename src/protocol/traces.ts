import type { SpanKind, SpanStatus } from '../model/span.ts';
import type { AttributeConditionText } from './attribute-condition.ts';
import type { JsonAttributes, JsonResource, JsonScope, PageEnd, TimeWindowParams, UnixNanoText } from './telemetry.ts';

export type { SpanKind, SpanStatus } from '../model/span.ts';

/** Which traces are wanted: those with a span that meets all conditions. What is left out does not limit the search. */
export interface TraceFilterParams extends TimeWindowParams {
  /** Any of these. */
  readonly services?: readonly string[];
  /** Any of these span names. */
  readonly operations?: readonly string[];
  /** An RE2 pattern for the whole span name. */
  readonly operationPattern?: string;
  readonly kinds?: readonly SpanKind[];
  readonly status?: SpanStatus;
  /** Of the span, inclusive. */
  readonly minDurationNano?: number;
  readonly maxDurationNano?: number;
  /** Only spans without a parent can match: then durations and status are those of whole traces. */
  readonly isRoot?: boolean;
  readonly attributes?: readonly AttributeConditionText[];
  /** Equal to any of the attributes that carry request ids ({@link REQUEST_ID_KEYS}). */
  readonly requestId?: string;
  /** Up to 32 hex digits. */
  readonly traceId?: string;
  /** In any case: in the service, the span's name, the status message, an attribute's value or an event's name. */
  readonly text?: string;
}

/** One page of a trace search. */
export interface TraceSearchParams extends TraceFilterParams {
  /** 1 … 1000. */
  readonly limit: number;
  readonly cursor?: string;
}

/** A trace in a list, by its newest matching span. */
export interface TraceSummary {
  readonly traceId: string;
  /** Of the span without a parent, else of the earliest one. */
  readonly rootService: string;
  readonly rootName: string;
  readonly startUnixNano: UnixNanoText;
  readonly durationNano: number;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Spans that meet the search. */
  readonly matchCount: number;
  /** Kept from eviction. */
  readonly isPinned?: boolean;
  /** Most spans first. */
  readonly services: readonly { readonly service: string; readonly spanCount: number; readonly errorCount: number }[];
}

/** A page of traces, newest first. */
export interface TracePage extends PageEnd {
  readonly traces: readonly TraceSummary[];
}

/** An event of a span. */
export interface SpanEventDetail {
  /** From the start of the trace. */
  readonly offsetNano: number;
  readonly name: string;
  readonly attributes: JsonAttributes;
}

/** A link to another span. */
export interface SpanLinkDetail {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: JsonAttributes;
}

/** A span of an opened trace. */
export interface SpanDetail {
  readonly spanId: string;
  /** '' for a root; may be the id of a span that is not there. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly status: SpanStatus;
  readonly statusMessage: string;
  /** From the start of the trace. */
  readonly offsetNano: number;
  readonly durationNano: number;
  /** Index in `resources` of the trace. */
  readonly resource: number;
  /** Index in `scopes` of the trace. */
  readonly scope: number;
  readonly attributes: JsonAttributes;
  readonly events: readonly SpanEventDetail[];
  readonly links: readonly SpanLinkDetail[];
  /** Attributes, events and links that the sender left out. */
  readonly droppedCount: number;
}

/** A whole trace. */
export interface TraceDetail {
  readonly traceId: string;
  /** Start of the earliest span. */
  readonly startUnixNano: UnixNanoText;
  readonly durationNano: number;
  readonly isPinned: boolean;
  readonly resources: readonly JsonResource[];
  readonly scopes: readonly JsonScope[];
  /** By start time. */
  readonly spans: readonly SpanDetail[];
}

/** The answer to opening a trace; undefined when it is unknown or was evicted. */
export interface TraceAnswer {
  readonly trace?: TraceDetail;
  /** What was evicted reaches up to here: an older trace may once have been there. ms. */
  readonly evictedUpToMs?: number;
}

/** Follows traces by arrival. */
export interface TraceTailParams extends TraceFilterParams {
  /** The `position` of the answer before; undefined starts now. */
  readonly after?: string;
  /** 1 … 1000. */
  readonly limit: number;
}

/** Traces that got matching spans since the position before; a trace may come again when it has grown. */
export interface TraceTail {
  readonly traces: readonly TraceSummary[];
  readonly position: string;
  /** Traces left out because more came than the limit. */
  readonly skipped: number;
  readonly problem?: PageEnd['problem'];
}

/** How often one service called another. */
export interface DependencyEdge {
  readonly caller: string;
  readonly callee: string;
  readonly callCount: number;
  readonly errorCount: number;
  /** Sum of the durations of the called spans. */
  readonly durationNano: number;
}

/** Calls between services in a window; most calls first. */
export interface DependenciesAnswer {
  readonly edges: readonly DependencyEdge[];
}

/** Keeps a trace from eviction, or no longer. */
export interface PinParams {
  readonly traceId: string;
  readonly isPinned: boolean;
}

/** All pins after the change; a trace that is unknown is not among them. */
export interface PinsAnswer {
  readonly pinned: readonly { readonly traceId: string; readonly pinnedMs: number; readonly spanCount: number }[];
}

/** The attributes in which request ids travel, in the order of how common they are. */
export const REQUEST_ID_KEYS: readonly string[] = [
  'request.id',
  'request_id',
  'requestId',
  'http.request.id',
  'http.request.header.x-request-id',
  'x-request-id',
  'X-Request-ID',
  'http.request_id',
  'correlation_id',
];
