import type { AttributeConditionText } from './attribute-condition.ts';
import type { JsonAttributes, JsonResource, JsonScope, JsonValue, PageEnd, TimeWindowParams, UnixNanoText } from './telemetry.ts';

/** The six levels of OpenTelemetry's severities, and 'unknown'. */
export type LogLevelName = 'unknown' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Which log records are wanted: those that meet all conditions. What is left out does not limit the search. */
export interface LogFilterParams extends TimeWindowParams {
  /** Any of these. */
  readonly services?: readonly string[];
  /** Any of these. */
  readonly levels?: readonly LogLevelName[];
  /** In any case: in the line. */
  readonly text?: string;
  readonly attributes?: readonly AttributeConditionText[];
  /** Equal to any of the attributes that carry request ids (REQUEST_ID_KEYS of traces.ts). */
  readonly requestId?: string;
  /** 32 hex digits. */
  readonly traceId?: string;
  /** 16 hex digits. */
  readonly spanId?: string;
  /** A log query of LogQL: selector, line filters, parsers, label filters. The conditions above hold besides. */
  readonly logql?: string;
}

/** One page of a log search. */
export interface LogSearchParams extends LogFilterParams {
  /** 1 … 5000. */
  readonly limit: number;
  readonly cursor?: string;
}

/** A log record. */
export interface LogRecordDetail {
  readonly timeUnixNano: UnixNanoText;
  readonly level: LogLevelName;
  /** As it was sent; '' when only a number was. */
  readonly severityText: string;
  /** The body as one text: itself when it is a text, else its JSON. */
  readonly line: string;
  /** The body when it is not a text. */
  readonly body?: JsonValue;
  readonly attributes: JsonAttributes;
  /** '' when it belongs to no trace. */
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
  /** Index in `resources` of the page. */
  readonly resource: number;
  /** Index in `scopes` of the page. */
  readonly scope: number;
  /** What the parsers of the LogQL query found in the line. */
  readonly parsed?: Readonly<Record<string, string>>;
}

/** Records with what they share. */
export interface LogRecords {
  readonly records: readonly LogRecordDetail[];
  readonly resources: readonly JsonResource[];
  readonly scopes: readonly JsonScope[];
}

/** A page of records, newest first. */
export interface LogPage extends LogRecords, PageEnd {
  /** What was evicted reaches up to here: older records may once have been there. ms. */
  readonly evictedUpToMs?: number;
}

/** Follows logs by arrival. */
export interface LogTailParams extends LogFilterParams {
  /** The `position` of the answer before; undefined starts now. */
  readonly after?: string;
  /** 1 … 5000. */
  readonly limit: number;
}

/** Records that came since the position before, in the order in which they came. */
export interface LogTail extends LogRecords {
  readonly position: string;
  /** Records left out because more came than the limit. */
  readonly skipped: number;
  readonly problem?: PageEnd['problem'];
}

/** Counts records over time, in buckets of equal width from `from`. */
export interface LogHistogramParams extends LogFilterParams {
  readonly from: UnixNanoText;
  readonly bucketNano: number;
  /** 1 … 2000. */
  readonly bucketCount: number;
}

/** Counts by level: `counts.error[i]` is bucket `i`. Levels that do not occur are left out. */
export interface LogHistogramAnswer {
  readonly counts: Readonly<Partial<Record<LogLevelName, readonly number[]>>>;
  readonly total: number;
  readonly problem?: PageEnd['problem'];
}
