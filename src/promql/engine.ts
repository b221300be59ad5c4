import type { SeriesSource } from '../model/series-source.ts';
import type { Expr } from './ast.ts';
import { EvaluationContext, type EvaluationOptions } from './eval/context.ts';
import { installEvaluator } from './eval/evaluate.ts';
import { finalBlock } from './eval/final-rows.ts';
import { firstStatsOnlySelector, statsOnlySelectors } from './eval/histogram-stats.ts';
import { compareLabels } from './eval/label-sets.ts';
import { matrixValue, seriesOfBlock } from './eval/matrix-value.ts';
import { reserveSelections } from './eval/reserve.ts';
import { explainPlan } from './explain.ts';
import { createMatcher } from './matcher.ts';
import { formatParseError } from './parse-error.ts';
import { parsePromql } from './parse.ts';
import type { Grid, Plan } from './plan.ts';
import { prepare } from './prepare.ts';
import { QueryError, type QueryErrorType } from './query-error.ts';
import type { QueryResult, QueryValue, ResultSample } from './result.ts';
import { documentedType, valueTypeOf } from './value-type.ts';

/** How an engine behaves; what is left out has Prometheus's default. */
export interface EngineOptions {
  /** How far back an instant selector looks for a sample. Default 5 minutes. */
  readonly lookbackMs?: number;
  /** How many samples a query may hold in memory. Default 50 million. */
  readonly maxSamples?: number;
  /** Default 2 minutes. */
  readonly timeoutMs?: number;
  /** The step of subqueries that have none: the evaluation interval. Default 1 minute. */
  readonly defaultSubqueryStepMs?: number;
  /** Takes experimental functions and the syntax of versions after 3.5, and means what these mean. Default false: as 3.5. */
  readonly experimental?: boolean;
  /** Keeps metric names until the query is done (feature promql-delayed-name-removal). Default: as `experimental`. */
  readonly delayedNameRemoval?: boolean;
  /** Lets rates and resets use start timestamps where the source has them. Default: as `experimental`. */
  readonly useStartTimestamps?: boolean;
  /** Judges counters by their `__type__` label instead of their name. Default false. */
  readonly typeAndUnitLabels?: boolean;
  /** The clock for timeouts. */
  readonly nowMs?: () => number;
}

/** What can be different from query to query. */
export interface QueryOptions {
  readonly lookbackMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** Polled while the query runs. */
  readonly isCancelled?: (() => boolean) | undefined;
  /** Measure every node, for `stats.plan` of the result. */
  readonly explain?: boolean | undefined;
  /** Count the samples of each step, for `stats.samplesPerStep` of the result. */
  readonly stepStats?: boolean | undefined;
  /** At most so many annotations of each level, 0 for all. Default 10, as in the Prometheus API. */
  readonly annotationLimit?: number | undefined;
}

/** Runs queries. Never throws: what goes wrong is in the result. */
export interface Engine {
  /** The value at one time. */
  instant(source: SeriesSource, query: string | Expr, timeMs: number, options?: QueryOptions): QueryResult;
  /** The values from `startMs` to `endMs`, `stepMs` apart; the last step is at or before the end. */
  range(source: SeriesSource, query: string | Expr, startMs: number, endMs: number, stepMs: number, options?: QueryOptions): QueryResult;
}

const MINUTE_MS = 60_000;

/** Makes an engine. It keeps nothing between queries. */
export function createEngine(options: EngineOptions = {}): Engine {
  return {
    instant: (source, query, timeMs, queryOptions = {}) =>
      run(options, queryOptions, source, query, { startMs: timeMs, endMs: timeMs, stepMs: 0 }),
    range: (source, query, startMs, endMs, stepMs, queryOptions = {}) =>
      run(options, queryOptions, source, query, { startMs, endMs, stepMs }),
  };
}

