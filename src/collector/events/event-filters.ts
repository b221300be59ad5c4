import { checkRegex, createMatcher } from '../../promql/matcher.ts';
import { fail, ok, type Result } from '../../base/result.ts';
import type { AttributeConditionText } from '../../protocol/attribute-condition.ts';
import type { LogFilterParams } from '../../protocol/logs.ts';
import type { QueryProblem, TimeWindowParams } from '../../protocol/telemetry.ts';
import { REQUEST_ID_KEYS, type TraceFilterParams } from '../../protocol/traces.ts';
import type { AttributeCondition, CommonFilter, LogFilter, SpanFilter, TextPattern } from '../../store/events/query/query-types.ts';

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

/** Makes the store's filter of what a window asks for. */
export function logFilterOf(params: LogFilterParams): Result<LogFilter, QueryProblem> {
  const common = commonFilterOf(params);
  if (!common.ok) return common;
  if (params.logql !== undefined && params.logql.trim() !== '') return fail({ field: 'logql', message: 'LogQL is not supported yet' });
  const { levels, spanId, text } = params;
  const filter: LogFilter = { ...common.value, levels, spanId };
  return ok(text === undefined || text === '' ? filter : { ...filter, lines: [{ op: 'contains', text, ignoreCase: true }] });
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
