/** A reproducible source of numbers in [0, 1): the same seed gives the same sequence (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Picks one of several things. */
export function pick<T>(random: () => number, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)]!;
}

const metrics = ['up', 'http_requests_total', 'job:rate:5m', 'sum', 'by', 'offset', 'end', 'start', 'x', 'limitk', 'BY', 'and'];
const labelNames = ['job', 'instance', 'le', '__name__', 'by', 'on', 'sum', '"a.b"', "'x y'", 'a1'];
const strings = ['"api"', "'x'", '`raw\\n`', '"a\\tb"', '"é日"', '""', '"\\x41\\u00e9\\101"', '"it\'s"', "'q\"q'"];
const patterns = ['"a|b"', '".*"', '".+"', '"5.."', '"prod-(eu|us)-.*"', '"[0-9]+"', '"(?i)api"', '""', '"a{2,3}"'];
const numbers = ['0', '1', '2.5', '.5', '5.', '1e3', '1E-3', '0x1F', '010', '1_000', 'Inf', 'NaN', 'inf', '0.001', '123456789012345678', '1e100', '5m', '1h30m', '1d', '2w', '1y'];
const durations = ['5m', '1h', '30s', '1d', '2w', '1y', '90', '1.5', '1h30m', '100ms', '0.25'];
const binaryOperators = ['+', '-', '*', '/', '%', '^', 'atan2', '==', '!=', '>', '<', '>=', '<=', 'and', 'or', 'unless', 'AND', '== bool', '> bool'];
const aggregators = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar', 'SUM'];
const vectorFunctions = ['abs', 'ceil', 'absent', 'sort', 'timestamp', 'histogram_avg', 'hour', 'scalar'];
const rangeFunctions = ['rate', 'increase', 'avg_over_time', 'deriv', 'last_over_time', 'changes'];

