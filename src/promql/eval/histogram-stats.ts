import { NO_BUCKETS } from '../../model/histogram-buckets.ts';
import { isCounterReset } from '../../model/histogram-compare.ts';
import type { CounterResetHint, FloatHistogram } from '../../model/histogram.ts';
import type { SeriesSamples } from '../../model/series-source.ts';
import type { Plan, SelectorPlan } from '../plan.ts';

const NEEDS_STATS_ONLY: ReadonlySet<string> = new Set(['histogram_count', 'histogram_sum', 'histogram_avg']);
const NEEDS_BUCKETS: ReadonlySet<string> = new Set(['histogram_quantile', 'histogram_quantiles', 'histogram_fraction']);

/**
 * The selectors of a query of whose histograms only count and sum matter: those under histogram_count and its like, with
 * nothing between or above that needs buckets (prometheus/promql: detectHistogramStatsDecoding).
 */
export function statsOnlySelectors(plan: Plan, found = new Set<SelectorPlan>(), state: 'none' | 'stats' | 'buckets' = 'none'): Set<SelectorPlan> {
  switch (plan.kind) {
    case 'selector':
      if (state === 'stats') found.add(plan);
      break;
    case 'matrix':
      statsOnlySelectors(plan.selector, found, state);
      break;
    // Resets between the samples that a subquery picks cannot be told without buckets.
    case 'subquery':
      statsOnlySelectors(plan.expr, found, 'buckets');
      break;
    case 'negate': case 'invariant':
      statsOnlySelectors(plan.expr, found, state);
      break;
    case 'aggregate':
      statsOnlySelectors(plan.expr, found, state);
      if (plan.param !== undefined) statsOnlySelectors(plan.param, found, state);
      break;
    case 'binary': {
      const inner = plan.op === '</' || plan.op === '>/' ? 'buckets' : state;
      statsOnlySelectors(plan.lhs, found, inner);
      statsOnlySelectors(plan.rhs, found, inner);
      break;
    }
    case 'call': {
      let inner = state;
      if (NEEDS_BUCKETS.has(plan.func)) inner = 'buckets';
      else if (NEEDS_STATS_ONLY.has(plan.func) && state !== 'buckets') inner = 'stats';
      for (const argument of plan.args) statsOnlySelectors(argument, found, inner);
      break;
    }
    default:
  }
  return found;
}

/**
 * The same as Prometheus 3.5 finds it: of the first selector of the query only, and without regard to a call that is the whole
 * query. `isWhole`: the plan is the query itself, with nothing around it.
 */
export function firstStatsOnlySelector(plan: Plan, isWhole: boolean, found: Set<SelectorPlan>): void {
  const isFound = (node: Plan, above: 'none' | 'stats' | 'buckets'): boolean => {
    const calls = node.kind === 'call' && !(isWhole && node === plan) ? node.func : '';
    const inner = NEEDS_BUCKETS.has(calls) ? 'buckets' : NEEDS_STATS_ONLY.has(calls) ? 'stats' : above;
    if (node.kind === 'selector') {
      if (above === 'stats') found.add(node);
      return true;
    }
    return inputsOf(node).some((input) => isFound(input, inner));
  };
  isFound(plan, 'none');
}

function inputsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case 'matrix': return [plan.selector];
    case 'subquery': case 'negate': case 'invariant': return [plan.expr];
    case 'aggregate': return plan.param === undefined ? [plan.expr] : [plan.expr, plan.param];
    case 'binary': return [plan.lhs, plan.rhs];
    case 'call': return plan.args;
    default: return [];
  }
}

/** The series with histograms of count and sum only, whose hints say what their buckets said about resets. */
export function withoutBuckets(series: SeriesSamples): SeriesSamples {
  if (series.histograms === undefined) return series;
  const histograms = new Array<FloatHistogram | undefined>(series.length);
  let last: FloatHistogram | undefined;
  for (let i = 0; i < series.length; i++) {
    const current = series.histograms[i];
    if (current === undefined || current.isStale === true) {
      histograms[i] = current;
      continue;
    }
    histograms[i] = statsOf(current, hintOf(current, last));
    last = current;
  }
  return { ...series, histograms };
}

function hintOf(current: FloatHistogram, last: FloatHistogram | undefined): CounterResetHint {
  if (current.counterReset !== 'unknown' || last === undefined) return current.counterReset;
  return isCounterReset(current, last) ? 'reset' : 'not_reset';
}

function statsOf(histogram: FloatHistogram, counterReset: CounterResetHint): FloatHistogram {
  const { schema, count, sum } = histogram;
  return { schema, count, sum, zeroThreshold: 0, zeroCount: 0, positive: NO_BUCKETS, negative: NO_BUCKETS, counterReset };
}
