import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatGoFloat, formatOpenMetricsFloat, parseGoFloat } from '../../../src/base/go-float.ts';

suite('go-float', () => {
  const READ: readonly (readonly [string, number])[] = [
    ['0', 0], ['-0', -0], ['+5', 5], ['.5', 0.5], ['1.', 1], ['1e3', 1000], ['-3E-2', -0.03], ['inf', Infinity], ['-Infinity', -Infinity],
    ['+Inf', Infinity], ['NaN', Number.NaN], ['nan', Number.NaN], ['08', 8], ['0000000000000001.2e-1', 0.12],
  ];
  for (const [text, value] of READ) {
    test(`reads ${text}`, () => assert.deepEqual(parseGoFloat(text), { ok: true, value }));
  }
  for (const text of ['', ' 1', '1 ', '0x10', '1e', '.', 'infin', '1_0', '+nan', '--1']) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseGoFloat(text), { ok: false, error: `strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax` });
    });
  }
  test('says when a number is too large', () => {
    assert.deepEqual(parseGoFloat('1e400'), { ok: false, error: 'strconv.ParseFloat: parsing "1e400": value out of range' });
  });

  const WRITTEN: readonly (readonly [number, string, string, string])[] = [
    [1, '1', '1', '1.0'], [0, '0', '0', '0.0'], [-0, '-0', '-0', '-0.0'], [0.1, '0.1', '0.1', '0.1'], [1e6, '1000000', '1e+06', '1e+06'],
    [999999, '999999', '999999', '999999.0'], [1234567, '1234567', '1.234567e+06', '1.234567e+06'], [1e21, '1000000000000000000000', '1e+21', '1e+21'],
    [0.0001, '0.0001', '0.0001', '0.0001'], [0.00001, '0.00001', '1e-05', '1e-05'], [-2.5, '-2.5', '-2.5', '-2.5'], [Infinity, '+Inf', '+Inf', '+Inf'],
    [Number.NaN, 'NaN', 'NaN', 'NaN'], [1e-128, `0.${'0'.repeat(127)}1`, '1e-128', '1e-128'],
  ];
  for (const [value, f, g, openMetrics] of WRITTEN) {
    test(`writes ${value}`, () => {
      assert.deepEqual([formatGoFloat(value, 'f'), formatGoFloat(value, 'g'), formatOpenMetricsFloat(value)], [f, g, openMetrics]);
    });
  }

  test('what is written reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double(), fc.constantFrom('f' as const, 'g' as const), (value, style) => {
        const read = parseGoFloat(formatGoFloat(value, style));
        assert.ok(read.ok && Object.is(read.value, value));
      }),
    );
  });
});
