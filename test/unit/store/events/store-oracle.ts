import type { Attributes, AttributeValue } from '../../../../src/model/attributes.ts';
import type { LogRecord } from '../../../../src/model/log-record.ts';
import type { Span } from '../../../../src/model/span.ts';
import type { AttributeCondition, CommonFilter, LogFilter, SpanFilter } from '../../../../src/store/events/query/query-types.ts';

/** What the store must answer, said in the plainest way: a list and a scan. */

export const serviceOf = (record: Span | LogRecord): string => textOf(record.resource.attributes.get('service.name') ?? '');

export const logTime = (record: LogRecord): bigint => record.timeUnixNano || record.observedUnixNano;

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

export function levelOf(record: LogRecord): string {
  if (record.severityNumber > 0) return LEVELS[Math.floor((record.severityNumber - 1) / 4)]!;
  return LEVELS.find((level) => level === record.severityText.toLowerCase()) ?? 'unknown';
}

export function spanMatches(span: Span, filter: SpanFilter): boolean {
  const duration = Number(span.endUnixNano - span.startUnixNano);
  return (
    commonMatches(span, span.startUnixNano, span.events.map((event) => event.attributes), filter) &&
    allows(filter.operations, span.name) &&
    (!filter.operationPattern || filter.operationPattern.matches(span.name)) &&
    allows(filter.kinds, span.kind) &&
    (!filter.status || filter.status === span.status) &&
    duration >= (filter.minDurationNano ?? -Infinity) &&
    duration <= (filter.maxDurationNano ?? Infinity) &&
    (!filter.isRoot || span.parentSpanId === '') &&
    (!filter.text || spanTexts(span).some((text) => text.toLowerCase().includes(filter.text!.toLowerCase()))) &&
    (!filter.where || filter.where(span))
  );
}

export function logMatches(record: LogRecord, filter: LogFilter): boolean {
  const body = textOf(record.body);
  return (
    commonMatches(record, logTime(record), [], filter) &&
    (filter.spanId === undefined || record.spanId === filter.spanId) &&
    allows<string>(filter.levels, levelOf(record)) &&
    record.severityNumber >= (filter.minSeverity ?? 0) &&
    (filter.lines ?? []).every((line) => {
      if ('pattern' in line) return line.pattern.matches(body) === (line.op === 'matches');
      const has = line.ignoreCase ? body.toLowerCase().includes(line.text.toLowerCase()) : body.includes(line.text);
      return has === (line.op === 'contains');
    }) &&
    (!filter.where || filter.where(record))
  );
}

/** Spans in the order of a search; a repeated one once. */
export function newestSpans(spans: readonly Span[], filter: SpanFilter): Span[] {
  const byId = new Map<string, Span>();
  for (const span of spans) if (spanMatches(span, filter)) byId.set(`${span.startUnixNano}${span.traceId}${span.spanId}`, span);
  return [...byId.values()].sort((a, b) => {
    if (a.startUnixNano !== b.startUnixNano) return a.startUnixNano < b.startUnixNano ? 1 : -1;
    return a.traceId + a.spanId < b.traceId + b.spanId ? -1 : 1;
  });
}

/** Log records in the order of a search. */
export function newestLogs(records: readonly LogRecord[], filter: LogFilter): LogRecord[] {
  return records
    .map((record, arrival) => ({ record, arrival }))
    .filter(({ record }) => logMatches(record, filter))
    .sort((a, b) => Number(logTime(b.record) - logTime(a.record)) || b.arrival - a.arrival)
    .map(({ record }) => record);
}

function commonMatches(record: Span | LogRecord, time: bigint, events: readonly Attributes[], filter: CommonFilter): boolean {
  return (
    allows(filter.services, serviceOf(record)) &&
    (filter.traceId === undefined || record.traceId === filter.traceId) &&
    (filter.fromUnixNano === undefined || time >= filter.fromUnixNano) &&
    (filter.toUnixNano === undefined || time < filter.toUnixNano) &&
    (filter.attributes ?? []).every((condition) => conditionHolds(record, events, condition))
  );
}

function conditionHolds(record: Span | LogRecord, events: readonly Attributes[], condition: AttributeCondition): boolean {
  const scope = condition.scope ?? 'any';
  const places = [
    ...(scope === 'any' || scope === 'own' ? [record.attributes] : []),
    ...(scope === 'any' || scope === 'resource' ? [record.resource.attributes] : []),
    ...(scope === 'any' || scope === 'event' ? events : []),
  ];
  const values = places.filter((place) => place.has(condition.key)).map((place) => place.get(condition.key)!);
  const isNegative = condition.op === '!=' || condition.op === '!~' || condition.op === 'missing';
  return values.some((value) => valueHolds(value, condition)) !== isNegative;
}

function valueHolds(value: AttributeValue, condition: AttributeCondition): boolean {
  const number = typeof value === 'string' && value.trim() === '' ? NaN : typeof value === 'object' || typeof value === 'boolean' ? NaN : Number(value);
  switch (condition.op) {
    case '=':
    case '!=':
      return textOf(value) === condition.value || (isList(value) && value.some((item) => textOf(item) === condition.value));
    case '=~':
    case '!~':
      return condition.pattern.matches(textOf(value));
    case '<':
      return number < condition.value;
    case '<=':
      return number <= condition.value;
    case '>':
      return number > condition.value;
    case '>=':
      return number >= condition.value;
    default:
      return true;
  }
}

function spanTexts(span: Span): string[] {
  const values = [span.attributes, ...span.events.map((event) => event.attributes)].flatMap((map) => [...map.values()].map(textOf));
  return [span.name, serviceOf(span), span.statusMessage, ...span.events.map((event) => event.name), ...values];
}

function textOf(value: AttributeValue): string {
  if (value === null) return '';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_key, item: AttributeValue) =>
    typeof item === 'bigint' ? String(item) : item instanceof Uint8Array ? Buffer.from(item).toString('base64') : item,
  );
}

function allows<T>(list: readonly T[] | undefined, value: T): boolean {
  return list === undefined || list.length === 0 || list.includes(value);
}

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}
