import type { AggregateExpr, AggregationOperator, BinaryExpr, Expr, VectorMatching } from './ast.ts';
import { functionSignatures } from './function-signatures.ts';
import { goQuote } from './go-quote.ts';
import { binaryOperatorOf, joinBinary, parseBinaryModifiers } from './parse-binary.ts';
import { parseGroupingLabels } from './parse-grouping.ts';
import { parseNumber, parseString } from './parse-literal.ts';
import { parsePostfix } from './parse-postfix.ts';
import { parseSelector } from './parse-selector.ts';
import type { ParseState } from './parse-state.ts';
import { isMetricName, multiplyPrecedence, powerPrecedence, precedence, startsExpression, token } from './token.ts';
import type { TokenType } from './token.ts';

/** Modifiers of binary operators that stand where they have no effect, for the type check. */
export type DroppedMatchings = Map<BinaryExpr, VectorMatching>;

const aggregationOperators: ReadonlyMap<string, AggregationOperator> = new Map<string, AggregationOperator>(
  ([
    'sum', 'avg', 'count', 'min', 'max', 'group', 'stddev', 'stdvar', 'topk', 'bottomk', 'count_values', 'quantile', 'limitk', 'limit_ratio',
  ] as const).map((op) => [op, op]),
);
const withParam: ReadonlySet<AggregationOperator> = new Set(['topk', 'bottomk', 'count_values', 'quantile', 'limitk', 'limit_ratio']);

/** Parses expressions by precedence climbing: operands first, then operators that bind at least as tight as asked. */
export class ExprParser {
  readonly droppedMatchings: DroppedMatchings = new Map();
  readonly #state: ParseState;

  constructor(state: ParseState) {
    this.#state = state;
  }

  /** An expression whose operators have at least the precedence given; 1 takes all. */
  parse(minPrecedence = 1): Expr {
    return this.#state.nested(() => this.#parseOperators(minPrecedence), () => this.#nothing());
  }

