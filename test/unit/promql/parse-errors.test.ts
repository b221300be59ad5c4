import assert from 'node:assert/strict';
import { formatParseError } from '../../../src/promql/parse-error.ts';
import { parsePromql } from '../../../src/promql/parse.ts';

const first = (text: string, experimental = false): string => {
  const [error] = parsePromql(text, { experimental }).errors;
  return error === undefined ? 'no error' : formatParseError(text, error);
};

/** Each query with the first error that Prometheus 3.5 gives for it. */
const stable: readonly (readonly [query: string, error: string])[] = [
  ['', 'unknown position: parse error: no expression found in input'],
  ['  # nothing', '1:1: parse error: no expression found in input'],
  ['1 +', '1:4: parse error: unexpected end of input'],
  ['* 2', '1:1: parse error: unexpected <op:*>'],
  ['up )', "1:5: parse error: unexpected right parenthesis ')'"],
  ['(up', '1:4: parse error: unclosed left parenthesis'],
  ['up[5m', '1:6: parse error: unclosed left bracket'],
  ['up[', '1:4: parse error: unexpected end of input in duration expression'],
  ['up{', '1:4: parse error: unexpected end of input inside braces'],
  ['up[[5m]]', "1:4: parse error: unexpected character in duration expression: '['"],
  ['up $', "1:4: parse error: unexpected character: '$'"],
  ['up =~ 1', "1:4: parse error: unexpected character after '=': '~'"],
  ['up !', "1:4: parse error: unexpected character after '!': '\ufffd'"],
  ['"open', '1:1: parse error: unterminated quoted string'],
  ['`open', '1:1: parse error: unterminated raw string'],
  ['"\\q"', "1:1: parse error: unknown escape sequence U+0071 'q'"],
  ['"\\x4g"', "1:1: parse error: illegal character U+0067 'g' in escape sequence"],
  ['"\\400"', '1:1: parse error: escape sequence is an invalid Unicode code point'],
  ['up{a="\ufffd"}', '1:6: parse error: invalid UTF-8 rune'],
  ['up up', '1:4: parse error: unexpected identifier "up"'],
  ['up "0123456789abc"', '1:4: parse error: unexpected string "\\"012345678"...'],
  ['up 5m', '1:4: parse error: unexpected duration "5m"'],
  ['up @ @', '1:6: parse error: unexpected "<Item 57400>" <op:@> in @, expected timestamp'],
  ['up offset up', '1:11: parse error: unexpected identifier "up" in offset, expected number or duration'],
  ['up[5m 5m]', '1:7: parse error: unexpected duration "5m" in subquery or range, expected ":" or "]"'],
  ['up[5m:5m 5m]', '1:10: parse error: unexpected duration "5m" in subquery selector, expected "]"'],
  ['up[]', '1:4: parse error: unexpected "]" in subquery selector, expected number or duration'],
  ['up{a}', '1:5: parse error: unexpected "}" in label matching, expected label matching operator'],
  ['up{a=1}', "1:6: parse error: unexpected character inside braces: '1'"],
  ['up{a=b}', '1:6: parse error: unexpected identifier "b" in label matching, expected string'],
  ['up{a="b" c="d"}', '1:10: parse error: unexpected identifier "c" in label matching, expected "," or "}"'],
  ['up{,}', '1:4: parse error: unexpected "," in label matching, expected identifier or "}"'],
  ['sum by a (up)', '1:8: parse error: unexpected identifier "a" in grouping opts, expected "("'],
  ['sum by (a b) (up)', '1:11: parse error: unexpected identifier "b" in grouping opts, expected "," or ")"'],
  ['sum by (1) (up)', '1:9: parse error: unexpected number "1" in grouping opts, expected label'],
  ['sum by ("") (up)', '1:9: parse error: invalid label name for grouping: ""'],
  ['sum(up 1)', '1:8: parse error: unexpected number "1" in aggregation'],
  ['abs(up 1)', '1:8: parse error: unexpected number "1"'],
  ['a + group_left b', '1:5: parse error: unexpected <group_left>'],
  ['a + on (b) group_left', '1:22: parse error: unexpected end of input in grouping opts, expected "("'],
  ['abs(up,)', '1:7: parse error: trailing commas not allowed in function call args'],
  ['nope(up)', '1:1: parse error: unknown function with name "nope"'],
  ['info(up)', '1:1: parse error: function "info" is not enabled'],
  ['first_over_time(up[5m])', '1:1: parse error: unknown function with name "first_over_time"'],
  ['limitk(1, up)', '1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions'],
  ['sum()', '1:1: parse error: no arguments for aggregate expression provided'],
  ['topk(up)', '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1'],
  ['up{a=~"("}', '1:4: parse error: error parsing regexp: missing closing ): `(`'],
  ['up offset 5m offset 1m', '1:1: parse error: offset may not be set multiple times'],
  ['up @ 1 @ 2', '1:1: parse error: @ <timestamp> may not be set multiple times'],
  ['1 offset 5m', '1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery'],
  ['abs(up) @ 1', '1:1: parse error: @ modifier must be preceded by an instant vector selector or range vector selector or a subquery'],
  ['up @ Inf', '1:1: parse error: timestamp out of bounds for @ modifier: +Inf'],
  ['up @ 1e19', '1:1: parse error: timestamp out of bounds for @ modifier: 10000000000000000000.000000'],
  ['abs(up)[5m]', '1:8: parse error: ranges only allowed for vector selectors'],
  ['up offset 1m [5m]', '1:14: parse error: no offset modifiers allowed before range'],
  ['up[0]', '1:4: parse error: duration must be greater than 0'],
  ['up[5m1h]', '1:4: parse error: not a valid duration string: "5m1h"'],
  ['up[5hs]', '1:4: parse error: unknown unit "hs" in duration "5hs"'],
  ['up offset 300y', '1:11: parse error: duration out of range'],
  ['up[5m * 2]', '1:4: parse error: experimental duration expression is not enabled'],
  ['1e999', '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e999": value out of range'],
  ['1._', '1:1: parse error: bad number or duration syntax: "1._"'],
  ['rate(up)', '1:6: parse error: expected type range vector in call to function "rate", got instant vector'],
  ['sum(1)', '1:5: parse error: expected type instant vector in aggregation expression, got scalar'],
  ['topk(up, up)', '1:6: parse error: expected type scalar in aggregation parameter, got instant vector'],
  ['count_values(1, up)', '1:14: parse error: expected type string in aggregation parameter, got scalar'],
  ['clamp(up, 1)', '1:1: parse error: expected 3 argument(s) in call to "clamp", got 2'],
  ['label_join(up)', '1:1: parse error: expected at least 3 argument(s) in call to "label_join", got 1'],
  ['hour(up, up)', '1:1: parse error: expected at most 1 argument(s) in call to "hour", got 2'],
  ['1 == 1', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
  ['up + bool up', '1:4: parse error: bool modifier can only be used on comparison operators'],
  ['up and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
  ['up and on (a) group_left up', '1:1: parse error: no grouping allowed for "and" operation'],
  ['up + on (a) 1', '1:1: parse error: vector matching only allowed between instant vectors'],
  ['a + on (x) group_left (x) b', '1:3: parse error: label "x" must not occur in ON and GROUP clause at once'],
  ['up[5m] + 1', '1:1: parse error: binary expression must contain only scalar and instant vector types'],
  ['-"a"', '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"'],
  ['up[5m][1h:]', '1:1: parse error: subquery is only allowed on instant vector, got matrix instead'],
  ['up{__name__="down"}', '1:1: parse error: metric name must not be set twice: "up" or "down"'],
  ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
  // Lines count from 1, columns count bytes.
  ['up +\n  é', "2:3: parse error: unexpected character: 'é'"],
  ['{a="é"} $', "1:10: parse error: unexpected character: '$'"],
  ['{a="😀"} $', "1:12: parse error: unexpected character: '$'"],
  // What the parser sees first is reported first, even when the lexer fails behind it.
  ['nope(up) $', '1:1: parse error: unknown function with name "nope"'],
  ['up offset 1m offset 1m $', '1:1: parse error: offset may not be set multiple times'],
  ['sum(up) by ( $', "1:14: parse error: unexpected character: '$'"],
];

/** The same for what is on only with experimental syntax; the words are those of later versions. */
const experimental: readonly (readonly [query: string, error: string])[] = [
  ['up[]', '1:4: parse error: unexpected "]" in subquery or range selector, expected number, duration, step(), or range()'],
  ['up offset', '1:10: parse error: unexpected end of input in offset, expected number, duration, step(), or range()'],
  ['up[5m x 5m]', "1:7: parse error: unexpected character: 'x', expected ':'"],
  ['up[5m/0]', '1:6: parse error: division by zero'],
  ['up[5m%0]', '1:6: parse error: modulo by zero'],
  ['up @ start() [5m]', '1:14: parse error: no @ modifiers allowed before range'],
  ['up offset step() [5m]', '1:18: parse error: no offset modifiers allowed before range'],
  ['up anchored smoothed', '1:1: parse error: anchored and smoothed modifiers cannot be used together'],
  ['up[5m:] anchored', '1:1: parse error: anchored modifier is not supported for subqueries'],
  ['1 smoothed', '1:1: parse error: smoothed modifier not implemented'],
  ['up + fill(0) 1', '1:1: parse error: filling in missing series only allowed between instant vectors'],
  ['a and fill(0) b', '1:1: parse error: filling in missing series not allowed for set operators'],
  ['a + fill(x) b', '1:10: parse error: unexpected identifier "x"'],
  ['info(up, target_info)', '1:10: parse error: expected label selectors only, got vector selector instead'],
  ['info(up, {a="b"} == 1)', '1:10: parse error: expected label selectors only'],
];

suite('promql: parse errors', () => {
  for (const [query, error] of stable) test(`${query} → ${error}`, () => assert.equal(first(query), error));
  for (const [query, error] of experimental) test(`experimental: ${query} → ${error}`, () => assert.equal(first(query, true), error));

  test('all type errors are given, not only the first', () => {
    const { errors } = parsePromql('rate(up) + sum(1)');
    assert.deepEqual(errors.map(({ range }) => range), [{ start: 5, end: 7 }, { start: 15, end: 16 }]);
  });

  test('ranges are UTF-16 offsets', () => {
    const text = '{a="😀"} + rate(up)';
    const [error] = parsePromql(text).errors;
    assert.equal(text.slice(error?.range.start, error?.range.end), 'up');
  });

  test('what nests too deep is refused, not a stack overflow', () => {
    const manySigns = `${'-'.repeat(100_000)}up`;
    const manyTerms = `up${' + up'.repeat(100_000)}`;
    const manyParens = `${'('.repeat(100_000)}up${')'.repeat(100_000)}`;
    const manyRanges = `up${'[5m:]'.repeat(100_000)}`;
    for (const text of [manySigns, manyTerms, manyParens, manyRanges]) {
      assert.match(parsePromql(text).errors[0]?.message ?? '', /^expression nests deeper than \d+ levels$/);
    }
    assert.deepEqual(parsePromql(`up${' + up'.repeat(900)}`).errors, []);
  });
});