/** Writes random PromQL from a grammar: mostly right, sometimes with a type that does not fit. */
export class PromqlGenerator {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A random expression, `depth` levels deep at most. */
  expr(depth = 4): string {
    if (this.#is(0.03)) return this.scalar(depth);
    if (this.#is(0.02)) return this.range(depth);
    return this.vector(depth);
  }

  vector(depth: number): string {
    if (depth <= 0) return this.selector();
    const inner = depth - 1;
    const kind = this.#random();
    if (kind < 0.15) return this.selector();
    if (kind < 0.35) return `${this.#one(rangeFunctions)}(${this.range(inner)})`;
    if (kind < 0.45) return `${this.#one(vectorFunctions)}(${this.vector(inner)})`;
    if (kind < 0.65) return this.#aggregation(inner);
    if (kind < 0.85) return this.#binary(inner);
    if (kind < 0.9) return `(${this.#space()}${this.vector(inner)}${this.#space()})`;
    if (kind < 0.94) return `-${this.vector(inner)}`;
    return this.#special(inner);
  }

  scalar(depth: number): string {
    const kind = this.#random();
    if (depth <= 0 || kind < 0.5) return this.#one(numbers);
    if (kind < 0.6) return `-${this.scalar(depth - 1)}`;
    if (kind < 0.7) return `(${this.scalar(depth - 1)})`;
    if (kind < 0.8) return `scalar(${this.vector(depth - 1)})`;
    return `${this.scalar(depth - 1)} ${this.#one(binaryOperators)} ${this.scalar(depth - 1)}`;
  }

  range(depth: number): string {
    if (depth <= 0 || this.#is(0.7)) return `${this.#metric()}[${this.#one(durations)}]${this.#modifiers()}`;
    const step = this.#is(0.5) ? this.#one(durations) : '';
    const inner = this.#is(0.3) ? `(${this.vector(depth - 1)})` : this.vector(depth - 1);
    return `${inner}[${this.#one(durations)}:${step}]${this.#modifiers()}`;
  }

  selector(): string {
    return this.#metric() + this.#modifiers();
  }

  #metric(): string {
    const matchers: string[] = [];
    while (this.#is(0.45)) {
      matchers.push(this.#is(0.3) ? `${this.#one(labelNames)}${this.#one(['=~', '!~'])}${this.#one(patterns)}` : `${this.#one(labelNames)} ${this.#one(['=', '!='])} ${this.#one(strings)}`);
    }
    if (matchers.length === 0 && this.#is(0.9)) return this.#one(metrics);
    if (this.#is(0.1)) matchers.push(this.#one(strings));
    const comma = matchers.length > 0 && this.#is(0.1) ? ',' : '';
    return `${this.#is(0.85) ? this.#one(metrics) : ''}{${matchers.join(`,${this.#space()}`)}${comma}}`;
  }

  #modifiers(): string {
    let text = '';
    if (this.#is(0.15)) text += ` offset ${this.#one(['', '-', '+', '- '])}${this.#one(durations)}`;
    if (this.#is(0.1)) text += ` @ ${this.#one(['1609746000', 'start()', 'end()', '-5.5', '0', '1.0005', '5m', '1e9'])}`;
    if (this.#is(0.03)) text += ` offset ${this.#one(durations)}`;
    return text;
  }

  #aggregation(depth: number): string {
    const grouping = this.#is(0.6) ? `${this.#one(['by', 'without', 'BY'])} (${this.#labels()})` : '';
    const isParametrised = this.#is(0.25);
    const args = isParametrised ? `${this.scalar(1)}, ${this.vector(depth)}` : this.vector(depth);
    const op = isParametrised ? this.#one(['topk', 'bottomk', 'quantile', 'limitk']) : this.#one(aggregators);
    if (this.#is(0.05)) return `count_values${grouping}(${this.#one(strings)}, ${this.vector(depth)})`;
    return this.#is(0.5) ? `${op} ${grouping}(${args})` : `${op}(${args})${this.#space()}${grouping}`;
  }

  #binary(depth: number): string {
    const left = this.#is(0.2) ? this.scalar(1) : this.vector(depth);
    const right = this.#is(0.2) ? this.scalar(1) : this.vector(depth);
    let matching = '';
    if (this.#is(0.35)) {
      matching = `${this.#one(['on', 'ignoring', 'ON'])}(${this.#labels()})`;
      if (this.#is(0.4)) matching += ` ${this.#one(['group_left', 'group_right'])}${this.#is(0.6) ? `(${this.#labels()})` : ''}`;
    }
    return `${left}${this.#space()} ${this.#one(binaryOperators)} ${matching} ${right}`;
  }

  #special(depth: number): string {
    return this.#one([
      () => `label_replace(${this.vector(depth)}, "a", ${this.#one(strings)}, "b", "(.*)")`,
      () => `label_join(${this.vector(depth)}, "a", "-", "b", "c")`,
      () => `histogram_quantile(${this.scalar(1)}, ${this.vector(depth)})`,
      () => `clamp(${this.vector(depth)}, ${this.scalar(1)}, ${this.scalar(1)})`,
      () => `round(${this.vector(depth)}${this.#is(0.5) ? `, ${this.scalar(1)}` : ''})`,
      () => `vector(${this.scalar(1)})`,
      () => `predict_linear(${this.range(depth)}, ${this.scalar(1)})`,
      () => `quantile_over_time(${this.scalar(1)}, ${this.range(depth)})`,
      () => 'time()',
      () => 'hour()',
    ])();
  }

  #labels(): string {
    const labels: string[] = [];
    while (this.#is(0.6)) labels.push(this.#one(labelNames));
    return labels.join(', ');
  }

  #space(): string {
    return this.#one(['', '', '', ' ', '\n', '  # note\n', '\t']);
  }

  #one<T>(choices: readonly T[]): T {
    return pick(this.#random, choices);
  }

  #is(probability: number): boolean {
    return this.#random() < probability;
  }
}

const scraps = [
  '(', ')', '[', ']', '{', '}', ',', ':', '"', "'", '`', '\\', '+', '-', '*', '/', '%', '^', '@', '=', '!', '~', '<', '>', '#', '.', '_', ' ', '\n', '\t',
  '0', '9', '5m', '1e', '0x', 'e', 'x', 'é', '日', '😀', '\ufffd', '\ud800', '\u0000', 'by', 'on', 'offset', 'bool', 'group_left', 'ignoring', 'sum', 'sum(', 'rate(',
  '[5m]', '[5m:]', '[1h:5m]', '@ start()', '{a="b"}', '=~', '!~', '==', 'and', 'atan2', 'NaN', 'Inf', 'step()', 'fill(', '</', 'anchored',
];

/** Damages a text in one to three places: drops, doubles, swaps or inserts something. */
export function mutateText(random: () => number, text: string): string {
  let mutated = text;
  for (let left = 1 + Math.floor(random() * 3); left > 0; left--) {
    const at = Math.floor(random() * (mutated.length + 1));
    const length = 1 + Math.floor(random() * 4);
    const kind = random();
    if (kind < 0.3) mutated = mutated.slice(0, at) + mutated.slice(at + length);
    else if (kind < 0.6) mutated = mutated.slice(0, at) + pick(random, scraps) + mutated.slice(at);
    else if (kind < 0.75) mutated = mutated.slice(0, at) + pick(random, scraps) + mutated.slice(at + length);
    else if (kind < 0.85) mutated = mutated.slice(0, at);
    else if (kind < 0.95) mutated = mutated.slice(0, at) + mutated.slice(Math.floor(at / 2), at) + mutated.slice(at);
    else mutated = mutated.slice(at) + mutated.slice(0, at);
  }
  return mutated;
}
