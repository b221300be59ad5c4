import type { AggregateExpr, BinaryExpr, Call, Expr, TextRange, ValueType, VectorMatching, VectorSelector } from './ast.ts';
import { functionSignatures } from './function-signatures.ts';
import { goQuote } from './go-quote.ts';
import { createMatcher } from './matcher.ts';
import { documentedType, valueTypeOf } from './value-type.ts';

/** Where problems go. */
export interface TypeCheckReport {
  readonly text: string;
  report(range: TextRange, message: string): void;
}

/**
 * Checks the types and the rest of what grammar cannot say, in the order and in the words of Prometheus (promql/parser, checkAST).
 * `droppedMatchings` holds the modifiers of operators that are not between two vectors.
 */
export function checkTypes(report: TypeCheckReport, expr: Expr, droppedMatchings: ReadonlyMap<BinaryExpr, VectorMatching>): void {
  new TypeChecker(report, droppedMatchings).check(expr);
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const setOperators: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

class TypeChecker {
  readonly #report: TypeCheckReport;
  readonly #droppedMatchings: ReadonlyMap<BinaryExpr, VectorMatching>;

  constructor(report: TypeCheckReport, droppedMatchings: ReadonlyMap<BinaryExpr, VectorMatching>) {
    this.#report = report;
    this.#droppedMatchings = droppedMatchings;
  }

  /** Checks a tree and gives the type of its value. */
  check(expr: Expr): ValueType {
    switch (expr.type) {
      case 'numberLiteral': return 'scalar';
      case 'stringLiteral': return 'string';
      case 'parenExpr': return this.check(expr.expr);
      case 'vectorSelector': return this.#checkSelector(expr, false);
      case 'matrixSelector':
        this.#checkSelector(expr.selector, false);
        return 'matrix';
      case 'subquery': {
        const type = this.check(expr.expr);
        if (type !== 'vector') this.#report.report(expr.range, `subquery is only allowed on instant vector, got ${type} instead`);
        return 'matrix';
      }
      case 'unaryExpr': {
        const type = this.check(expr.expr);
        if (type !== 'scalar' && type !== 'vector') {
          this.#report.report(expr.range, `unary expression only allowed on expressions of type scalar or instant vector, got ${goQuote(documentedType(type))}`);
        }
        return type;
      }
      case 'aggregation': return this.#checkAggregation(expr);
      case 'binaryExpr': return this.#checkBinary(expr);
      case 'call': return this.#checkCall(expr);
    }
  }

  #expect(expr: Expr, wanted: ValueType, context: string): void {
    this.#checkIs(this.check(expr), expr, wanted, context);
  }

  #checkIs(type: ValueType, expr: Expr, wanted: ValueType, context: string): void {
    if (type !== wanted) this.#report.report(expr.range, `expected type ${documentedType(wanted)} in ${context}, got ${documentedType(type)}`);
  }

  #checkAggregation(expr: AggregateExpr): ValueType {
    this.#expect(expr.expr, 'vector', 'aggregation expression');
    if (expr.param !== undefined) this.#expect(expr.param, expr.op === 'count_values' ? 'string' : 'scalar', 'aggregation parameter');
    return 'vector';
  }

  #checkSelector(selector: VectorSelector, mayMatchAll: boolean): ValueType {
    const { matchers, name, range } = selector;
    if (name !== '') {
      // The last matcher is the one that the name stands for.
      for (const matcher of matchers.slice(0, -1)) {
        if (matcher.name === '__name__') this.#report.report(range, `metric name must not be set twice: ${goQuote(name)} or ${goQuote(matcher.value)}`);
      }
    } else if (!mayMatchAll && matchers.every((matcher) => createMatcher(matcher).matches(''))) {
      this.#report.report(range, 'vector selector must contain at least one non-empty matcher');
    }
    return 'vector';
  }

  #checkCall(expr: Call): ValueType {
    const signature = functionSignatures.get(expr.func);
    if (signature === undefined) return 'vector';
    const { argTypes, variadic } = signature;
    this.#checkArgumentCount(expr, argTypes.length, variadic);
    const selector = expr.func === 'info' ? this.#checkInfoSelector(expr) : undefined;
    const context = `call to function ${goQuote(expr.func)}`;
    for (const [index, arg] of expr.args.entries()) {
      if (index >= argTypes.length && variadic === 0) break;
      const wanted = argTypes[Math.min(index, argTypes.length - 1)]!;
      const type = arg === selector ? this.#checkSelector(selector, true) : this.check(arg);
      this.#checkIs(type, arg, wanted, context);
    }
    return signature.returnType;
  }

  #checkArgumentCount(expr: Call, wanted: number, variadic: number): void {
    const got = expr.args.length;
    const call = `in call to ${goQuote(expr.func)}, got ${String(got)}`;
    if (variadic === 0) {
      if (got !== wanted) this.#report.report(expr.range, `expected ${String(wanted)} argument(s) ${call}`);
    } else if (got < wanted - 1) {
      this.#report.report(expr.range, `expected at least ${String(wanted - 1)} argument(s) ${call}`);
    } else if (variadic > 0 && got > wanted - 1 + variadic) {
      this.#report.report(expr.range, `expected at most ${String(wanted - 1 + variadic)} argument(s) ${call}`);
    }
  }

  /** The second argument of info() lists labels; it may match everything but must not name a metric. */
  #checkInfoSelector(expr: Call): VectorSelector | undefined {
    const arg = expr.args[1];
    if (arg === undefined) return undefined;
    this.#checkIs(valueTypeOf(arg), expr, 'vector', 'call to function "info"');
    if (arg.type !== 'vectorSelector') {
      this.#report.report(arg.range, 'expected label selectors only');
      return undefined;
    }
    if (arg.name === '') return arg;
    this.#report.report(arg.range, 'expected label selectors only, got vector selector instead');
    return undefined;
  }

  #checkBinary(expr: BinaryExpr): ValueType {
    const { op, lhs, rhs, returnBool } = expr;
    const left = this.check(lhs);
    const right = this.check(rhs);
    const matching = expr.matching ?? this.#droppedMatchings.get(expr);
    if (returnBool && !comparisons.has(op)) this.#report.report(this.#operatorRange(expr), 'bool modifier can only be used on comparison operators');
    if (comparisons.has(op) && !returnBool && left === 'scalar' && right === 'scalar') {
      this.#report.report(this.#operatorRange(expr), 'comparisons between scalars must use BOOL modifier');
    }
    if (matching !== undefined) this.#checkLabels(expr, matching);
    const message = 'binary expression must contain only scalar and instant vector types';
    if (left !== 'scalar' && left !== 'vector') this.#report.report(lhs.range, message);
    if (right !== 'scalar' && right !== 'vector') this.#report.report(rhs.range, message);
    if (matching !== undefined) this.#checkMatching(expr, matching);
    if ((left === 'scalar' || right === 'scalar') && setOperators.has(op)) {
      this.#report.report(expr.range, `set operator ${goQuote(op)} not allowed in binary scalar expression`);
    }
    return left === 'scalar' && right === 'scalar' ? 'scalar' : 'vector';
  }

  #checkLabels(expr: BinaryExpr, matching: VectorMatching): void {
    if (!matching.on) return;
    for (const label of matching.labels) {
      for (const included of matching.include) {
        if (label === included) this.#report.report(this.#operatorRange(expr), `label ${goQuote(label)} must not occur in ON and GROUP clause at once`);
      }
    }
  }

  #checkMatching(expr: BinaryExpr, matching: VectorMatching): void {
    const { op, range } = expr;
    const hasFill = matching.fillLeft !== undefined || matching.fillRight !== undefined;
    if (expr.matching === undefined) {
      if (matching.labels.length > 0) this.#report.report(range, 'vector matching only allowed between instant vectors');
      if (hasFill) this.#report.report(range, 'filling in missing series only allowed between instant vectors');
    } else if (setOperators.has(op)) {
      if (matching.card === 'one-to-many' || matching.card === 'many-to-one') this.#report.report(range, `no grouping allowed for ${goQuote(op)} operation`);
      if (matching.card !== 'many-to-many') this.#report.report(range, 'set operations must always be many-to-many');
      if (hasFill) this.#report.report(range, 'filling in missing series not allowed for set operators');
    }
  }

  /** The operator with its modifiers, without the space around it. */
  #operatorRange(expr: BinaryExpr): TextRange {
    const { text } = this.#report;
    let { end: start } = expr.lhs.range;
    while (isSpace(text.charCodeAt(start))) start++;
    let end = expr.rhs.range.start;
    while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
    return { start, end };
  }
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}
