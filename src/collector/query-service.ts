import type { InstantSample, RangeSeries } from '../health/query.ts';
import { labelsToRecord } from '../model/labels.ts';
import type { SeriesSource } from '../model/series-source.ts';
import { createEngine, type Engine, type QueryOptions } from '../promql/engine.ts';
import type { QueryResult, QueryValue, ResultSeries } from '../promql/result.ts';
import type { RuleSample } from '../rules/rule-query.ts';
import type { GridSeries, RangeQueryAnswer, RangeQueryParams } from '../protocol/rpc.ts';
import { QUERY_TIMEOUT_MS, type ApiQuery } from './metrics-calls.ts';
import { encodeQueryResponse, type OwnedAnswer } from './query-response.ts';

type EvaluatedQuery = Extract<ApiQuery, { readonly kind: 'query' | 'query_range' }>;

/**
 * PromQL over the store, in the forms that the API, the charts and the health evaluator want.
 * `whileRunning` is called often during a query: the worker takes in telemetry there, so that no query holds it up.
 */
export class QueryService {
  readonly #source: SeriesSource;
  readonly #engine: Engine;
  readonly #whileRunning: () => void;

  constructor(source: SeriesSource, isExperimental: boolean, whileRunning: () => void) {
    this.#source = source;
    this.#engine = createEngine({ experimental: isExperimental });
    this.#whileRunning = whileRunning;
  }

  /** Answers `/api/v1/query` and `/api/v1/query_range`. */
  answer(query: EvaluatedQuery, isCancelled: () => boolean): OwnedAnswer {
    const { lookbackMs, explain, limit, stats } = query.options;
    const options: QueryOptions = { timeoutMs: remainingMs(query.options), lookbackMs, explain, stepStats: stats === 'all', isCancelled: this.#polled(isCancelled) };
    const result =
      query.kind === 'query'
        ? this.#engine.instant(this.#source, query.expr, query.timeMs, options)
        : this.#engine.range(this.#source, query.expr, query.startMs, query.endMs, query.stepMs, options);
    const times = query.kind === 'query' ? { startMs: query.timeMs, stepMs: 0 } : query;
    return encodeQueryResponse(result, { limit, stats, explain }, times);
  }

  /** An instant vector (or scalar) for use inside the collector; rejects with the engine's message. Histograms are left out. */
  instant(expr: string, timeMs: number, isCancelled: () => boolean): readonly InstantSample[] {
    const value = valueOf(this.#engine.instant(this.#source, expr, timeMs, { isCancelled: this.#polled(isCancelled) }));
    if (value.type === 'scalar') return [{ labels: [], value: value.value }];
    if (value.type !== 'vector') throw new Error(`${expr} is a ${value.type}, not a vector`);
    return value.samples.filter(({ histogram }) => histogram === undefined).map(({ labels, value: number }) => ({ labels, value: number }));
  }

  /** The value of a rule's expression, histograms included; rejects with the engine's message. */
  vector(expr: string, timeMs: number, isCancelled: () => boolean): readonly RuleSample[] {
    const value = valueOf(this.#engine.instant(this.#source, expr, timeMs, { isCancelled: this.#polled(isCancelled) }));
    if (value.type === 'scalar') return [{ labels: [], value: value.value, histogram: undefined }];
    if (value.type !== 'vector') throw new Error('rule result is not a vector or scalar');
    return value.samples;
  }

  /** Series on a grid, null where they have no float. */
  range(expr: string, startMs: number, endMs: number, stepMs: number, isCancelled: () => boolean): readonly RangeSeries[] {
    const result = this.#engine.range(this.#source, expr, startMs, endMs, stepMs, { isCancelled: this.#polled(isCancelled) });
    return matrixOf(valueOf(result)).map((series) => ({ labels: series.labels, values: gridValues(series) }));
  }

  /** A batch of range queries on one grid; a query that fails does not fail the others. */
  grid({ queries, startMs, endMs, stepMs }: RangeQueryParams, isCancelled: () => boolean): RangeQueryAnswer {
    const results = queries.map(({ id, expr }): RangeQueryAnswer['results'][number] => {
      const result = this.#engine.range(this.#source, expr, startMs, endMs, stepMs, { isCancelled: this.#polled(isCancelled) });
      if (!result.ok) return { id, ok: false, error: result.message };
      const series = matrixOf(result.value).map((entry): GridSeries => ({ labels: labelsToRecord(entry.labels), values: gridValues(entry) }));
      return { id, ok: true, series, warnings: [...result.warnings, ...result.infos] };
    });
    return { startMs, endMs, stepMs, results };
  }

  #polled(isCancelled: () => boolean): () => boolean {
    return () => {
      this.#whileRunning();
      return isCancelled();
    };
  }
}

/** What is left of the time for a query after the wait for its turn; negative when nothing is. */
function remainingMs({ timeoutMs, arrivedMs = Date.now() }: EvaluatedQuery['options']): number {
  return Math.min(timeoutMs ?? Infinity, QUERY_TIMEOUT_MS) - (Date.now() - arrivedMs);
}

function valueOf(result: QueryResult): QueryValue {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

function matrixOf(value: QueryValue): readonly ResultSeries[] {
  if (value.type !== 'matrix') throw new Error(`a range query gave a ${value.type}`);
  return value.series;
}

function gridValues({ values, present }: ResultSeries): (number | null)[] {
  // JSON has no NaN and no infinities: to a chart they are gaps.
  return Array.from(values, (value, i) => (present[i] === 1 && Number.isFinite(value) ? value : null));
}
