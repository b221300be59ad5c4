import assert from 'node:assert/strict';
import { formatExpr } from '../../../src/promql/format-expr.ts';
import { parsePromql } from '../../../src/promql/parse.ts';
import { printExpr } from '../../../src/promql/print-expr.ts';

function printed(text: string): string {
  const { expr, errors } = parsePromql(text, { experimental: true });
  assert.deepEqual(errors, [], text);
  assert.ok(expr);
  return printExpr(expr);
}

const lines: readonly (readonly [query: string, printed: string])[] = [
  ['SUM( up )by(b,a)', 'sum by (b, a) (up)'],
  ['sum without() (up)', 'sum without () (up)'],
  ['sum by() (up)', 'sum(up)'],
  ['topk(3,up)', 'topk(3, up)'],
  ['up{b="1",a=~\'x\'}', 'up{a=~"x",b="1"}'],
  ['{__name__="up"}', '{__name__="up"}'],
  ['{"foo.bar","a b"="c"}', '{"a b"="c",__name__="foo.bar"}'],
  ['up offset 90m @ 1.5', 'up @ 1.500 offset 1h30m'],
  ['up[5m]offset -1d', 'up[5m] offset -1d'],
  ['rate(up[60])[2h:90s] @ end()', 'rate(up[1m])[2h:1m30s] @ end()'],
  ['a==bool 1', 'a == bool 1'],
  ['a*on(x)group_left b', 'a * on (x) group_left () b'],
  ['a*ignoring()group_right(c)b', 'a * ignoring () group_right (c) b'],
  ['a*ignoring()b', 'a * b'],
  ['a and on()b', 'a and on () b'],
  ['a+on("x.y")b', 'a + on ("x.y") b'],
  ['a+fill(0)b', 'a + fill (0) b'],
  ['a+fill_right(-1.5)fill_left(1e6)b', 'a + fill_left (1e+06) fill_right (-1.5) b'],
  ['1e3+0x10+5m+.5', '1000 + 16 + 5m + 0.5'],
  ['-5m', '-5m'],
  ['+a', '+a'],
  ['`a"\n`', '"a\\"\\n"'],
  ['up[5m*2]', 'up[5m * 2]'],
  ['up[(5m+2)*max_of(step(),range())]', 'up[(5m + 2) * max_of(step(), range())]'],
  ['up offset -step()', 'up offset -step()'],
  ['up offset (5)', 'up offset (5)'],
  ['up smoothed offset 1m', 'up smoothed offset 1m'],
  ['up[1m] anchored', 'up[1m] anchored'],
];

const layouts: readonly (readonly [name: string, query: string, formatted: string])[] = [
  ['what fits stays on a line', 'sum(rate(up[5m]))', 'sum(rate(up[5m]))'],
  ['aggregations and calls', 'topk(3, label_replace(up{job="api"}, "a", "$1", "b", "(.*)"))', `topk(
  3,
  label_replace(
    up{job="api"},
    "a",
    "$1",
    "b",
    "(.*)"
  )
)`],
  ['operators', 'first_metric + on (job) group_left (x) second_metric * bar', `  first_metric
+ on (job) group_left (x)
    second_metric
  *
    bar`],
  ['parentheses and signs', '-(first_metric == bool second_metric)', `-(
    first_metric
  == bool
    second_metric
)`],
  ['subqueries', 'max_over_time(rate(some_metric[1m])[5m:1m] @ end() offset 1m)', `max_over_time(
  rate(
    some_metric[1m]
  )[5m:1m] @ end() offset 1m
)`],
  // Lengths are counted in bytes: seven letters here, but fourteen bytes.
  ['lengths in bytes', '("ééééééé")', '(\n  "ééééééé"\n)'],
];

suite('promql: printer and formatter', () => {
  for (const [query, expected] of lines) {
    test(`print ${query}`, () => {
      assert.equal(printed(query), expected);
      assert.equal(printed(expected), expected);
    });
  }

  for (const [name, query, formatted] of layouts) {
    test(`format: ${name}`, () => {
      const { expr } = parsePromql(query);
      assert.ok(expr);
      assert.equal(formatExpr(expr, { maxLineBytes: name === 'what fits stays on a line' ? 100 : 12 }), formatted);
    });
  }
});
