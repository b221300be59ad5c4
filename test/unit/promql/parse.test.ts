import assert from 'node:assert/strict';
import type { Expr } from '../../../src/promql/ast.ts';
import { exprToJson } from '../../../src/promql/expr-to-json.ts';
import { formatParseError } from '../../../src/promql/parse-error.ts';
import { parseMetricSelector, parsePromql } from '../../../src/promql/parse.ts';
import { valueTypeOf } from '../../../src/promql/value-type.ts';

function parsed(text: string): Expr {
  const { expr, errors } = parsePromql(text, { experimental: true });
  assert.deepEqual(errors, [], text);
  assert.ok(expr);
  return expr;
}

/** The tree as nested parentheses, so that precedence can be read. */
function shape(expr: Expr): string {
  switch (expr.type) {
    case 'numberLiteral': return String(expr.value);
    case 'stringLiteral': return JSON.stringify(expr.value);
    case 'vectorSelector': return expr.name + shapeModifiers(expr);
    case 'matrixSelector': return `range(${expr.selector.name}${shapeModifiers(expr.selector)})`;
    case 'subquery': return `subquery(${shape(expr.expr)}${shapeModifiers(expr)})`;
    case 'parenExpr': return `paren(${shape(expr.expr)})`;
    case 'unaryExpr': return `${expr.op}(${shape(expr.expr)})`;
    case 'binaryExpr': return `(${shape(expr.lhs)} ${expr.op} ${shape(expr.rhs)})`;
    case 'call': return `${expr.func}(${expr.args.map(shape).join(',')})`;
    case 'aggregation': return `${expr.op}(${shape(expr.expr)})`;
  }
}

function shapeModifiers({ offset, at }: Extract<Expr, { type: 'vectorSelector' | 'subquery' }>): string {
  const atText = at === undefined ? '' : `@${at.kind === 'timestamp' ? String(at.timestampMs) : at.kind}`;
  if (!('ms' in offset)) return `${atText}~${offset.expr.type}`;
  return offset.ms === 0 ? atText : `${atText}~${String(offset.ms)}`;
}

const shapes: readonly (readonly [query: string, shape: string])[] = [
  ['-2^2', '-((2 ^ 2))'],
  ['-a * b', '(-(a) * b)'],
  ['a ^ -b * c', '((a ^ -(b)) * c)'],
  ['a ^ b ^ c', '(a ^ (b ^ c))'],
  ['a - b - c', '((a - b) - c)'],
  ['a or b and c unless d', '(a or ((b and c) unless d))'],
  ['a + b * c % d atan2 e', '(a + (((b * c) % d) atan2 e))'],
  ['a == b + c', '(a == (b + c))'],
  ['--1', '1'],
  ['+-5m', '-300'],
  ['-(1)', '-(paren(1))'],
  ['a + b offset 5m', '(a + b~300000)'],
  ['-a offset 5m', '-(a~300000)'],
  ['a offset -5m @ 10', 'a@10000~-300000'],
  ['a @ end() offset 1m', 'a@end~60000'],
  ['a @ -1.0005', 'a@-1001'],
  ['rate(a[5m:] @ start())', 'rate(subquery(a@start))'],
  ['a[5m] offset 2', 'range(a~2000)'],
  ['a offset -2^2', '(a~-2000 ^ 2)'],
  ['a offset 5m * 2', '(a~300000 * 2)'],
  ['a offset (5m * 2)', 'a~durationBinary'],
  ['a offset step() + 1', '(a~durationStep + 1)'],
  ['a offset -(1h) + 1', '(a~durationUnary + 1)'],
  ['sum(a) by (x) + 1', '(sum(a) + 1)'],
  ['sum', 'sum'],
  ['offset offset 5m', 'offset~300000'],
  ['by + without', '(by + without)'],
  ['and and and', '(and and and)'],
  ['step + range', '(step + range)'],
  ['fill + fill', '(fill + fill)'],
  ['start() + end()', '(start() + end())'],
  ['NaN + Inf', '(NaN + Infinity)'],
  ['a:b:c', 'a:b:c'],
  ['a </ 5', '(a </ 5)'],
  ['a >/ 5', '(a >/ 5)'],
  ['max_of(1, 2)', 'max_of(1,2)'],
];