  #parseOperators(minPrecedence: number): Expr {
    const state = this.#state;
    let lhs = this.#parseUnary();
    for (;;) {
      const type = state.peek();
      const level = precedence[type]!;
      if (level === 0 || level < minPrecedence) return lhs;
      const height = state.height;
      state.advance();
      const modifiers = parseBinaryModifiers(state);
      const rhs = this.parse(level === powerPrecedence ? level : level + 1);
      state.setHeight(Math.max(height, state.height) + 1);
      lhs = joinBinary(lhs, binaryOperatorOf(type), modifiers, rhs, this.droppedMatchings);
    }
  }

  #parseUnary(): Expr {
    const state = this.#state;
    const type = state.peek();
    if (type !== token.add && type !== token.subtract) return parsePostfix(state, this.#parseOperand());
    const { start } = state.tokenRange();
    state.advance();
    // A sign binds like `*`, so only `^` goes before it: -2^2 is -(2^2).
    const expr = this.parse(multiplyPrecedence + 1);
    const range = { start, end: expr.range.end };
    if (expr.type === 'numberLiteral') return { ...expr, value: type === token.subtract ? -expr.value : expr.value, range };
    state.setHeight(state.height + 1);
    return { type: 'unaryExpr', op: type === token.subtract ? '-' : '+', expr, range };
  }

  #parseOperand(): Expr {
    const state = this.#state;
    const type = state.peek();
    switch (type) {
      case token.number:
      case token.duration: return parseNumber(state);
      case token.string: return parseString(state);
      case token.leftParen: return this.#parseParens();
      case token.leftBrace: return parseSelector(state, '', state.tokenRange().start);
      default: return isMetricName[type] === 1 ? this.#parseNamed(type) : this.#unexpected();
    }
  }

  #parseParens(): Expr {
    const state = this.#state;
    const { start } = state.tokenRange();
    state.advance();
    const expr = this.parse();
    state.expect(token.rightParen);
    state.setHeight(state.height + 1);
    return { type: 'parenExpr', expr, range: { start, end: state.previousEnd } };
  }

  #parseNamed(type: TokenType): Expr {
    const state = this.#state;
    const nameRange = state.tokenRange();
    const name = state.tokenText();
    state.advance();
    const next = state.peek();
    if (type === token.aggregator && (next === token.leftParen || next === token.by || next === token.without)) {
      return this.#parseAggregation(name, nameRange.start);
    }
    if (next === token.leftParen && this.#mayBeFunction(type)) return this.#parseCall(name, nameRange);
    return parseSelector(state, name, nameRange.start);
  }

  #mayBeFunction(type: TokenType): boolean {
    if (type === token.identifier) return true;
    const isNamedAlike = type === token.start || type === token.finish || (type >= token.step && type <= token.minOf);
    return this.#state.isExperimental && isNamedAlike;
  }

  #parseCall(func: string, nameRange: { start: number; end: number }): Expr {
    const state = this.#state;
    const args = this.#parseArguments();
    const signature = functionSignatures.get(func);
    if (signature === undefined || (signature.maturity === 'newer' && !state.isExperimental)) {
      state.report(nameRange, `unknown function with name ${goQuote(func)}`);
    } else if (signature.maturity === 'experimental' && !state.isExperimental) {
      state.report(nameRange, `function ${goQuote(func)} is not enabled`);
    }
    return { type: 'call', func, args, range: { start: nameRange.start, end: state.previousEnd } };
  }

  #parseArguments(): Expr[] {
    const state = this.#state;
    const args: Expr[] = [];
    let height = 0;
    state.expect(token.leftParen);
    if (!state.accept(token.rightParen)) {
      for (let mayStart = true; ;) {
        if (mayStart) args.push(this.parse());
        height = Math.max(height, state.height);
        if (state.peek() !== token.comma) break;
        const comma = state.tokenRange();
        state.advance();
        mayStart = startsExpression[state.peek()] === 1;
        if (!mayStart) state.report(comma, 'trailing commas not allowed in function call args');
      }
      state.expect(token.rightParen);
    }
    state.setHeight(height + 1);
    return args;
  }

  #parseAggregation(name: string, start: number): Expr {
    const state = this.#state;
    const outerContext = state.context;
    state.context = ' in aggregation';
    let modifier = this.#parseAggregateModifier();
    const args = this.#parseArguments();
    modifier ??= this.#parseAggregateModifier();
    state.context = outerContext;
    const op = aggregationOperators.get(name.toLowerCase()) ?? 'sum';
    const { grouping, without } = modifier ?? { grouping: [], without: false };
    const range = { start, end: state.previousEnd };
    const hasParam = withParam.has(op);
    this.#checkArguments(op, args.length, hasParam ? 2 : 1, range);
    const expr = args[hasParam ? 1 : 0] ?? this.#nothing();
    return { type: 'aggregation', op, expr, param: hasParam ? args[0] : undefined, grouping, without, range };
  }

  #parseAggregateModifier(): Pick<AggregateExpr, 'grouping' | 'without'> | undefined {
    const state = this.#state;
    const type = state.peek();
    if (type !== token.by && type !== token.without) return undefined;
    state.advance();
    return { grouping: parseGroupingLabels(state), without: type === token.without };
  }

  #checkArguments(op: AggregationOperator, count: number, wanted: number, range: { start: number; end: number }): void {
    const state = this.#state;
    if (count === 0) {
      state.report(range, 'no arguments for aggregate expression provided');
    } else if ((op === 'limitk' || op === 'limit_ratio') && !state.isExperimental) {
      state.report(range, `${op}() is experimental and must be enabled with --enable-feature=promql-experimental-functions`);
    } else if (count !== wanted) {
      state.report(range, `wrong number of arguments for aggregate expression provided, expected ${String(wanted)}, got ${String(count)}`);
    }
  }

  #unexpected(): Expr {
    this.#state.failUnexpected();
    return this.#nothing();
  }

  /** What stands where nothing could be parsed: a selector of nothing. */
  #nothing(): Expr {
    const at = this.#state.previousEnd;
    this.#state.height = 1;
    return {
      type: 'vectorSelector', name: '', matchers: [], offset: { ms: 0 }, at: undefined, extension: undefined, range: { start: at, end: at },
    };
  }
}
