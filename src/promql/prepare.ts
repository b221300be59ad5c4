import type { AtModifier, BinaryExpr, Call, Expr, LabelMatcher, ValueType, VectorMatching, VectorSelector } from './ast.ts';
import type { Matcher } from '../model/series-source.ts';
import { resolveDuration, type DurationContext } from './durations.ts';
import type { CallPlan, Plan, SelectorPlan } from './plan.ts';

/** The times of a query and what is needed to make it ready. */
export interface PrepareOptions {
  readonly startMs: number;
  readonly endMs: number;
  /** 0 for an instant query. */
  readonly stepMs: number;
  readonly defaultSubqueryStepMs: number;
  readonly createMatcher: (matcher: LabelMatcher) => Matcher;
  /** As the versions after 3.5; those do not count parentheses around a constant argument to its position. */
  readonly isNewer: boolean;
}

/** Functions whose value depends on the evaluation time even when their arguments do not (prometheus/promql: AtModifierUnsafeFunctions). */
const TIME_DEPENDENT = new Set([
  'days_in_month', 'day_of_month', 'day_of_week', 'day_of_year', 'end', 'hour', 'minute', 'month', 'year',
  'predict_linear', 'range', 'start', 'step', 'time', 'timestamp',
]);

const SCALAR_FUNCTIONS = new Set(['time', 'pi', 'scalar', 'max_of', 'min_of', 'start', 'end', 'range', 'step']);

/** A prepared node; `isInvariant`: the same at every step; `canWrap`: worth marking as such at this level. */
interface Prepared {
  readonly plan: Plan;
  readonly isInvariant: boolean;
  readonly canWrap: boolean;
}

/**
 * Makes a parsed query ready to run (prometheus/promql: PreprocessExpr).
 * Throws a QueryError when a duration expression cannot be resolved.
 */
export function prepare(expr: Expr, options: PrepareOptions): Plan {
  const durations: DurationContext = {
    stepSeconds: options.stepMs / 1000,
    rangeSeconds: (options.endMs - options.startMs) / 1000,
  };
  const prepared = new Preparation(options, durations).prepare(expr);
  return prepared.canWrap ? wrapped(prepared.plan) : prepared.plan;
}

const DEFAULT_MATCHING: VectorMatching = { card: 'one-to-one', on: false, labels: [], include: [] };

function wrapped(plan: Plan, position = plan.position): Plan {
  return { kind: 'invariant', type: plan.type, position, source: plan.source, expr: plan };
}

class Preparation {
  readonly #options: PrepareOptions;
  readonly #durations: DurationContext;

  constructor(options: PrepareOptions, durations: DurationContext) {
    this.#options = options;
    this.#durations = durations;
  }

