import { pick } from './promql-random.ts';

const rangeFunctions = [
  'rate', 'increase', 'delta', 'irate', 'idelta', 'sum_over_time', 'avg_over_time', 'min_over_time', 'max_over_time', 'count_over_time', 'last_over_time', 'stddev_over_time',
  'stdvar_over_time', 'changes', 'resets', 'deriv', 'present_over_time', 'absent_over_time',
];
const vectorFunctions = [
  'abs', 'ceil', 'floor', 'exp', 'ln', 'log2', 'log10', 'sqrt', 'sgn', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'deg', 'rad', 'round',
  'timestamp', 'absent', 'sort', 'sort_desc', 'histogram_count', 'histogram_sum', 'histogram_avg', 'histogram_stddev', 'histogram_stdvar', 'day_of_week', 'hour', 'month', 'year', 'days_in_month',
  'day_of_year', 'minute', 'day_of_month',
];
const matchings = ['', ' on(job)', ' on(inst)', ' on(job,inst)', ' ignoring(le)', ' ignoring(extra)', ' on(job) group_left', ' on(inst) group_right', ' on(job,inst) group_left(extra)', ' ignoring(extra,le) group_left', ' on(inst) group_left(job)'];

/** Writes random queries, right in their types, over the series of `randomSeries`: all functions and aggregations of Prometheus 3.5. */
export class PromqlQueryGenerator {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** An instant vector, nested `depth` deep at most. */
  vector(depth: number): string {
    if (depth <= 0 || this.#is(0.15)) return `${this.#selector()}${this.#modifiers()}`;
    const d = depth - 1;
    return this.#weighted([
      [25, () => `${this.#one(rangeFunctions)}(${this.#range(d)})`],
      [4, () => `quantile_over_time(${this.scalar(d)}, ${this.#range(d)})`],
      [2, () => `predict_linear(${this.#range(d)}, ${this.scalar(d)})`],
      [6, () => `${this.#one(vectorFunctions)}(${this.vector(d)})`],
      [2, () => `${this.#one(['clamp_min', 'clamp_max', 'round'])}(${this.vector(d)}, ${this.scalar(d)})`],
      [1, () => `clamp(${this.vector(d)}, ${this.scalar(d)}, ${this.scalar(d)})`],
      [12, () => `${this.#one(['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'])}${this.#grouping()}(${this.vector(d)})`],
      [3, () => `${this.#one(['quantile', 'topk', 'bottomk'])}${this.#grouping()}(${this.scalar(d)}, ${this.vector(d)})`],
      [1, () => `count_values${this.#grouping()}("${this.#one(['v', 'job', 'v v'])}", ${this.vector(d)})`],
      [4, () => `histogram_quantile(${this.scalar(d)}, ${this.#histogram(d)})`],
      [2, () => `histogram_fraction(${this.#number()}, ${this.#number()}, ${this.#histogram(d)})`],
      [2, () => `label_replace(${this.vector(d)}, "${this.#one(['dst', 'job', '__name__', 'inst'])}", "${this.#one(['$1', 'x-$1', '', '${1}y'])}", "${this.#one(['job', 'inst', 'nope'])}", "${this.#one(['(.*)', 'a', '(.).*'])}")`],
      [1, () => `label_join(${this.vector(d)}, "${this.#one(['dst', 'inst', '__name__'])}", "-", "job", "inst")`],
      [1, () => `vector(${this.scalar(d)})`],
      [1, () => `-(${this.vector(d)})`],
      [4, () => `(${this.vector(d)}) ${this.#one(['+', '-', '*', '/', '%', '^', '==', '!=', '>', '<', '>=', '<=', '== bool', '> bool', 'atan2'])} ${this.scalar(d)}`],
      [3, () => `${this.scalar(d)} ${this.#one(['+', '-', '*', '/', '^', '==', '>', '<', '< bool'])} (${this.vector(d)})`],
      [4, () => `(${this.vector(d)}) ${this.#one(['and', 'or', 'unless'])}${this.#one(['', ` on(${this.#labels()})`, ` ignoring(${this.#labels()})`])} (${this.vector(d)})`],
      [8, () => `(${this.vector(d)}) ${this.#one(['+', '-', '*', '/', '==', '>', '<=', '!= bool', '^', '%'])}${this.#one(matchings)} (${this.vector(d)})`],
    ]);
  }

  scalar(depth: number): string {
    if (depth <= 0 || this.#is(0.6)) return this.#number();
    return this.#weighted([
      [4, () => `scalar(${this.vector(depth - 1)})`],
      [3, () => 'time()'],
      [1, () => 'pi()'],
      [3, () => `(${this.scalar(depth - 1)} ${this.#one(['+', '-', '*', '/', '%', '^', 'atan2', '== bool', '> bool'])} ${this.scalar(depth - 1)})`],
    ]);
  }

  #range(depth: number): string {
    if (depth > 0 && this.#is(0.2)) return `(${this.vector(depth - 1)})[${this.#duration()}:${this.#one(['', '15s', '30s', '1m', '7s'])}]${this.#modifiers()}`;
    return `${this.#selector()}[${this.#duration()}]${this.#modifiers()}`;
  }

  #histogram(depth: number): string {
    return this.#weighted([
      [1, () => 'lat_bucket'], [1, () => 'rate(lat_bucket[2m])'], [1, () => 'sum by (le) (rate(lat_bucket[2m]))'], [1, () => this.#one(['h', 'hc', 'rate(h[2m])', 'sum(rate(hc[2m]))'])], [2, () => this.vector(depth)],
    ]);
  }

  #selector(): string {
    const matcher = this.#is(0.2) ? this.#one(['job="a"', 'job!="a"', 'job=~"a|b"', 'inst=~"[12]"', 'inst!~"1"', 'extra=""', 'extra="x"']) : '';
    if (this.#is(0.04)) return `{__name__=~"${this.#one(['foo|bar', 'req.*', 'lat_.*', 'h.*|foo', 'bar'])}"${matcher === '' ? '' : `, ${matcher}`}}`;
    const name = this.#one(this.#is(0.4) ? ['h', 'hg', 'hc'] : ['foo', 'bar', 'req_total', 'lat_bucket', 'lat_sum']);
    return matcher === '' ? name : `${name}{${matcher}}`;
  }

  #modifiers(): string {
    const offset = this.#is(0.1) ? ` offset ${this.#one(['1m', '30s', '-1m', '5m', '-45s'])}` : '';
    return this.#is(0.08) ? `${offset} @ ${this.#one(['300', '600.5', 'start()', 'end()', '0', '-30'])}` : offset;
  }

  #grouping(): string {
    return this.#one([` by (${this.#labels()})`, ` without (${this.#labels()})`, '']);
  }

  #labels(): string {
    return this.#one(['', 'job', 'inst', 'job, inst', 'le', 'job, le', '__name__', 'nope', 'extra']);
  }

  #number(): string {
    return this.#one(['0', '1', '2', '-1', '0.5', '0.9', '100', 'NaN', 'Inf', '-Inf', '1e3', '3m', '0x10', '1.5e-3']);
  }

  #duration(): string {
    return this.#one(['30s', '1m', '90s', '2m', '5m', '10m', '45s', '1s']);
  }

  #weighted(choices: readonly (readonly [weight: number, make: () => string])[]): string {
    let left = this.#random() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, make] of choices) {
      left -= weight;
      if (left < 0) return make();
    }
    return this.#selector();
  }

  #one<T>(choices: readonly T[]): T {
    return pick(this.#random, choices);
  }

  #is(probability: number): boolean {
    return this.#random() < probability;
  }
}