/** The times of a query; `stepMs` is 0 for an instant one. */
interface QueryTimes {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

function run(options: EngineOptions, queryOptions: QueryOptions, source: SeriesSource, query: string | Expr, times: QueryTimes): QueryResult {
  const startedMs = performance.now();
  const context = new EvaluationContext(source, evaluationOptions(options, queryOptions));
  // An expression without its text gets no positions into its annotations.
  const text = typeof query === 'string' ? query : '';
  try {
    const expr = typeof query === 'string' ? parsed(query, options.experimental ?? false) : query;
    checkType(expr, times);
    const plan = prepare(expr, {
      ...times, defaultSubqueryStepMs: options.defaultSubqueryStepMs ?? MINUTE_MS, createMatcher, isNewer: options.experimental ?? false,
    });
    // The query may have waited too long for its turn.
    context.checkNow('query execution');
    installEvaluator(context, queryOptions.explain ?? false);
    if (queryOptions.stepStats === true) context.samplesPerStep = new Float64Array(stepCount(times));
    const { samplesPerStep } = context;
    const value = evaluate(context, expr, plan, times);
    const stats = {
      totalSamples: context.totalSamples,
      peakSamples: context.peakSamples,
      samplesPerStep,
      evaluationMs: performance.now() - startedMs,
      plan: queryOptions.explain === true ? explainPlan(context, plan) : undefined,
    };
    return { ok: true, value, ...context.annotations.texts(text, queryOptions.annotationLimit ?? 10), stats };
  } catch (error) {
    const { errorType, message } = describe(error);
    return { ok: false, errorType, message, ...context.annotations.texts(text, queryOptions.annotationLimit ?? 10) };
  }
}

function evaluationOptions(options: EngineOptions, queryOptions: QueryOptions): EvaluationOptions {
  const nowMs = options.nowMs ?? Date.now;
  const timeoutMs = Math.min(queryOptions.timeoutMs ?? Infinity, options.timeoutMs ?? 2 * MINUTE_MS);
  const lookbackMs = queryOptions.lookbackMs ?? 0;
  return {
    lookbackMs: lookbackMs > 0 ? lookbackMs : options.lookbackMs ?? 5 * MINUTE_MS,
    maxSamples: options.maxSamples ?? 50_000_000,
    deadlineMs: nowMs() + timeoutMs,
    isCancelled: queryOptions.isCancelled ?? (() => false),
    delayedNameRemoval: options.delayedNameRemoval ?? options.experimental ?? false,
    useStartTimestamps: options.useStartTimestamps ?? options.experimental ?? false,
    typeAndUnitLabels: options.typeAndUnitLabels ?? false,
    isNewer: options.experimental ?? false,
    nowMs,
  };
}

function parsed(text: string, experimental: boolean): Expr {
  const { expr, errors } = parsePromql(text, { experimental });
  const [first] = errors;
  if (first !== undefined) throw new QueryError('bad_data', formatParseError(text, first));
  if (expr === undefined) throw new QueryError('internal', 'the parser gave no expression');
  return expr;
}

function checkType(expr: Expr, times: QueryTimes): void {
  if (times.stepMs === 0) return;
  const type = valueTypeOf(expr);
  if (type === 'scalar' || type === 'vector') return;
  throw new QueryError('bad_data', `invalid expression type "${documentedType(type)}" for range query, must be Scalar or instant Vector`);
}

function stepCount({ startMs, endMs, stepMs }: QueryTimes): number {
  return stepMs === 0 ? 1 : Math.max(0, Math.floor((endMs - startMs) / stepMs) + 1);
}

function evaluate(context: EvaluationContext, expr: Expr, plan: Plan, times: QueryTimes): QueryValue {
  const isInstant = times.stepMs === 0;
  const grid: Grid = { startMs: times.startMs, stepMs: isInstant ? 1 : times.stepMs, count: stepCount(times) };
  if (isInstant && plan.type === 'string') {
    return { type: 'string', timeMs: times.startMs, value: plan.kind === 'string' ? plan.value : '' };
  }
  reserveSelections(context, plan, grid);
  if (context.options.isNewer) statsOnlySelectors(plan, context.statsOnly);
  else firstStatsOnlySelector(plan, plan.kind !== 'invariant' && plan.source === expr, context.statsOnly);
  if (isInstant && plan.type === 'matrix') {
    const series = matrixValue(context, plan, grid);
    return { type: 'matrix', series: series.sort((a, b) => compareLabels(a.labels, b.labels)) };
  }
  if (grid.count === 0) return { type: 'matrix', series: [] };
  context.checkSize(grid.count);
  const block = finalBlock(context, plan, grid);
  if (!isInstant) {
    const series = seriesOfBlock(block, grid);
    return { type: 'matrix', series: series.sort((a, b) => compareLabels(a.labels, b.labels)) };
  }
  if (plan.type === 'scalar') return { type: 'scalar', timeMs: times.startMs, value: block.values[0]! };
  const samples: ResultSample[] = [];
  block.forEachRow((row) => {
    const cell = row.offset;
    samples.push({ labels: row.labels, value: row.values[cell]!, histogram: row.present[cell] === 2 ? row.histograms![cell] : undefined });
  });
  return { type: 'vector', timeMs: times.startMs, samples };
}

function describe(error: unknown): { errorType: QueryErrorType; message: string } {
  if (error instanceof QueryError) return error;
  return { errorType: 'internal', message: `unexpected error: ${error instanceof Error ? error.message : String(error)}` };
}
