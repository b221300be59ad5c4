import assert from 'node:assert/strict';
import { formatPrometheusDuration, parsePrometheusDuration } from '../../../src/promql/duration-text.ts';
import { formatGoFloat, parseGoNumber } from '../../../src/promql/go-number.ts';
import { goQuote, goQuoteRune, goUnicode } from '../../../src/promql/go-quote.ts';
import { unquotePromqlString } from '../../../src/promql/go-unquote.ts';

suite('promql: text as Go writes and reads it', () => {
  const quoted: readonly (readonly [text: string, literal: string])[] = [
    ['', '""'], ['plain', '"plain"'], ['a"b\\c', '"a\\"b\\\\c"'], ['\n\t\u0007', '"\\n\\t\\a"'], ['é日😀', '"é日😀"'], ['\u0001\u007f', '"\\x01\\x7f"'],
    ['\u00a0\u200b', '"\\u00a0\\u200b"'], ['\u{e0001}', '"\\U000e0001"'], ["it's", '"it\'s"'],
  ];
  for (const [text, literal] of quoted) {
    test(`quote ${literal}`, () => {
      assert.equal(goQuote(text), literal);
      assert.deepEqual(unquotePromqlString(literal), { value: text, problem: undefined, isValidUtf8: true });
    });
  }

  const unquoted: readonly (readonly [literal: string, text: string | undefined])[] = [
    ["'a\"b'", 'a"b'], ["'\\''", "'"], ['"\\x41\\101\\u00e9\\U0001F600"', 'AAé😀'], ['"\\xc3\\xa9"', 'é'], ['`a\\n\n`', 'a\\n\n'],
    ['"\\\'"', undefined], ['"\\q"', undefined], ['"\\x4"', undefined], ['"\\400"', undefined], ['"\\U00110000"', undefined], ['"a', undefined],
    ['`a`b`', undefined], ['"a\nb"', undefined], ['"', undefined], ['"a"b"', undefined],
  ];
  for (const [literal, text] of unquoted) {
    test(`unquote ${JSON.stringify(literal)}`, () => {
      const { value, problem } = unquotePromqlString(literal);
      assert.deepEqual(problem === undefined ? value : undefined, text);
    });
  }

  test('bytes that are no UTF-8 are marked', () => {
    assert.deepEqual(unquotePromqlString('"\\xff"'), { value: '\ufffd', problem: undefined, isValidUtf8: false });
    assert.equal(unquotePromqlString('"\\xef\\xbf\\xbd"').isValidUtf8, true);
  });

  test('runes', () => {
    assert.equal(goQuoteRune("'"), "'\\''");
    assert.equal(goQuoteRune('\n'), "'\\n'");
    assert.equal(goUnicode('é'), "U+00E9 'é'");
    assert.equal(goUnicode('\u0001'), 'U+0001');
  });

  const numbers: readonly (readonly [text: string, value: number])[] = [
    ['0', 0], ['10', 10], ['010', 8], ['08', 8], ['0x1F', 31], ['1_000', 1000], ['0x_ff', 255], ['.5', 0.5], ['5.', 5], ['1e3', 1000], ['1_0.5_0', 10.5],
    ['Inf', Infinity], ['nan', NaN], ['9223372036854775807', 9223372036854775807], ['9223372036854775808', 9223372036854775808], ['1e-400', 0],
  ];
  for (const [text, value] of numbers) test(`number ${text}`, () => assert.deepEqual(parseGoNumber(text), { value, problem: undefined }));
  for (const text of ['1__0', '1_', '_1', '.5.5', '1e', '0x', '0xfffffffffffffffff', '1_.5']) {
    test(`no number ${text}`, () => assert.equal(parseGoNumber(text).problem, `strconv.ParseFloat: parsing "${text}": invalid syntax`));
  }

  const floats: readonly (readonly [value: number, text: string])[] = [
    [1, '1'], [-0, '-0'], [0.1, '0.1'], [1e21, '1000000000000000000000'], [1.5e22, '15000000000000000000000'], [1e-7, '0.0000001'], [-1.25e-9, '-0.00000000125'],
    [NaN, 'NaN'], [Infinity, '+Inf'], [-Infinity, '-Inf'],
  ];
  for (const [value, text] of floats) test(`float ${text}`, () => assert.equal(formatGoFloat(value), text));

  const durations: readonly (readonly [text: string, ms: number, shown?: string])[] = [
    ['5m', 300_000], ['1h30m', 5_400_000], ['90m', 5_400_000, '1h30m'], ['1w', 604_800_000], ['8d', 691_200_000], ['365d', 31_536_000_000, '1y'], ['1500ms', 1500, '1s500ms'],
    ['0s', 0], ['1y2w3d4h5m6s7ms', 33_019_506_007, '382d4h5m6s7ms'],
  ];
  for (const [text, ms, shown = text] of durations) {
    test(`duration ${text}`, () => {
      assert.deepEqual(parsePrometheusDuration(text), { ms, problem: undefined });
      assert.equal(formatPrometheusDuration(ms), shown);
    });
  }
});