  prepare(expr: Expr): Prepared {
    const base = { position: expr.range.start, source: expr };
    switch (expr.type) {
      case 'numberLiteral':
        return { plan: { ...base, kind: 'number', type: 'scalar', value: expr.value }, isInvariant: true, canWrap: false };
      case 'stringLiteral':
        return { plan: { ...base, kind: 'string', type: 'string', value: expr.value }, isInvariant: true, canWrap: false };
      case 'parenExpr':
        return this.prepare(expr.expr);
      case 'vectorSelector': {
        const plan = this.#selector(expr);
        const isInvariant = plan.atMs !== undefined;
        return { plan, isInvariant, canWrap: isInvariant };
      }
      case 'matrixSelector': {
        const selector = this.#selector(expr.selector);
        const windowMs = resolveDuration(expr.window, this.#durations, false);
        return { plan: { ...base, kind: 'matrix', type: 'matrix', selector, windowMs }, isInvariant: selector.atMs !== undefined, canWrap: false };
      }
      case 'subquery': {
        const inner = this.prepare(expr.expr);
        const atMs = this.#time(expr.at);
        const stepMs = expr.step === undefined ? 0 : resolveDuration(expr.step, this.#durations, false);
        const plan: Plan = {
          ...base, kind: 'subquery', type: 'matrix', atMs,
          expr: inner.isInvariant ? wrapped(inner.plan) : inner.plan,
          windowMs: resolveDuration(expr.window, this.#durations, false),
          stepMs: stepMs === 0 ? this.#options.defaultSubqueryStepMs : stepMs,
          offsetMs: resolveDuration(expr.offset, this.#durations, true),
        };
        return { plan, isInvariant: atMs !== undefined, canWrap: false };
      }
      case 'unaryExpr': {
        const inner = this.prepare(expr.expr);
        if (expr.op === '+') return inner;
        return { ...inner, plan: { ...base, kind: 'negate', type: inner.plan.type, expr: inner.plan } };
      }
      case 'aggregation': {
        const inner = this.prepare(expr.expr);
        const param = expr.param === undefined ? undefined : this.prepare(expr.param);
        const plan: Plan = {
          ...base, kind: 'aggregate', type: 'vector', op: expr.op, expr: inner.plan, without: expr.without,
          param: param && (param.canWrap ? wrapped(param.plan) : param.plan), grouping: [...new Set(expr.grouping)].sort(),
        };
        return { ...inner, plan };
      }
      case 'binaryExpr':
        return this.#binary(expr);
      case 'call':
        return this.#call(expr);
    }
  }

  #binary(expr: BinaryExpr): Prepared {
    const lhs = this.prepare(expr.lhs);
    const rhs = this.prepare(expr.rhs);
    const isInvariant = lhs.isInvariant && rhs.isInvariant;
    const side = (prepared: Prepared): Plan => (!isInvariant && prepared.canWrap ? wrapped(prepared.plan) : prepared.plan);
    const isSet = expr.op === 'and' || expr.op === 'or' || expr.op === 'unless';
    const type: ValueType = lhs.plan.type === 'scalar' && rhs.plan.type === 'scalar' ? 'scalar' : 'vector';
    const plan: Plan = {
      kind: 'binary', type, position: expr.range.start, source: expr, op: expr.op, lhs: side(lhs), rhs: side(rhs),
      matching: expr.matching ?? (isSet ? { ...DEFAULT_MATCHING, card: 'many-to-many' } : DEFAULT_MATCHING),
      returnBool: expr.returnBool,
    };
    return { plan, isInvariant, canWrap: isInvariant };
  }

  #call(expr: Call): Prepared {
    const base = { position: expr.range.start, source: expr };
    const folded = this.#folded(expr.func);
    if (folded !== undefined) {
      return { plan: { ...base, kind: 'number', type: 'scalar', value: folded }, isInvariant: true, canWrap: false };
    }
    // The second argument of info() is a set of matchers, not something to evaluate.
    const args = expr.args.map((argument) => this.prepare(argument));
    const allInvariant = args.every((argument) => argument.isInvariant);
    const isTimestampOfSelector = expr.func === 'timestamp' && args[0]?.plan.kind === 'selector';
    const isInvariant = allInvariant && (!TIME_DEPENDENT.has(expr.func) || isTimestampOfSelector);
    const plan: CallPlan = {
      ...base, kind: 'call', type: SCALAR_FUNCTIONS.has(expr.func) ? 'scalar' : 'vector', func: expr.func,
      args: args.map((argument, i) => (isInvariant ? argument.plan : this.#argument(expr.args[i]!, argument))),
    };
    return { plan, isInvariant, canWrap: isInvariant };
  }

  /** An argument, marked when it is the same at every step. */
  #argument(expr: Expr, prepared: Prepared): Plan {
    if (!prepared.canWrap) return prepared.plan;
    return wrapped(prepared.plan, this.#options.isNewer ? prepared.plan.position : expr.range.start);
  }

  /** `start()`, `end()`, `range()` and `step()` are constants of the query, in seconds. */
  #folded(func: string): number | undefined {
    const { startMs, endMs, stepMs } = this.#options;
    switch (func) {
      case 'start': return startMs / 1000;
      case 'end': return endMs / 1000;
      case 'range': return (endMs - startMs) / 1000;
      case 'step': return startMs === endMs ? 0 : stepMs / 1000;
      default: return undefined;
    }
  }

  #time(at: AtModifier | undefined): number | undefined {
    if (at === undefined) return undefined;
    if (at.kind === 'timestamp') return at.timestampMs;
    return at.kind === 'start' ? this.#options.startMs : this.#options.endMs;
  }

  #selector(expr: VectorSelector): SelectorPlan {
    return {
      kind: 'selector', type: 'vector', position: expr.range.start, source: expr, name: expr.name,
      labelMatchers: expr.matchers,
      matchers: expr.matchers.map((matcher) => this.#options.createMatcher(matcher)),
      key: JSON.stringify(expr.matchers.map((matcher) => [matcher.name, matcher.type, matcher.value])),
      offsetMs: resolveDuration(expr.offset, this.#durations, true),
      atMs: this.#time(expr.at),
      extension: expr.extension,
    };
  }
}
