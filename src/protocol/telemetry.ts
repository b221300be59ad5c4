/**
 * What traces and logs share on their way to windows and webviews. JSON has no 64-bit integers, so a point in time is a decimal string of
 * nanoseconds since the Unix epoch, and a length of time is a number of nanoseconds (exact up to 104 days).
 */

/** Nanoseconds since the Unix epoch in decimal: `BigInt(text)` is the exact time, `Number(text) / 1e6` milliseconds. */
export type UnixNanoText = string;

/** An attribute's value in JSON. Integers beyond 2^53, NaN and infinities are strings; bytes are base64. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Attributes in the order in which they were received. */
export type JsonAttributes = Readonly<Record<string, JsonValue>>;

/** Who produced the telemetry. */
export interface JsonResource {
  /** `service.name`, or `unknown_service`. */
  readonly service: string;
  readonly attributes: JsonAttributes;
}

/** Which library recorded it. */
export interface JsonScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: JsonAttributes;
}

/** Something that is wrong with what was asked for; the search has found nothing because of it. Offsets are UTF-16 units. */
export interface QueryProblem {
  readonly field: 'attributes' | 'operation' | 'logql';
  /** Which one of `attributes`. */
  readonly index?: number;
  readonly message: string;
  readonly startOffset?: number;
  readonly endOffset?: number;
}

/** How a search ended. */
export interface PageEnd {
  /** The `cursor` of the next page; undefined when there is no more. */
  readonly next?: string;
  /** False when the time for one page ran out first: older items may exist although the page is not full. */
  readonly isComplete: boolean;
  /** Blocks whose content was looked at, for explaining a slow search. */
  readonly scannedBlocks: number;
  readonly problem?: QueryProblem;
}

/** A service with one of its operations or log levels, and how many records of it are stored. */
export interface NameCount {
  readonly service: string;
  readonly name: string;
  readonly count: number;
  readonly errorCount: number;
}

/** A window of time; either end may be open. */
export interface TimeWindowParams {
  readonly from?: UnixNanoText;
  /** Exclusive. */
  readonly to?: UnixNanoText;
}

/** The names that searches can be limited to. Blocks that overlap the window count whole. */
export interface ServicesAnswer {
  /** Services that have spans or logs, sorted. */
  readonly services: readonly string[];
}

/** Names by service, sorted. */
export interface OperationsAnswer {
  /** Operations of spans. */
  readonly operations: readonly NameCount[];
  /** Levels of log records. */
  readonly levels: readonly NameCount[];
}
