import { checkRegex, createMatcher } from '../../promql/matcher.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import { parseLogql } from '../../logql/parse-logql.ts';
import type { Pipeline } from '../../logql/pipeline.ts';
import type { AttributeConditionText } from '../../protocol/attribute-condition.ts';
import type { LogFilterParams } from '../../protocol/logs.ts';
import type { QueryProblem, TimeWindowParams } from '../../protocol/telemetry.ts';
import { REQUEST_ID_KEYS, type TraceFilterParams } from '../../protocol/traces.ts';
import type { AttributeCondition, CommonFilter, LineFilter, LogFilter, SpanFilter, TextPattern } from '../../store/events/query/query-types.ts';
import { logqlFilterOf } from './logql-filter.ts';

/** Makes the store's filter of what a window asks for. */
export function spanFilterOf(params: TraceFilterParams): Result<SpanFilter, QueryProblem> {
  const common = commonFilterOf(params);
  if (!common.ok) return common;
  const { operations, operationPattern, kinds, status, minDurationNano, maxDurationNano, isRoot, text } = params;
  const filter: SpanFilter = { ...common.value, operations, kinds, status, minDurationNano, maxDurationNano, isRoot, text };
  if (operationPattern === undefined || operationPattern === '') return ok(filter);
  const pattern = wholeTextPattern(operationPattern);
  return pattern.ok ? ok({ ...filter, operationPattern: pattern.value }) : fail({ field: 'operation', message: pattern.error });
}

/** A filter for logs, and the pipeline of the LogQL query where there is one. */
export interface LogSearch {
  readonly filter: LogFilter;
  readonly pipeline: Pipeline | undefined;
}

/** Makes the store's filter of what a window asks for. */
export function logFilterOf(params: LogFilterParams): Result<LogSearch, QueryProblem> {
  const common = commonFilterOf(params);
  if (!common.ok) return common;
  const { levels, spanId, text, services } = params;
  const lines: readonly LineFilter[] = text === undefined || text === '' ? [] : [{ op: 'contains', text, ignoreCase: true }];
  const filter: LogFilter = { ...common.value, levels, spanId, lines };
  const { logql = '' } = params;
  if (logql.trim() === '') return ok({ filter, pipeline: undefined });
  const query = parseLogql(logql);
  if (!query.ok) return fail({ field: 'logql', ...query.error });
  if (query.value.kind !== 'log') return fail({ field: 'logql', message: 'this query gives numbers: a search needs one that gives lines', startOffset: 0, endOffset: logql.length });
  const { filter: own, pipeline } = logqlFilterOf(query.value);
  const all = { ...filter, services: both(services, own.services), levels: both(levels, own.levels), lines: [...lines, ...(own.lines ?? [])], where: own.where };
  // Two lists without a common value let nothing pass; to the store, an empty list is none.
  const isImpossible = all.services?.length === 0 || all.levels?.length === 0;
  return ok({ filter: isImpossible ? { ...all, where: () => false } : all, pipeline });
}

function both<T>(a: readonly T[] | undefined, b: readonly T[] | undefined): readonly T[] | undefined {
  if (a === undefined || a.length === 0) return b;
  return b === undefined ? a : a.filter((value) => b.includes(value));
}

/** The window of time in the store's units. */
export function windowOf({ from, to }: TimeWindowParams): { readonly fromUnixNano: bigint | undefined; readonly toUnixNano: bigint | undefined } {
  return { fromUnixNano: from === undefined ? undefined : BigInt(from), toUnixNano: to === undefined ? undefined : BigInt(to) };
}

/** An id as the store has it: lower case, 32 digits. */
export const normalTraceId = (traceId: string): string => traceId.toLowerCase().padStart(32, '0');

function commonFilterOf(params: TraceFilterParams | LogFilterParams): Result<CommonFilter, QueryProblem> {
  const attributes: AttributeCondition[] = [];
  for (const [index, text] of (params.attributes ?? []).entries()) {
    const condition = conditionOf(text);
    if (!condition.ok) return fail({ field: 'attributes', index, message: condition.error });
    attributes.push(condition.value);
  }
  const { services, traceId, requestId } = params;
  return ok({
    ...windowOf(params),
    services,
    attributes,
    traceId: traceId === undefined ? undefined : normalTraceId(traceId),
    anyAttribute: requestId === undefined || requestId === '' ? undefined : REQUEST_ID_KEYS.map((key) => ({ key, op: '=', value: requestId })),
  });
}

function conditionOf({ key, op, value, scope }: AttributeConditionText): Result<AttributeCondition, string> {
  switch (op) {
    case '=':
    case '!=':
      return ok({ key, scope, op, value });
    case '=~':
    case '!~': {
      const pattern = wholeTextPattern(value);
      return pattern.ok ? ok({ key, scope, op, pattern: pattern.value }) : pattern;
    }
    case 'exists':
    case 'missing':
      return ok({ key, scope, op });
    default: {
      const number = Number(value);
      return value.trim() === '' || Number.isNaN(number) ? fail(`${op} compares numbers, ${JSON.stringify(value)} is none`) : ok({ key, scope, op, value: number });
    }
  }
}

function wholeTextPattern(pattern: string): Result<TextPattern, string> {
  const problem = checkRegex(pattern);
  return problem === undefined ? ok(createMatcher({ name: '', type: '=~', value: pattern })) : fail(problem);
}
