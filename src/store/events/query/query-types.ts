import type { LogRecord } from '../../../model/log-record.ts';
import type { Span, SpanKind, SpanStatus } from '../../../model/span.ts';
import type { LogLevel } from '../encoding/log-level.ts';

/** A compiled pattern (re2js or the like): whether it matches anywhere in the text, or wholly, is the caller's choice. */
export interface TextPattern {
  matches(text: string): boolean;
}

/** Where an attribute is looked for: on the span or record itself, on its resource, on a span's events, or anywhere of these. */
export type AttributeScope = 'any' | 'own' | 'resource' | 'event';

/**
 * A condition on an attribute. Values are compared as text (see attributeText); a list also equals any of its items.
 * `!=` and `!~` are the negations of `=` and `=~`, so they hold where the attribute is missing.
 * The four comparisons hold for numbers, and for texts that are numbers.
 */
export type AttributeCondition = { readonly key: string; readonly scope?: AttributeScope | undefined } & (
  | { readonly op: '=' | '!='; readonly value: string }
  | { readonly op: '=~' | '!~'; readonly pattern: TextPattern }
  | { readonly op: '<' | '<=' | '>' | '>='; readonly value: number }
  | { readonly op: 'exists' | 'missing' }
);

/** Conditions that both signals know; all must hold. */
export interface CommonFilter {
  /** Any of these; empty or undefined means every service. */
  readonly services?: readonly string[] | undefined;
  readonly traceId?: string | undefined;
  /** Inclusive; for spans the start time counts. */
  readonly fromUnixNano?: bigint | undefined;
  /** Exclusive. */
  readonly toUnixNano?: bigint | undefined;
  readonly attributes?: readonly AttributeCondition[] | undefined;
  /** At least one of these must hold; empty or undefined limits nothing. */
  readonly anyAttribute?: readonly AttributeCondition[] | undefined;
}

/** Which spans to find. */
export interface SpanFilter extends CommonFilter {
  readonly operations?: readonly string[] | undefined;
  readonly operationPattern?: TextPattern | undefined;
  readonly kinds?: readonly SpanKind[] | undefined;
  readonly status?: SpanStatus | undefined;
  /** Inclusive. */
  readonly minDurationNano?: number | undefined;
  /** Inclusive. */
  readonly maxDurationNano?: number | undefined;
  /** Only spans without a parent. */
  readonly isRoot?: boolean | undefined;
  /** In any case: occurs in the service, the name, the status message, an attribute's value or an event's name. */
  readonly text?: string | undefined;
  /** Anything else; called with spans that meet all other conditions. */
  readonly where?: ((span: Span) => boolean) | undefined;
}

/** A condition on the text of a record's body. */
export type LineFilter =
  | { readonly op: 'contains' | 'excludes'; readonly text: string; readonly ignoreCase?: boolean | undefined }
  | { readonly op: 'matches' | 'mismatches'; readonly pattern: TextPattern };

/** Which log records to find. */
export interface LogFilter extends CommonFilter {
  readonly spanId?: string | undefined;
  readonly levels?: readonly LogLevel[] | undefined;
  /** OpenTelemetry's number, inclusive. */
  readonly minSeverity?: number | undefined;
  readonly lines?: readonly LineFilter[] | undefined;
  /** Anything else; called with records that meet all other conditions. */
  readonly where?: ((record: LogRecord) => boolean) | undefined;
}

/** How much to return. */
export interface PageRequest {
  readonly limit: number;
  /** The `next` of the page before. */
  readonly cursor?: string | undefined;
  /** After this time a page may end early, with fewer than `limit` items and a `next`. Default: no limit. */
  readonly budgetMs?: number | undefined;
}

/** A page, newest first. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined when there is no more. */
  readonly next: string | undefined;
  /** False when the time ran out: older items may exist although the page is not full. */
  readonly isComplete: boolean;
  /** Blocks whose content was looked at, for explaining a slow search. */
  readonly scannedBlocks: number;
}

/** What a list of traces shows of each. */
export interface TraceSummary {
  readonly traceId: string;
  /** Of the span without a parent, else of the earliest one. */
  readonly rootService: string;
  readonly rootName: string;
  readonly startUnixNano: bigint;
  readonly durationNano: number;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Spans that meet the search. */
  readonly matchCount: number;
  /** Most spans first. */
  readonly services: readonly { readonly service: string; readonly spanCount: number; readonly errorCount: number }[];
}