suite('promql: trees', () => {
  for (const [query, expected] of shapes) test(query, () => assert.equal(shape(parsed(query)), expected));

  test('a selector', () => {
    assert.deepEqual(parsed('up{"a.b"=~"x|y", c!=`d`,} offset 1h'), {
      type: 'vectorSelector', name: 'up', offset: { ms: 3_600_000 }, at: undefined, extension: undefined, range: { start: 0, end: 35 },
      matchers: [{ name: 'a.b', type: '=~', value: 'x|y' }, { name: 'c', type: '!=', value: 'd' }, { name: '__name__', type: '=', value: 'up' }],
    });
  });

  test('a quoted metric name', () => {
    const expr = parsed('{"foo.bar", a="b"}');
    assert.ok(expr.type === 'vectorSelector');
    assert.equal(expr.name, '');
    assert.deepEqual(expr.matchers[0], { name: '__name__', type: '=', value: 'foo.bar' });
  });

  test('matching is kept between vectors only, and sets match many to many', () => {
    const matching = (query: string): unknown => {
      const expr = parsed(query);
      return expr.type === 'binaryExpr' ? expr.matching : 'no binary expression';
    };
    assert.equal(matching('a + 1'), undefined);
    assert.equal(matching('1 + scalar(a)'), undefined);
    assert.deepEqual(matching('a and b'), { card: 'many-to-many', on: false, labels: [], include: [] });
    assert.deepEqual(matching('a * on (x, "y.z") group_left b'), { card: 'many-to-one', on: true, labels: ['x', 'y.z'], include: [] });
    assert.deepEqual(matching('a * ignoring () group_right (sum, by) b'), { card: 'one-to-many', on: false, labels: [], include: ['sum', 'by'] });
    assert.deepEqual(matching('a + fill_right(-1) fill_left(5m) b'), { card: 'one-to-one', on: false, labels: [], include: [], fillLeft: 300, fillRight: -1 });
  });

  test('selectors of match[]', () => {
    const { selector, errors } = parseMetricSelector('up{job=~"a|b"}');
    assert.deepEqual(errors, []);
    assert.deepEqual(selector.matchers, [{ name: 'job', type: '=~', value: 'a|b' }, { name: '__name__', type: '=', value: 'up' }]);
    assert.deepEqual(parseMetricSelector('{a=~".*"}').errors, []);
    const first = (text: string): string => formatParseError(text, parseMetricSelector(text).errors[0] ?? { range: { start: 0, end: 0 }, message: 'none' });
    assert.equal(first(''), 'unknown position: parse error: unexpected end of input');
    assert.equal(first('up[5m]'), '1:3: parse error: unexpected "["');
    assert.equal(first('up offset 5m'), '1:4: parse error: unexpected <offset>');
    assert.equal(first('1'), '1:1: parse error: unexpected number "1"');
    assert.equal(first('{a="b"'), '1:7: parse error: unexpected end of input inside braces');
  });

  test('windows, steps and extensions', () => {
    const subquery = parsed('rate(a[1m])[1h30m:]');
    assert.ok(subquery.type === 'subquery');
    assert.deepEqual([subquery.window, subquery.step], [{ ms: 5_400_000 }, undefined]);
    const matrix = parsed('a[0.5] smoothed');
    assert.ok(matrix.type === 'matrixSelector');
    assert.deepEqual([matrix.window, matrix.selector.extension], [{ ms: 500 }, 'smoothed']);
  });

  test('value types', () => {
    const types = ['1', '"a"', 'a', 'a[5m]', 'a[5m:]', '(time())', '-scalar(a)', '1 + 2', 'a + 1', 'sum(a)', 'rate(a[5m])'].map((text) => valueTypeOf(parsed(text)));
    assert.deepEqual(types, ['scalar', 'string', 'vector', 'matrix', 'matrix', 'scalar', 'scalar', 'scalar', 'vector', 'vector', 'vector']);
  });

  test('what is experimental needs the option', () => {
    for (const query of ['limitk(1, a)', 'a </ 5', 'a + fill(0) b', 'a[5m*2]', 'a offset step()', 'a[5m] anchored', 'info(a)', 'max_of(1, 2)']) {
      assert.notEqual(parsePromql(query).errors.length, 0, query);
      parsed(query);
    }
  });

  test('as JSON', () => {
    assert.deepEqual(exprToJson(parsed('topk by (a) (1, rate(up[5m] @ end()))')), {
      type: 'aggregation', op: 'topk', grouping: ['a'], without: false, param: { type: 'numberLiteral', val: '1' },
      expr: {
        type: 'call', func: { name: 'rate', argTypes: ['matrix'], variadic: 0, returnType: 'vector' },
        args: [{
          type: 'matrixSelector', name: 'up', range: 300_000, offset: 0, timestamp: null, startOrEnd: 'end',
          matchers: [{ name: '__name__', type: '=', value: 'up' }],
        }],
      },
    });
    assert.deepEqual(exprToJson(parsed('-a == bool 1')), {
      type: 'binaryExpr', op: '==', bool: true, matching: null, rhs: { type: 'numberLiteral', val: '1' },
      lhs: {
        type: 'unaryExpr', op: '-', expr: {
          type: 'vectorSelector', name: 'a', offset: 0, timestamp: null, startOrEnd: null, matchers: [{ name: '__name__', type: '=', value: 'a' }],
        },
      },
    });
  });
});
