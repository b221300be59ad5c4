import { checkRegex } from '../promql/matcher.ts';
import type { LabelFilter, QuantityOperator } from './ast.ts';
import type { TokenReader } from './token-reader.ts';

/** Filters nested deeper than this are refused, so that no query exhausts the stack. */
const DEEPEST = 100;

/** Reads `a="x" and b>5 or (c=~"y.*", d<=10ms)`; a comma is `and`. `and` binds tighter than `or`. */
export function parseLabelFilter(reader: TokenReader, depth = 0): LabelFilter {
  if (depth > DEEPEST) reader.fail('the label filter is nested too deeply');
  let left = parseConjunction(reader, depth);
  while (reader.accept('or')) left = { kind: 'or', left, right: parseConjunction(reader, depth) };
  return left;
}

function parseConjunction(reader: TokenReader, depth: number): LabelFilter {
  let left = parseComparison(reader, depth);
  // Two filters side by side without a word are a conjunction too.
  while (reader.accept('and') || reader.accept(',') || (reader.current.kind === 'name' && !reader.is('or'))) {
    left = { kind: 'and', left, right: parseComparison(reader, depth) };
  }
  return left;
}

function parseComparison(reader: TokenReader, depth: number): LabelFilter {
  if (reader.accept('(')) {
    const inner = parseLabelFilter(reader, depth + 1);
    reader.expect(')');
    return inner;
  }
  const name = reader.name('a label');
  const operator = reader.next();
  const op = operator.kind === 'symbol' ? operator.text : '';
  if (!['=', '!=', '=~', '!~', '==', '>', '>=', '<', '<='].includes(op)) reader.fail(`expecting a comparison after the label ${name}`, operator);
  const value = reader.current;
  if (value.kind === 'string') {
    reader.next();
    if (op !== '=' && op !== '!=' && op !== '=~' && op !== '!~') reader.fail(`${op} compares numbers, durations and sizes, not texts`, value);
    const problem = op === '=~' || op === '!~' ? checkRegex(value.value) : undefined;
    if (problem !== undefined) reader.fail(problem, value);
    return { kind: 'text', matcher: { name, type: op, value: value.value } };
  }
  if (value.kind === 'name' && value.text === 'ip') reader.unsupported('matching addresses with ip()');
  const isNegative = reader.accept('-');
  const quantity = reader.current;
  if (quantity.kind !== 'number' && quantity.kind !== 'duration' && quantity.kind !== 'bytes') reader.unexpected('a text, number, duration or size');
  reader.next();
  if (op === '=~' || op === '!~') reader.fail(`${op} matches texts`, operator);
  return { kind: 'quantity', name, op: quantityOperator(op), unit: quantity.kind, value: isNegative ? -quantity.value : quantity.value };
}

function quantityOperator(op: string): QuantityOperator {
  switch (op) {
    case '!=':
    case '>':
    case '>=':
    case '<':
    case '<=':
      return op;
    default:
      return '==';
  }
}
