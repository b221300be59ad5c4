import type { LogFilterParams, LogHistogramAnswer, LogHistogramParams, LogLevelName, LogPage, LogRecordDetail, LogSearchParams, LogTail, LogTailParams } from '../../src/protocol/logs.ts';
import type { JsonResource, JsonScope, OperationsAnswer, PageEnd } from '../../src/protocol/telemetry.ts';

const SERVICES = ['gateway', 'router', 'billing', 'embeddings'] as const;
const RESOURCES: readonly JsonResource[] = SERVICES.map((service) => ({ service, attributes: { 'service.name': service, 'service.version': '1.4.2', 'host.name': 'dev' } }));
const SCOPES: readonly JsonScope[] = [{ name: 'app/http', version: '0.1.0', attributes: {} }];

/** The same numbers each time: a linear congruential generator, 0 … 1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

const hex = (random: () => number, digits: number): string => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');

/** A store of made-up records that answers as the collector does. */
export class GeneratedLogs {
  /** Newest first. */
  readonly records: LogRecordDetail[] = [];
  readonly #random: () => number;
  readonly #arrived: LogRecordDetail[] = [];

  /** `count` records spread evenly over the time before `endMs`. */
  constructor(count: number, endMs: number, spanMs = 3_000_000, seed = 7) {
    this.#random = createRandom(seed);
    for (let at = 0; at < count; at++) this.records.push(this.#record(endMs - (at / Math.max(1, count)) * spanMs));
  }

  /** A record that arrives now. */
  arrive(atMs: number, change: Partial<LogRecordDetail> = {}): void {
    const record = { ...this.#record(atMs), ...change };
    this.records.unshift(record);
    this.#arrived.push(record);
  }

  search(params: LogSearchParams, pageSize = params.limit): LogPage {
    const problem = problemOf(params);
    if (problem) return { records: [], resources: [], scopes: [], isComplete: true, scannedBlocks: 0, problem };
    const matching = this.#matching(params);
    const start = Number(params.cursor ?? 0);
    const records = matching.slice(start, start + pageSize);
    return { records, resources: RESOURCES, scopes: SCOPES, isComplete: true, scannedBlocks: 1, ...(start + pageSize < matching.length ? { next: String(start + pageSize) } : {}) };
  }

  tail(params: LogTailParams): LogTail {
    const from = params.after === undefined ? this.#arrived.length : Number(params.after);
    const fresh = this.#arrived.slice(from).filter((record) => matches(record, params));
    return { records: fresh, resources: RESOURCES, scopes: SCOPES, position: String(this.#arrived.length), skipped: 0 };
  }

  histogram(params: LogHistogramParams): LogHistogramAnswer {
    const counts: Partial<Record<LogLevelName, number[]>> = {};
    let total = 0;
    for (const record of this.#matching({ ...params, to: String(BigInt(params.from) + BigInt(params.bucketNano) * BigInt(params.bucketCount)) })) {
      const row = (counts[record.level] ??= new Array<number>(params.bucketCount).fill(0));
      row[Number((BigInt(record.timeUnixNano) - BigInt(params.from)) / BigInt(params.bucketNano))]! += 1;
      total++;
    }
    return { counts, total };
  }

  operations(): OperationsAnswer {
    const levels = new Map<string, number>();
    for (const { resource } of this.records) levels.set(SERVICES[resource]!, (levels.get(SERVICES[resource]!) ?? 0) + 1);
    return { operations: [], levels: [...levels].map(([service, count]) => ({ service, name: 'info', count, errorCount: 0 })) };
  }

  #matching(params: LogFilterParams): readonly LogRecordDetail[] {
    const [from, to] = [BigInt(params.from ?? 0), params.to === undefined ? undefined : BigInt(params.to)];
    return this.records.filter((record) => {
      const at = BigInt(record.timeUnixNano);
      return at >= from && (to === undefined || at < to) && matches(record, params);
    });
  }

  #record(atMs: number): LogRecordDetail {
    const random = this.#random;
    const roll = random();
    const level: LogLevelName = roll < 0.002 ? 'fatal' : roll < 0.04 ? 'error' : roll < 0.12 ? 'warn' : roll < 0.8 ? 'info' : roll < 0.97 ? 'debug' : 'trace';
    const requestId = `req-${hex(random, 8)}`;
    const latency = Math.floor(random() * 2_000);
    const lines: Readonly<Record<LogLevelName, string>> = {
      fatal: 'Out of memory: the process ends',
      error: `Upstream "groq" answered 429 after ${latency} ms: rate limited`,
      warn: `Retry ${1 + Math.floor(random() * 3)} of 3 for ${requestId}`,
      info: `POST /v1/chat/completions 200 in ${latency} ms`,
      debug: `Cache miss for key ${hex(random, 16)} in tenant ${Math.floor(random() * 40)}`,
      trace: `Span ${hex(random, 16)} closed`,
      unknown: 'plain line',
    };
    return {
      timeUnixNano: (BigInt(Math.floor(atMs)) * 1_000_000n + BigInt(Math.floor(random() * 1e6))).toString(),
      level,
      severityText: level.toUpperCase(),
      line: lines[level],
      attributes: { 'http.route': '/v1/chat/completions', 'request.id': requestId, 'llm.model': 'llama-3.3-70b', 'duration.ms': latency },
      traceId: roll < 0.9 ? hex(random, 32) : '',
      spanId: roll < 0.9 ? hex(random, 16) : '',
      eventName: '',
      resource: Math.floor(random() * SERVICES.length),
      scope: 0,
    };
  }
}

function matches(record: LogRecordDetail, { text, levels, services, traceId, requestId, attributes, logql }: LogFilterParams): boolean {
  if (text !== undefined && !record.line.toLowerCase().includes(text.toLowerCase())) return false;
  if (levels && !levels.includes(record.level)) return false;
  if (services && !services.includes(SERVICES[record.resource]!)) return false;
  if (traceId !== undefined && record.traceId !== traceId) return false;
  if (requestId !== undefined && record.attributes['request.id'] !== requestId) return false;
  if (attributes?.some(({ key, op, value }) => (attributeOf(record, key) === value) !== (op === '='))) return false;
  // As much of LogQL as the tests use.
  for (const [, operator, value] of (logql ?? '').matchAll(/(\|~|!~|\|=|!=)\s*`([^`]*)`/g)) {
    const isFound = operator!.endsWith('~') ? new RegExp(value!.replace('(?i)', ''), value!.startsWith('(?i)') ? 'i' : '').test(record.line) : record.line.includes(value!);
    if (isFound !== operator!.startsWith('|')) return false;
  }
  return true;
}

function attributeOf(record: LogRecordDetail, key: string): string | undefined {
  const value = record.attributes[key] ?? RESOURCES[record.resource]!.attributes[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function problemOf({ logql }: LogFilterParams): PageEnd['problem'] {
  const at = logql?.indexOf('| bad') ?? -1;
  return at < 0 ? undefined : { field: 'logql', message: 'unknown stage: bad', startOffset: at + 2, endOffset: at + 5 };
}
