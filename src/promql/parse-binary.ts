import type { BinaryExpr, BinaryOperator, Expr, VectorMatching } from './ast.ts';
import { parseGroupingLabels } from './parse-grouping.ts';
import { isNumberNext, parseNumber } from './parse-literal.ts';
import type { ParseState } from './parse-state.ts';
import { startsExpression, token } from './token.ts';
import type { TokenType } from './token.ts';
import { valueTypeOf } from './value-type.ts';

const operators: ReadonlyMap<TokenType, BinaryOperator> = new Map<TokenType, BinaryOperator>([
  [token.add, '+'], [token.subtract, '-'], [token.multiply, '*'], [token.divide, '/'], [token.modulo, '%'], [token.power, '^'],
  [token.atan2, 'atan2'], [token.equal, '=='], [token.notEqual, '!='], [token.greater, '>'], [token.less, '<'],
  [token.greaterOrEqual, '>='], [token.lessOrEqual, '<='], [token.and, 'and'], [token.or, 'or'], [token.unless, 'unless'],
  [token.trimUpper, '</'], [token.trimLower, '>/'],
]);

/** The operator that a token stands for. */
export function binaryOperatorOf(type: TokenType): BinaryOperator {
  return operators.get(type) ?? '+';
}

/** What stands between an operator and its right side. */
export interface BinaryModifiers {
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
}

const plainMatching: VectorMatching = { card: 'one-to-one', on: false, labels: [], include: [] };
const noModifiers: BinaryModifiers = { returnBool: false, matching: plainMatching };

/** `bool`, `on`, `ignoring`, `group_left`, `group_right`, `fill`, `fill_left`, `fill_right`. */
export function parseBinaryModifiers(state: ParseState): BinaryModifiers {
  const returnBool = state.accept(token.bool);
  let matching = plainMatching;
  const type = state.peek();
  if (type === token.on || type === token.ignoring) {
    state.advance();
    matching = { ...plainMatching, on: type === token.on, labels: parseGroupingLabels(state) };
    const group = state.peek();
    if (group === token.groupLeft || group === token.groupRight) {
      state.advance();
      // The labels may be left out, but then an operand must follow.
      const include = startsExpression[state.peek()] === 1 && state.peek() !== token.leftParen ? [] : parseGroupingLabels(state);
      matching = { ...matching, card: group === token.groupLeft ? 'many-to-one' : 'one-to-many', include };
    }
  }
  matching = parseFills(state, matching);
  return !returnBool && matching === plainMatching ? noModifiers : { returnBool, matching };
}

function parseFills(state: ParseState, matching: VectorMatching): VectorMatching {
  const type = state.peek();
  if (type === token.fill) {
    const value = parseFillValue(state);
    return { ...matching, fillLeft: value, fillRight: value };
  }
  if (type === token.fillLeft) {
    const fillLeft = parseFillValue(state);
    return state.peek() === token.fillRight ? { ...matching, fillLeft, fillRight: parseFillValue(state) } : { ...matching, fillLeft };
  }
  if (type === token.fillRight) {
    const fillRight = parseFillValue(state);
    return state.peek() === token.fillLeft ? { ...matching, fillLeft: parseFillValue(state), fillRight } : { ...matching, fillRight };
  }
  return matching;
}

function parseFillValue(state: ParseState): number {
  state.advance();
  state.expect(token.leftParen);
  const isNegative = state.accept(token.subtract);
  if (!isNegative) state.accept(token.add);
  if (!isNumberNext(state)) {
    state.failUnexpected();
    return 0;
  }
  const { value } = parseNumber(state);
  state.expect(token.rightParen);
  return isNegative ? -value : value;
}

/**
 * Joins two sides. Matching is kept only between two vectors; `droppedMatchings` remembers for the type check what was written
 * where it has no place.
 */
export function joinBinary(
  lhs: Expr, op: BinaryOperator, modifiers: BinaryModifiers, rhs: Expr, droppedMatchings: Map<BinaryExpr, VectorMatching>,
): BinaryExpr {
  const range = { start: lhs.range.start, end: rhs.range.end };
  const { returnBool } = modifiers;
  const isBetweenVectors = valueTypeOf(lhs) === 'vector' && valueTypeOf(rhs) === 'vector';
  const isSet = op === 'and' || op === 'or' || op === 'unless';
  const matching: VectorMatching = isSet && modifiers.matching.card === 'one-to-one' ? { ...modifiers.matching, card: 'many-to-many' } : modifiers.matching;
  const expr: BinaryExpr = { type: 'binaryExpr', op, lhs, rhs, matching: isBetweenVectors ? matching : undefined, returnBool, range };
  if (!isBetweenVectors && matching !== plainMatching) droppedMatchings.set(expr, matching);
  return expr;
}
